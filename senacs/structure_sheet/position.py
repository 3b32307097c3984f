"""Where a structure stands beside what is published of the places it is in and of its like."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from senacs.codebook.model import Breakdown, Indicator, Statistic
from senacs.structure_sheet.own import OwnAnswers, category_of, own_value
from senacs.vintages.model import EVERYTHING, WHOLE, Edition, Figure, FigureKey, Status

_BEST_FIRST = (Statistic.MEDIAN, Statistic.MEAN, Statistic.TOTAL)


@dataclass(frozen=True, slots=True)
class Place:
    """Whom the structure is put beside: everybody of an area, or those of its kind there.

    Attributes:
        breakdown: `all`, or what they are alike in.
    """

    label: str
    level: str
    area: str
    breakdown: str = EVERYTHING
    category: str = EVERYTHING


@dataclass(frozen=True, slots=True)
class Mark:
    """What is published of one place.

    Attributes:
        value: a mean, median, share or ratio; None where it is hidden or there is none.
        status: of the published figure; None: it is not published.
        n_item: structures that it rests on; None where hidden.
    """

    place: Place
    status: Status | None
    value: Decimal | None
    n_item: int | None


@dataclass(frozen=True, slots=True)
class Position:
    """One indicator: the structure's own value and a mark for each place."""

    indicator: Indicator
    own: Decimal
    marks: tuple[Mark, ...]


def places_of(edition: Edition, own: OwnAnswers) -> tuple[Place, ...]:
    """Its département, its region, the whole; then its like in the whole, by what makes alike.

    A region of one département is that département, and is not repeated.
    """
    return (*_around(edition, own), *_alike(edition, own))


def positions(edition: Edition, own: OwnAnswers) -> tuple[Position, ...]:
    """Each indicator that the structure has answered and that one of the places has, in order.

    Of a mean, a median and a total of one variable the median says best where a structure stands,
    then the mean; a total is shown as the mean of those that answered it.
    """
    places = places_of(edition, own)
    indicators = edition.collection.indicators
    best = {
        one.variable: one.statistic
        for statistic in reversed(_BEST_FIRST)
        for one in indicators
        if one.statistic is statistic
    }
    found = []
    for indicator in indicators:
        if indicator.statistic in _BEST_FIRST and best[indicator.variable] != indicator.statistic:
            continue
        value = own_value(indicator, own)
        marks = tuple(_mark(edition, own, indicator, place) for place in places)
        if value is not None and any(mark.status is not None for mark in marks):
            found.append(Position(indicator, value, marks))
    return tuple(found)


def _around(edition: Edition, own: OwnAnswers) -> Iterator[Place]:
    at = edition.areas.get(("departement", own.departement))
    if at is not None:
        yield Place(at.label, at.level, at.code)
        region = edition.areas.get(at.held_by) if at.held_by else None
        alone = sum(area.held_by == at.held_by for area in edition.areas.values()) == 1
        if region is not None and region.level not in WHOLE and not alone:
            yield Place(region.label, region.level, region.code)
    yield Place(edition.whole.label, edition.whole.level, edition.whole.code)


def _alike(edition: Edition, own: OwnAnswers) -> Iterator[Place]:
    whole = edition.whole
    for breakdown in edition.collection.breakdowns:
        category = category_of(breakdown, own) if breakdown.alike else None
        if category is not None:
            label = f"{whole.label}, {_label_of(breakdown, category)}"
            yield Place(label, whole.level, whole.code, breakdown.breakdown, category)


def _label_of(breakdown: Breakdown, category: str) -> str:
    label = next(one.label for one in breakdown.categories if one.category == category)
    return label[:1].lower() + label[1:]


def _mark(edition: Edition, own: OwnAnswers, indicator: Indicator, place: Place) -> Mark:
    key = FigureKey(
        indicator.indicator,
        own.population,
        place.level,
        place.area,
        place.breakdown,
        place.category,
    )
    figure = edition.figure(key)
    if figure is None:
        return Mark(place, None, None, None)
    return Mark(place, figure.status, _comparable(indicator, figure), figure.n_item)


def _comparable(indicator: Indicator, figure: Figure) -> Decimal | None:
    if indicator.statistic is not Statistic.TOTAL or figure.value is None:
        return figure.value
    return figure.value / figure.n_item if figure.n_item else None
