"""Charts as SVG: bars and lines, from zero, with every value written beside its mark.

Drawn here and not by a chart library: with Altair and vl-convert one chart took 0.13 s and 21 kB,
an edition has 1,400 of them, and where labels go depends on the fonts of the machine. These depend
on numbers alone, and stay legible 300 pixels wide: labels lie above bars, not beside them.
"""

from dataclasses import dataclass
from functools import cache
from math import ceil, floor, log10

from jinja2 import Environment

from senacs.french import NO_BREAK, number
from senacs.plaquette.model import Cell, CellKind, Chart, Form
from senacs.templates import environment

FONT = "'Source Sans 3', 'Segoe UI', Roboto, sans-serif"
INKS = ("#12406f", "#cf7720", "#5f6b7a", "#1a6330")
"""One a series: they differ in lightness too."""
_WIDTH = 400
_BAR_LENGTH = 320
_BAR = 13
_LABEL = 19
_BETWEEN = 9
_LEGEND = 24
_TOP, _BOTTOM, _LEFT, _RIGHT = 14, 26, 46, 82
_LINES_HEIGHT = 230
_STEPS = (1, 2, 2.5, 5, 10)
_THOUSAND = 1000
_MILLION = 1_000_000
_APART = 15


@dataclass(frozen=True)
class _Bar:
    y: int
    width: float
    ink: str
    text: str
    text_x: float
    hidden: bool


@dataclass(frozen=True)
class _Group:
    label: str
    y: int
    bars: tuple[_Bar, ...]


@dataclass(frozen=True)
class _Key:
    ink: str
    label: str
    x: int
    y: int


@dataclass(frozen=True)
class _Dot:
    x: float
    y: float


@dataclass(frozen=True)
class _Line:
    """A series as strokes: it is interrupted where a value is missing or does not compare."""

    ink: str
    strokes: tuple[str, ...]
    dots: tuple[_Dot, ...]
    last: str
    last_x: float
    last_y: float


@dataclass(frozen=True)
class _Tick:
    at: float
    label: str


@cache
def svg_templates() -> Environment:
    """The templates of drawings."""
    return environment("senacs.plaquette")


def chart_svg(chart: Chart) -> str:
    """The chart, complete in itself: title, text alternative, legend."""
    return _bars(chart) if chart.form is Form.BARS else _lines(chart)


def _keys(chart: Chart) -> tuple[tuple[_Key, ...], int]:
    """The legend, one below the other, and how much room it takes; none for one series."""
    if len(chart.series) == 1:
        return (), 0
    keys = tuple(
        _Key(INKS[i % len(INKS)], one.label, 0, i * _LEGEND) for i, one in enumerate(chart.series)
    )
    return keys, len(keys) * _LEGEND + 4


def _bars(chart: Chart) -> str:
    top = _longest(chart)
    keys, y = _keys(chart)
    groups = []
    for index, point in enumerate(chart.series[0].points):
        y += _LABEL
        label_y = y - 5
        bars = []
        for series, ink in zip(chart.series, INKS, strict=False):
            bars.append(_bar(series.points[index].cell, ink, y, top))
            y += _BAR + 2
        groups.append(_Group(point.label, label_y, tuple(bars)))
        y += _BETWEEN
    template = svg_templates().get_template("bars.svg.j2")
    return template.render(
        chart=chart, groups=groups, keys=keys, width=_WIDTH, height=y, bar=_BAR, font=FONT,
        track=_BAR_LENGTH if chart.unit == "%" and top == 1 else 0,
    )  # fmt: skip


def _longest(chart: Chart) -> float:
    """What the longest bar stands for; parts of a whole are drawn on the whole."""
    values = [float(p.cell.number) for s in chart.series for p in s.points if p.cell.number]
    most = max(values, default=0.0)
    return max(1.0, most) if chart.unit == "%" else most or 1.0


def _bar(cell: Cell, ink: str, y: int, top: float) -> _Bar:
    width = round(max(0.0, float(cell.number or 0)) / top * _BAR_LENGTH, 1)
    return _Bar(y, width, ink, cell.text, width + 5, cell.kind is CellKind.HIDDEN)


def _lines(chart: Chart) -> str:
    keys, above = _keys(chart)
    top, step = _scale(chart)
    height = above + _LINES_HEIGHT
    floor_y = height - _BOTTOM
    reach = floor_y - above - _TOP
    labels = [point.label for point in chart.series[0].points]
    apart = (_WIDTH - _LEFT - _RIGHT) / max(1, len(labels) - 1)
    columns = [round(_LEFT + i * apart, 1) for i in range(len(labels))]

    def height_of(value: float) -> float:
        return round(floor_y - value / top * reach, 1)

    drawn: list[_Line] = []
    for series, ink in zip(chart.series, INKS, strict=False):
        strokes: list[list[str]] = [[]]
        dots = []
        for x, point in zip(columns, series.points, strict=True):
            if point.cell.number is None:
                strokes.append([])
                continue
            if point.broken:
                strokes.append([])
            y = height_of(float(point.cell.number))
            strokes[-1].append(f"{x},{y}")
            dots.append(_Dot(x, y))
        if dots:
            last = next(p for p in reversed(series.points) if p.cell.number is not None)
            label_y = _free(dots[-1].y, [one.last_y for one in drawn])
            paths = tuple(f"M{' '.join(one)}" for one in strokes if len(one) > 1)
            drawn.append(_Line(ink, paths, tuple(dots), last.cell.text, dots[-1].x + 7, label_y))
    # Few columns of many: a year every other, so that they do not touch.
    shown = ceil(len(labels) / 8)
    years = [
        _Tick(x, label)
        for i, (x, label) in enumerate(zip(columns, labels, strict=True))
        if (len(labels) - 1 - i) % shown == 0
    ]
    ticks = [
        _Tick(height_of(step * i), _tick(step * i, chart.unit))
        for i in range(round(top / step) + 1)
    ]
    template = svg_templates().get_template("lines.svg.j2")
    return template.render(
        chart=chart, lines=drawn, keys=keys, years=years, ticks=ticks, width=_WIDTH,
        height=height, left=_LEFT, right=_WIDTH - _RIGHT, font=FONT,
    )  # fmt: skip


def _free(y: float, taken: list[float]) -> float:
    """The nearest height below at which no other label lies."""
    while any(abs(y - other) < _APART for other in taken):
        y += 1
    return round(y, 1)


def _scale(chart: Chart) -> tuple[float, float]:
    """The end of the axis and the distance of its ticks, in round numbers."""
    values = [float(p.cell.number) for s in chart.series for p in s.points if p.cell.number]
    most = max(values, default=0.0) or 1.0
    magnitude = 10 ** floor(log10(most / 4))
    step = next(s * magnitude for s in _STEPS if s * magnitude * 4 >= most)
    return step * max(1, ceil(round(most / step, 6))), step


def _tick(value: float, unit: str) -> str:
    if unit == "%":
        return f"{number(round(value * 100, 6))}{NO_BREAK}%"
    if value >= _MILLION:
        return f"{number(round(value / _MILLION, 3))}{NO_BREAK}M{unit if unit == '€' else ''}"
    if unit == "€" and value >= _THOUSAND:
        return f"{number(round(value / _THOUSAND, 3))}{NO_BREAK}k€"
    return number(round(value, 6))
