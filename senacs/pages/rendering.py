"""Turns a view model into a page: Jinja with everything escaped, and nothing undefined."""

from functools import cache

from jinja2 import Environment

from senacs import french
from senacs.pages.contacts import masked
from senacs.templates import environment


@cache
def _environment() -> Environment:
    made = environment("senacs.pages")
    made.filters["fr"] = french.typography
    made.filters["masked"] = masked
    made.filters["capfirst"] = french.capital
    made.filters["page_file"] = file_of
    made.filters["number"] = french.number
    made.filters["day"] = french.day
    made.filters["size"] = french.size
    made.globals["counted"] = french.counted
    return made


def file_of(collection: str) -> str:
    """The file of a collection's page."""
    return f"{collection.replace('_', '-')}.html"


def render(template: str, **context: object) -> str:
    """The page that a template makes of a view model."""
    return _environment().get_template(template).render(**context)
