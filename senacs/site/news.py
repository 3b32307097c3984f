"""What changed against the vintage before, figure by figure."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from senacs.french import counted, typography
from senacs.plaquette.subject import Ground
from senacs.plaquette.wording import said
from senacs.vintages.model import EVERYTHING, Area, Change, Reason

_SHOWN = 500
"""Changes told one by one; all of them are in the open data."""

REASONS = {
    Reason.CORRECTION: "correction",
    Reason.LATE_REPLY: "réponse tardive",
    Reason.METHOD: "méthode",
    Reason.PERIMETER: "périmètre",
    Reason.DISCLOSURE: "secret statistique",
}


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One figure that changed, as people read it."""

    indicator: str
    label: str
    population: str
    area: Area | None
    area_label: str
    category: str
    before: str
    after: str
    reasons: str


@dataclass(frozen=True, slots=True)
class News:
    """What changed: `more` counts the changes that are not told one by one."""

    first: bool
    summary: tuple[str, ...]
    lines: tuple[ChangeLine, ...]
    more: int


def news_of(ground: Ground) -> News:
    """The news of a vintage."""
    changes = ground.edition.changes
    counts = Counter(reason for change in changes for reason in change.reasons)
    summary = tuple(
        typography(f"{words} : {counted(counts[reason], 'chiffre', 'chiffres')}")
        for reason, words in REASONS.items()
        if counts[reason]
    )
    lines = tuple(_line(ground, change) for change in changes[:_SHOWN])
    return News(ground.edition.vintage.number == 1, summary, lines, max(0, len(changes) - _SHOWN))


def _line(ground: Ground, change: Change) -> ChangeLine:
    key = change.key
    collection = ground.edition.collection
    area = ground.edition.areas.get((key.level, key.area))
    return ChangeLine(
        key.indicator,
        typography(ground.indicators[key.indicator].label),
        typography({**collection.pooled, **collection.populations}[key.population]),
        area,
        typography(area.label if area else key.area),
        _category(ground, key.breakdown, key.category),
        _value(ground, key.indicator, change.before),
        _value(ground, key.indicator, change.after),
        ", ".join(REASONS[reason] for reason in change.reasons),
    )


def _category(ground: Ground, breakdown: str, category: str) -> str:
    if breakdown == EVERYTHING:
        return ""
    for declared in ground.edition.collection.breakdowns:
        if declared.breakdown == breakdown:
            labels = {one.category: one.label for one in declared.categories}
            return typography(labels.get(category, "Non connu"))
    return category


def _value(ground: Ground, indicator: str, value: Decimal | None) -> str:
    """A dash where there was none: hidden, or not there at all; which of both is not said."""
    return "–" if value is None else said(value, ground.indicators[indicator])
