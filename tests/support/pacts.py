"""Workbooks of agreements, right in everything until a test changes them."""

from collections.abc import Callable
from typing import Any

from senacs.codebook import Collection, load_collection
from senacs.settings import PROJECT_ROOT
from senacs.simulation.demo.pacts_export import covered
from senacs.simulation.pacts.agreements import agreements
from senacs.simulation.pacts.writing import workbook

Sheets = dict[str, list[dict[str, Any]]]
YEAR, TERRITORY = 2012, "92"


def collection() -> Collection:
    return load_collection(PROJECT_ROOT / "codebook", "pactes")


def lines(*numbers: int, seed: object = "tests", data_year: int = YEAR) -> Sheets:
    """The lines of these agreements, to be changed at will; the first ones if none is named."""
    made = agreements(seed, numbers or (1, 2, 3), covered(), data_year, TERRITORY)
    return {sheet: [dict(line) for line in own] for sheet, own in made.items()}


def changed(change: Callable[[Sheets], object], **given: Any) -> bytes:
    """A workbook of which one thing is another."""
    sheets = lines(**given)
    change(sheets)
    return workbook(sheets, collection(), YEAR)
