"""Editions made up from numbers drawn at random, for what only has to look like one.

Figures that add up, and are protected, come from a warehouse; these are each drawn by itself.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

import numpy as np

from senacs.codebook import Collection, load_collection
from senacs.codebook.model import OF_PERIMETER, OF_UNITS, Indicator, Statistic
from senacs.settings import PROJECT_ROOT
from senacs.vintages.model import (
    EVERYTHING,
    WHOLE,
    Area,
    Edition,
    Figure,
    FigureKey,
    File,
    FrozenFigures,
    Kind,
    Status,
    Structure,
    Vintage,
)

ALL = ()
"""Every département."""
_LAST_OF_THE_OLD_REGIONS = 2015
_HIDDEN = 0.12


@cache
def survey() -> Collection:
    """The survey's codebook."""
    return load_collection(PROJECT_ROOT / "codebook", "senacs")


def edition(
    data_year: int = 2023,
    departements: Sequence[str] = ALL,
    earlier: Sequence[int] = (2022,),
    seed: int = 1,
) -> Edition:
    """An edition of these départements, of France if they are all; a tenth of it is hidden."""
    areas = _areas(data_year, departements)
    return Edition(
        survey(),
        _frozen(data_year, areas, seed),
        tuple(_frozen(year, areas, seed + year) for year in sorted(earlier)),
        {(area.level, area.code): area for area in areas},
        tuple(_structures(areas)),
        (),
        (File("92", "0" * 64, "export_92.xlsx", date(data_year + 1, 6, 3)),),
    )


def _areas(data_year: int, chosen: Sequence[str]) -> list[Area]:
    """Whole, regions of the time (and today's where they are others), départements."""
    with (PROJECT_ROOT / "reference" / "departements.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter=";") if row["region_2016"]]
    taken = [row for row in rows if not chosen or row["code"] in chosen]
    whole = Area(*(("france", "FR", "France") if not chosen
                   else ("surveyed", "*", "Territoires enquêtés")), None)  # fmt: skip
    old = data_year <= _LAST_OF_THE_OLD_REGIONS
    of_the_time = "region_1970_2015" if old else "region_2016"
    regions: dict[tuple[str, str], Area] = {}
    for row in taken:
        today = ("region_today", row["region_2016"])
        if old:
            regions[today] = Area(*today, row["region_2016_nom"], (whole.level, whole.code))
        key = ("region", row[of_the_time])
        held_by = today if old else (whole.level, whole.code)
        regions[key] = Area(*key, row[f"{of_the_time}_nom"], held_by)
    departements = [
        Area("departement", row["code"], row["nom"], ("region", row[of_the_time])) for row in taken
    ]
    return [whole, *sorted(regions.values(), key=lambda a: (a.level, a.code)), *departements]


def _frozen(data_year: int, areas: Sequence[Area], seed: int) -> FrozenFigures:
    random = np.random.default_rng(seed)
    vintage = Vintage(
        "senacs", data_year, 1, Kind.PROVISIONAL, "Première publication.", "essai",
        date(data_year + 1, 11, 25), "c" * 64, "d" * 64,
    )  # fmt: skip
    figures = {one.key: one for area in areas for one in _of_area(area, random)}
    return FrozenFigures(vintage, figures)


def _of_area(area: Area, random: np.random.Generator) -> Iterator[Figure]:
    collection = survey()
    for population in (*collection.populations, *collection.pooled):
        scope = {"departement": 25, "france": 2400}.get(area.level, 180)
        scope = int(random.integers(scope // 2, scope + 1))
        responded = int(random.binomial(scope, 0.85))
        for indicator in collection.indicators:
            if population in collection.pooled and not indicator.pooled:
                continue
            key = FigureKey(indicator.indicator, population, area.level, area.code)
            yield _figure(indicator, key, scope, responded, random)
            if area.level == "departement":
                continue
            for breakdown in collection.breakdowns:
                if breakdown.breakdown in collection.breakdowns_of(indicator):
                    for category in (*(c.category for c in breakdown.categories), "inconnu"):
                        part = key._replace(breakdown=breakdown.breakdown, category=category)
                        yield _figure(indicator, part, scope // 3, responded // 3, random)


def _figure(
    indicator: Indicator,
    key: FigureKey,
    scope: int,
    responded: int,
    random: np.random.Generator,
) -> Figure:
    item = int(random.binomial(responded, 0.9))
    small = key.level == "departement" or key.breakdown != EVERYTHING
    if indicator.statistic not in OF_UNITS and small and random.random() < _HIDDEN:
        return Figure(key, Status.HIDDEN, scope, responded)
    if not item and indicator.statistic not in OF_PERIMETER:
        return Figure(key, Status.NO_ANSWER, scope, responded, responded, 0)
    value = _value(indicator, scope, responded, item, random)
    broken_down = key.breakdown != EVERYTHING
    if broken_down or key.level not in WHOLE or indicator.statistic in OF_PERIMETER:
        return Figure(key, Status.VALUE, scope, responded, responded, item, value)
    low, high = (value * factor for factor in (Decimal("0.97"), Decimal("1.09")))
    return Figure(
        key, Status.VALUE, scope, responded, responded, item, value,
        value * Decimal("1.03"), low, high,
    )  # fmt: skip


def _value(
    indicator: Indicator, scope: int, responded: int, item: int, random: np.random.Generator
) -> Decimal:
    match indicator.statistic:
        case Statistic.SCOPE:
            return Decimal(scope)
        case Statistic.COUNT:
            return Decimal(responded)
        case Statistic.RESPONSE:
            return round(Decimal(responded) / max(scope, 1), 6)
        case _ if indicator.unit == "share":
            return round(Decimal(int(random.integers(item + 1))) / item, 6)
    mean = Decimal(int(random.lognormal(11 if indicator.unit == "€" else 3, 0.4)))
    return mean * item if indicator.statistic is Statistic.TOTAL else mean


def _structures(areas: Sequence[Area]) -> Iterator[Structure]:
    for area in areas:
        if area.level == "departement":
            for number in range(1, 13):
                population = "CS" if number % 3 else "EVS"
                name = f"Structure fictive nº {number} ({area.code})"
                yield Structure(population, area.code, f"Commune fictive {number % 5 + 1}", name)
