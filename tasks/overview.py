"""What the warehouse says of itself after a collection, for the command line."""

from collections.abc import Mapping
from typing import Any

from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch


def headline_figures() -> list[Mapping[str, Any]]:
    """The headline figures of every collection and data year: rows of `publication/headlines`."""
    with warehouse().connect() as connection:
        return fetch(connection, "publication/headlines")


def finding_summary() -> list[Mapping[str, Any]]:
    """Findings counted by rule, of each territory's latest read: `intake/finding_summary`."""
    with warehouse().connect() as connection:
        return fetch(connection, "intake/finding_summary")
