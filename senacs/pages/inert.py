"""Supplied text in tables: nothing of it is run as a formula, and no contact is in it."""

import re

from senacs.pages.contacts import masked

_NUMBER = re.compile(r"[-+]?[\d\s]+([.,]\d+)?\s*[%€]?")
_STARTS = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""Beginnings of a formula, also in full width, as some spreadsheets take them."""


def inert(text: str) -> str:
    """A cell's text; one that a spreadsheet would run gets an apostrophe in front.

    The apostrophe is in the text itself: what a cell's format says is lost when it is saved as CSV.
    """
    stripped = text.lstrip(" \u00a0")
    formula = stripped[:1] in _STARTS and not _NUMBER.fullmatch(text)
    return f"'{text}" if formula and stripped else text


def shown(text: str | None) -> str:
    """Supplied text as it may be shown in a table: without contacts, run by nothing."""
    return inert(masked(text or ""))
