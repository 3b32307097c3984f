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
    environment.filters["number"] = french.number
    environment.filters["day"] = french.day
    environment.filters["size"] = french.size
    environment.globals["counted"] = french.counted
    return environment


def render(template: str, **context: object) -> str:
    """The page that a template makes of a view model."""
    return _environment().get_template(template).render(**context)
