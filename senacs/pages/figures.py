"""A published figure, and how one cell of a table shows it."""

from dataclasses import dataclass

from senacs.codebook.model import OF_PERIMETER
from senacs.french import NO_BREAK, number, quantity

_MILLION = 1_000_000


@dataclass(frozen=True)
class Figure:
    """A row of `indicator.figure`, with the area it is part of.

    Attributes:
        parent: region of a département, `*` for a region, empty for the whole.
        n_base: units the figure is about; None where it is hidden, like `n_item` and `value`.
    """

    data_year: int
    indicator: str
    theme_label: str
    label: str
    statistic: str
    unit: str
    decimals: int
    headline: bool
    note: str
    population: str
    level: str
    area: str
    area_label: str
    parent: str
    n_scope: int
    n_responded: int
    n_base: int | None
    n_item: int | None
    value: float | None
    confidential: bool


@dataclass(frozen=True)
class Cell:
    """A figure as shown: a value with its base, `s`, `nd` or a dash.

    Attributes:
        kind: value, secret, unanswered (nobody answered), empty (nobody concerned) or absent
            (not asked that year).
        base: n item / n responded / N perimeter; empty where there is no value.
        share: 0 to 1, for a bar beside a percentage; None elsewhere.
    """

    kind: str
    text: str
    base: str = ""
    share: float | None = None


ABSENT = Cell("absent", "–")


def cell(figure: Figure | None, *, short: bool = False) -> Cell:
    """What a table shows of a figure; `short` writes millions of euros as such."""
    if figure is None:
        return ABSENT
    if figure.confidential:
        return Cell("secret", "s")
    if figure.value is None:
        return Cell("unanswered", "nd", base(figure)) if figure.n_base else Cell("empty", "–")
    return Cell(
        "value",
        _text(figure, figure.value, short=short),
        base(figure),
        figure.value if figure.unit == "share" and 0 <= figure.value <= 1 else None,
    )


def base(figure: Figure) -> str:
    """What the figure rests on: answered the question / responded / perimeter.

    No question stands behind what is known of the whole perimeter: responded / perimeter.
    """
    answered = () if figure.statistic in OF_PERIMETER else (figure.n_item or 0,)
    parts = (*answered, figure.n_responded, figure.n_scope)
    return f"{NO_BREAK}/{NO_BREAK}".join(number(part) for part in parts)


def _text(figure: Figure, value: float, *, short: bool) -> str:
    if short and figure.unit == "€" and abs(value) >= _MILLION:
        return f"{number(value / _MILLION, 1)}{NO_BREAK}M€"
    return quantity(value, figure.unit, figure.decimals)


UNIT_NAMES = {"share": "%"}
STATISTIC_NAMES = {
    "scope": "nombre", "count": "nombre", "response": "taux", "total": "total", "mean": "moyenne",
    "median": "médiane", "share": "part", "ratio": "rapport de deux totaux",
}  # fmt: skip


def measure(figure: Figure) -> str:
    """Statistic and unit, in words."""
    unit = UNIT_NAMES.get(figure.unit, figure.unit)
    return f"{STATISTIC_NAMES[figure.statistic]}, en {unit}"
