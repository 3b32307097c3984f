"""Exports of several sheets: what one line of each is, and which lines name which others."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import Field

from senacs.codebook.declared import Declared


class Sheet(Declared):
    """A sheet of the workbook that a territory delivers: a population of the collection.

    Attributes:
        titles: the names it may have in the workbook; the first one is shown.
        key: the questions whose answers together tell one of its lines from another.
        optional: those of them that may be empty (an amount for all centres names none).
    """

    titles: tuple[str, ...] = Field(min_length=1)
    key: tuple[str, ...] = Field(min_length=1)
    optional: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name that people are told."""
        return self.titles[0]


class Structures(Declared):
    """Where records are no structures but name some: the question that does, and the register."""

    question: str
    register_collection: str


class Reference(NamedTuple):
    """Lines of a sheet that name a line of another one, by the questions of its key."""

    sheet: str
    named: str
    key: tuple[str, ...]


def references(
    sheets: Mapping[str, Sheet], asked: Mapping[str, Sequence[str]]
) -> tuple[Reference, ...]:
    """Which sheets name which: a sheet that asks the whole key of another one names its lines.

    Nothing else declares it, as in a database whose keys have the same names everywhere. The named
    sheets come in an order in which each follows those that it names itself.

    Args:
        sheets: the sheets by population, in declared order.
        asked: the questions that each asks.
    """
    found = [
        Reference(sheet, named, other.key)
        for named, other in sheets.items()
        for sheet in sheets
        if sheet != named and set(other.key) <= set(asked[sheet])
    ]
    # The key of a sheet that names others is longer than theirs.
    return tuple(sorted(found, key=lambda one: len(one.key)))
