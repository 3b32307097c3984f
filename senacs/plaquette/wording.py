"""Figures in words: cells with their base, statistics and levels named in French."""

from decimal import Decimal

from senacs.codebook.model import OF_PERIMETER, Indicator, Statistic
from senacs.french import NO_BREAK, capital, number, quantity, typography
from senacs.plaquette.model import Cell, CellKind
from senacs.vintages.model import Figure, Status

HIDDEN = "s"
UNANSWERED = "nd"
DASH = "–"
_MILLION = Decimal(1_000_000)

ABSENT = Cell(CellKind.ABSENT, DASH)

STATISTICS = {
    Statistic.SCOPE: "nombre",
    Statistic.COUNT: "nombre",
    Statistic.RESPONSE: "taux",
    Statistic.TOTAL: "total",
    Statistic.MEAN: "moyenne",
    Statistic.MEDIAN: "médiane",
    Statistic.SHARE: "part",
    Statistic.RATIO: "rapport de deux totaux",
}

LEVELS = {
    "departement": ("département", "départements"),
    "region": ("région", "régions"),
    "region_today": ("région actuelle", "régions actuelles"),
    "france": ("France", "France"),
    "surveyed": ("territoires enquêtés", "territoires enquêtés"),
}
"""What an area of a level is called, one and several."""


def cell(figure: Figure | None, indicator: Indicator, *, short: bool = False) -> Cell:
    """What is shown of a figure; `short` writes millions of euros as such."""
    if figure is None:
        return ABSENT
    match figure.status:
        case Status.HIDDEN:
            return Cell(CellKind.HIDDEN, HIDDEN)
        case Status.NO_ANSWER:
            return Cell(CellKind.UNANSWERED, UNANSWERED, base(figure, indicator))
        case Status.NO_BASE:
            return Cell(CellKind.EMPTY, DASH)
    if figure.value is None:
        return ABSENT
    shown = said(figure.value, indicator, short=short)
    return Cell(CellKind.VALUE, shown, base(figure, indicator), figure.value)


def said(value: Decimal, indicator: Indicator, *, short: bool = False) -> str:
    """A value with its unit."""
    if short and indicator.unit == "€" and abs(value) >= _MILLION:
        return f"{number(float(value / _MILLION), 1)}{NO_BREAK}M€"
    return quantity(float(value), indicator.unit, indicator.decimals)


def base(figure: Figure, indicator: Indicator) -> str:
    """What a figure rests on: answered the item / responded / in scope.

    No item stands behind what is known of the whole perimeter: responded / in scope.
    """
    answered = () if indicator.statistic in OF_PERIMETER else (figure.n_item or 0,)
    parts = (*answered, figure.n_responded, figure.n_scope)
    return f"{NO_BREAK}/{NO_BREAK}".join(number(part) for part in parts)


def unit_of(indicator: Indicator) -> str:
    """The unit as people read it."""
    return "%" if indicator.unit == "share" else indicator.unit


def measure(indicator: Indicator) -> str:
    """Statistic and unit: "moyenne, en €"."""
    return f"{STATISTICS[indicator.statistic]}, en {unit_of(indicator)}"


def sentence(text: str) -> str:
    """The text typeset, with a capital first and a full stop last."""
    text = text.strip()
    return typography(capital(text if text.endswith((".", "!", "?")) else f"{text}."))
