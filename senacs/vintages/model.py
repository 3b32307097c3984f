"""What is published: a vintage, its figures, and the edition that documents are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from senacs.codebook import Collection

EVERYTHING = "all"
"""The category, and the breakdown, of a figure that is not broken down."""

WHOLE = ("france", "surveyed")
"""Levels of the whole: France, or the territories of a partial collection, never called France."""


class Kind(StrEnum):
    """Whether more is expected to come."""

    PROVISIONAL = "provisional"
    FINAL = "final"


class Status(StrEnum):
    """What there is to see of a figure."""

    VALUE = "value"
    HIDDEN = "hidden"
    """Disclosure control hides it; what hides it is not said."""
    NO_ANSWER = "no_answer"
    NO_BASE = "no_base"
    """It is about nobody here."""


class Reason(StrEnum):
    """Why a figure is another one than in the vintage before."""

    CORRECTION = "correction"
    LATE_REPLY = "late_reply"
    METHOD = "method"
    PERIMETER = "perimeter"
    DISCLOSURE = "disclosure"
    """The figure is hidden now, or was: nothing of it may have changed."""


class FigureKey(NamedTuple):
    """What a figure is of, in one vintage.

    `level`: departement, region (in force in the data year), region_today, france or surveyed.
    `area`: Insee code; FR for france, `*` for surveyed, ZZ where none is known.
    """

    indicator: str
    population: str
    level: str
    area: str
    breakdown: str = EVERYTHING
    category: str = EVERYTHING


@dataclass(frozen=True, slots=True)
class OfFigure:
    """What a row of the warehouse says of a figure begins with what the figure is of."""

    indicator: str
    population: str
    level: str
    area: str
    breakdown: str
    category: str

    @property
    def figure(self) -> FigureKey:
        """The figure that it is about."""
        return FigureKey(
            self.indicator, self.population, self.level, self.area, self.breakdown, self.category
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as everybody may see it.

    Attributes:
        n_scope: structures of the perimeter, heads.
        n_responded: of these, that answered.
        n_base: of these, that the figure is about; None where hidden, like all that follow.
        n_item: of these, that answered the item.
        value: in the indicator's unit, a share from 0 to 1; None where there is none.
        estimate: for all in scope, of the whole only; None elsewhere.
        estimate_low: lower end of its 95 % interval.
        estimate_high: its upper end.
    """

    key: FigureKey
    status: Status
    n_scope: int
    n_responded: int
    n_base: int | None = None
    n_item: int | None = None
    value: Decimal | None = None
    estimate: Decimal | None = None
    estimate_low: Decimal | None = None
    estimate_high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Vintage:
    """Frozen figures of a data year.

    Attributes:
        number: 1 for the first that was published of the data year.
        reason: why it was made, in French.
        decided_by: who released it.
        released_on: the day, in Paris.
        codebook: content hash of the codebook it was computed by.
        code: hash of the code and statements it was computed by.
    """

    collection: str
    data_year: int
    number: int
    kind: Kind
    reason: str
    decided_by: str
    released_on: date
    codebook: str
    code: str

    @property
    def name(self) -> str:
        """How it is cited and how files name it: `senacs-2023-v2`."""
        return f"{self.collection}-{self.data_year}-v{self.number}"


@dataclass(frozen=True, slots=True)
class Area:
    """An area that figures are about.

    Attributes:
        label: French name.
        held_by: level and code of the area that it is a part of; None for the whole.
    """

    level: str
    code: str
    label: str
    held_by: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure of the perimeter as the public register lists it: nothing that it answered."""

    population: str
    departement: str
    commune: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that is another one than in the vintage before; None where it was, or is, hidden."""

    key: FigureKey
    reasons: tuple[Reason, ...]
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class File:
    """An export that the figures rest on."""

    territory: str
    sha256: str
    name: str
    received_on: date


@dataclass(frozen=True)
class FrozenFigures:
    """A vintage and its figures, by what they are of."""

    vintage: Vintage
    figures: Mapping[FigureKey, Figure]


@dataclass(frozen=True)
class Edition:
    """All that documents about a vintage are made of.

    Attributes:
        collection: the codebook: labels, themes, indicators, breakdowns, notes.
        frozen: the vintage itself.
        earlier: the newest vintage of each earlier data year, oldest first: for evolution.
        areas: by level and code, in the order of presentation.
        structures: the perimeter's, by département, commune and name.
        changes: against the number before; empty for the first.
        files: what was loaded.
    """

    collection: Collection
    frozen: FrozenFigures
    earlier: tuple[FrozenFigures, ...]
    areas: Mapping[tuple[str, str], Area]
    structures: tuple[Structure, ...]
    changes: tuple[Change, ...]
    files: tuple[File, ...]

    @property
    def vintage(self) -> Vintage:
        """The vintage that the edition is about."""
        return self.frozen.vintage

    @cached_property
    def whole(self) -> Area:
        """France, or what was surveyed."""
        return next(area for area in self.areas.values() if area.level in WHOLE)

    def figure(self, key: FigureKey, data_year: int | None = None) -> Figure | None:
        """The figure of that key, of this data year or an earlier one; None: it was not asked."""
        if data_year in (None, self.vintage.data_year):
            return self.frozen.figures.get(key)
        found = (one for one in self.earlier if one.vintage.data_year == data_year)
        return next((one.figures.get(key) for one in found), None)
