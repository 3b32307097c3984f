"""One JSON file an indicator: its series over the data years, by population and area."""

import json
from collections.abc import Iterator

from senacs.codebook import Collection
from senacs.codebook.model import Indicator
from senacs.codebook.questionnaire import Comparability
from senacs.opendata.figures import number
from senacs.opendata.words import KINDS, LEVELS, STATUSES
from senacs.vintages.model import WHOLE, Area, Edition, Figure, FigureKey, Vintage

POINT = (
    "annee", "valeur", "statut", "n_interrogees", "n_repondantes", "n_concernees", "n_reponses",
)  # fmt: skip
ESTIMATE = ("annee", "estimation", "estimation_basse", "estimation_haute")


def series_json(edition: Edition, indicator: Indicator) -> str:
    """The series of everybody, one line each; broken down figures are in the long table."""
    vintages = [*(frozen.vintage for frozen in edition.earlier), edition.vintage]
    years = [vintage.data_year for vintage in vintages]
    head = {
        "indicateur": indicator.indicator,
        "libelle": indicator.label,
        "theme": indicator.theme,
        "statistique": indicator.statistic.value,
        "unite": indicator.unit,
        "decimales": indicator.decimals,
        "note": indicator.note,
        "edition": edition.vintage.name,
        "simule": edition.collection.simulated,
        "licence": edition.collection.licence,
        "annees": [_year(vintage) for vintage in vintages],
        "ruptures": list(_breaks(edition.collection, indicator, years)),
        "colonnes": POINT,
        "colonnes_estimations": ESTIMATE,
    }
    lines = [_json(one) for one in _series(edition, indicator, years)]
    return f'{_json(head)[:-1]},"series":[\n' + ",\n".join(lines) + "\n]}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _year(vintage: Vintage) -> dict[str, object]:
    return {
        "annee": vintage.data_year,
        "edition": vintage.name,
        "genre": KINDS[vintage.kind],
        "publie_le": vintage.released_on.isoformat(),
    }


def _breaks(
    collection: Collection, indicator: Indicator, years: list[int]
) -> Iterator[dict[str, object]]:
    """Data years, after the first one shown, from which on answers do not compare."""
    found = {
        (question.data_year, question.note)
        for variable in indicator.variables
        for question in collection.feeding(variable)
        if question.comparability is Comparability.BREAK
        and years[0] < question.data_year <= years[-1]
    }
    for data_year, note in sorted(found):
        yield {"annee": data_year, "note": note}


def _series(
    edition: Edition, indicator: Indicator, years: list[int]
) -> Iterator[dict[str, object]]:
    levels = list(LEVELS)
    areas = sorted(edition.areas.values(), key=lambda one: (levels.index(one.level), one.code))
    for population in (*edition.collection.populations, *edition.collection.pooled):
        for area in areas:
            key = FigureKey(indicator.indicator, population, area.level, area.code)
            found = [(year, _of_year(edition, key, year)) for year in years]
            told = [(year, figure) for year, figure in found if figure is not None]
            if told:
                yield _one(key, area, told)


def _of_year(edition: Edition, key: FigureKey, year: int) -> Figure | None:
    """The figure of that year; of a region in force now, also from when it was not yet."""
    figure = edition.figure(key, year)
    if figure is None and key.level == "region":
        return edition.figure(key._replace(level="region_today"), year)
    return figure


def _one(key: FigureKey, area: Area, told: list[tuple[int, Figure]]) -> dict[str, object]:
    series: dict[str, object] = {
        "population": key.population,
        "niveau": LEVELS[area.level][0],
        "territoire": area.code,
        "libelle": area.label,
        "points": [
            (
                year, number(f.value), STATUSES[f.status].code, f.n_scope, f.n_responded, f.n_base,
                f.n_item,
            )
            for year, f in told
        ],
    }  # fmt: skip
    if area.level in WHOLE:
        series["estimations"] = [
            (year, number(f.estimate), number(f.estimate_low), number(f.estimate_high))
            for year, f in told
            if f.estimate is not None
        ]
    return series
