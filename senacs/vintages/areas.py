"""The areas that figures are told of, and which of them make up which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from senacs.disclosure.linking import Area as Place
from senacs.vintages.model import WHOLE

_LEVELS = ("departement", "region", "region_today", "whole")
"""From small to large; of one level, no two areas share a département."""


@dataclass(frozen=True, slots=True)
class AreaParts:
    """An area as the warehouse has it.

    Attributes:
        departements: those of it that anything was asked of.
        complete: all of them are loaded: only then it has figures. Of one that is not, the sums
            lie between those of the whole and of the other regions.
    """

    level: str
    area: str
    label: str
    complete: bool
    departements: frozenset[str]

    @property
    def place(self) -> Place:
        """Level and code."""
        return self.level, self.area

    @property
    def rank(self) -> int:
        """How large its level is."""
        return _LEVELS.index("whole" if self.level in WHOLE else self.level)


def holders(areas: Sequence[AreaParts]) -> Mapping[Place, tuple[Place, ...]]:
    """The areas that each one is a part of, where all parts of its level make up the whole.

    Regions of the time make up those of today but where a département has gone to another one: then
    these are made up of départements alone.
    """
    held: dict[Place, list[Place]] = {area.place: [] for area in areas}
    for whole in areas:
        for rank in range(whole.rank):
            parts = [a for a in areas if a.rank == rank and a.departements <= whole.departements]
            together = frozenset[str]().union(*(part.departements for part in parts))
            if parts and together == whole.departements:
                for part in parts:
                    held[part.place].append(whole.place)
    return {place: tuple(wholes) for place, wholes in held.items()}


def held_by(areas: Sequence[AreaParts]) -> Mapping[Place, Place | None]:
    """The next larger area with figures that each is presented as a part of; None for the whole."""
    shown = [area for area in areas if area.complete]
    held: dict[Place, Place | None] = {}
    for area in shown:
        larger = [a for a in shown if a.rank > area.rank and area.departements <= a.departements]
        held[area.place] = min(larger, key=lambda a: a.rank).place if larger else None
    return held
