"""The guide of the rules: what a correspondent reads of them, made from the rules themselves."""

from expectations.guide.content import Guide, guide_of
from expectations.guide.page import page, write_page

__all__ = ["Guide", "guide_of", "page", "write_page"]
