"""Turns a view model into a page: Jinja with everything escaped, and nothing undefined."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from senacs import french
from senacs.pages.contacts import masked


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["fr"] = french.typography
    environment.filters["masked"] = masked
    environment.filters["capfirst"] = french.capital
    environment.filters["page_file"] = file_of
    environment.filters["number"] = french.number
    environment.filters["day"] = french.day
    environment.filters["size"] = french.size
    environment.globals["counted"] = french.counted
    return environment


def file_of(collection: str) -> str:
    """The file of a collection's page."""
    return f"{collection.replace('_', '-')}.html"


def render(template: str, **context: object) -> str:
    """The page that a template makes of a view model."""
    return _environment().get_template(template).render(**context)
