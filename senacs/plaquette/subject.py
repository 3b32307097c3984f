"""An area in an edition: what holds it, what is beside it, and its figures as cells."""

from dataclasses import dataclass
from functools import cached_property

from senacs.codebook.answerable import Comparison, IndicatorYear, answerable_years
from senacs.codebook.model import Indicator
from senacs.plaquette.layout import Layout, layout_of
from senacs.plaquette.model import Cell
from senacs.plaquette.wording import cell
from senacs.vintages.model import EVERYTHING, WHOLE, Area, Edition, Figure, FigureKey

UNKNOWN_AREA = "ZZ"
_OVERSEAS_CODE_LENGTH = 3


@dataclass(frozen=True)
class Ground:
    """An edition, with what is worked out once for all that is made of it."""

    edition: Edition

    @cached_property
    def layout(self) -> Layout:
        """How the collection's plaquettes are laid out."""
        return layout_of(self.edition.collection)

    @cached_property
    def indicators(self) -> dict[str, Indicator]:
        """The collection's indicators by name."""
        return {one.indicator: one for one in self.edition.collection.indicators}

    @cached_property
    def comparisons(self) -> dict[tuple[str, int], IndicatorYear]:
        """How an indicator's data year compares with the one before it."""
        return {
            (one.indicator, one.data_year): one for one in answerable_years(self.edition.collection)
        }

    @cached_property
    def data_years(self) -> tuple[int, ...]:
        """The published data years, oldest first, the vintage's own last."""
        earlier = [one.vintage.data_year for one in self.edition.earlier]
        return (*earlier, self.edition.vintage.data_year)

    def breaks(self, indicator: str, after: int, until: int) -> tuple[IndicatorYear, ...]:
        """The years in which a series breaks, `until` among them."""
        known = (self.comparisons.get((indicator, year)) for year in range(after + 1, until + 1))
        return tuple(one for one in known if one and one.comparison is Comparison.BREAK)


@dataclass(frozen=True)
class Subject:
    """What a plaquette is about."""

    ground: Ground
    area: Area

    @property
    def edition(self) -> Edition:
        """The edition that it is a part of."""
        return self.ground.edition

    @property
    def layout(self) -> Layout:
        """How the collection's plaquettes are laid out."""
        return self.ground.layout

    @property
    def indicators(self) -> dict[str, Indicator]:
        """The collection's indicators by name."""
        return self.ground.indicators

    @property
    def is_whole(self) -> bool:
        """Whether it is France, or all that was surveyed."""
        return self.area.level in WHOLE

    @cached_property
    def populations(self) -> dict[str, str]:
        """Code and label of the populations that anybody in the area is of."""
        return {
            code: label
            for code, label in self.edition.collection.populations.items()
            if any(
                figure and figure.n_scope
                for figure in (self.figure(name, code) for name in self.indicators)
            )
        }

    @cached_property
    def holders(self) -> tuple[Area, ...]:
        """The areas that the area is a part of, from the smallest to the whole."""
        return tuple(_holders(self.edition, self.area))

    @cached_property
    def compared(self) -> tuple[Area, ...]:
        """The area itself, then what holds it."""
        return (self.area, *self.holders)

    @cached_property
    def departements(self) -> tuple[Area, ...]:
        """The départements of the area; of a département itself alone."""
        return departements_of(self.edition, self.area)

    @cached_property
    def peers(self) -> tuple[Area, ...]:
        """The areas shown beside it, itself among them.

        Of a département those of its region, of one that is a region by itself those overseas;
        of a region all regions of that kind; of the whole its regions.
        """
        areas = [area for area in self.edition.areas.values() if area.code != UNKNOWN_AREA]
        if self.is_whole:
            return tuple(area for area in areas if area.level == "region")
        alike = [area for area in areas if area.level == self.area.level]
        if self.area.level != "departement":
            return tuple(alike)
        beside = tuple(area for area in alike if area.held_by == self.area.held_by)
        if len(beside) == 1 and is_overseas(self.area):
            beside = tuple(area for area in alike if is_overseas(area))
        return beside

    def figure(
        self,
        indicator: str,
        population: str,
        area: Area | None = None,
        data_year: int | None = None,
        *,
        breakdown: str = EVERYTHING,
        category: str = EVERYTHING,
    ) -> Figure | None:
        """A figure of the area, or of another one; None where there is none."""
        of = area or self.area
        key = FigureKey(indicator, population, of.level, of.code, breakdown, category)
        return self.edition.figure(key, data_year)

    def cell(
        self,
        indicator: str,
        population: str,
        area: Area | None = None,
        data_year: int | None = None,
        *,
        short: bool = False,
    ) -> Cell:
        """The same as it is shown."""
        figure = self.figure(indicator, population, area, data_year)
        return cell(figure, self.indicators[indicator], short=short)

    def counted_of(self, indicator: str) -> str:
        """The population that a count is told of where one is enough: all, if they are pooled."""
        collection = self.edition.collection
        told = (*collection.pooled, *collection.populations)
        whole = self.edition.whole
        return next(
            (code for code in told if self.figure(indicator, code, whole) is not None), told[-1]
        )


def departements_of(edition: Edition, area: Area) -> tuple[Area, ...]:
    """The départements that are a part of the area, or are it."""
    return tuple(
        one
        for one in edition.areas.values()
        if one.level == "departement"
        and one.code != UNKNOWN_AREA
        and (one == area or area in _holders(edition, one))
    )


def is_overseas(area: Area) -> bool:
    """Whether a département lies overseas: those have codes of three digits."""
    return len(area.code) == _OVERSEAS_CODE_LENGTH


def _holders(edition: Edition, area: Area) -> list[Area]:
    holders = []
    held_by = area.held_by
    while held_by is not None:
        holder = edition.areas[held_by]
        holders.append(holder)
        held_by = holder.held_by
    return holders
