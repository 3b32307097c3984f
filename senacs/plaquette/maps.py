"""Maps of départements as SVG, from real outlines, those overseas included."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from senacs.french import NO_BREAK, number
from senacs.pages.choropleth import (
    RISING,
    Label,
    Outline,
    Texture,
    class_bounds,
    class_of,
    inset_of,
    overseas_labels,
    path_box,
    with_room_below,
)
from senacs.plaquette.charts import FONT, svg_templates
from senacs.plaquette.model import CellKind, Map

_FILLS: Mapping[str, str] = {
    "k0": "#fff",
    "k1": "#d3e0f1",
    "k2": "#9dbde0",
    "k3": "#5b93c7",
    "k4": "#23629f",
    "k5": "#0a2f5c",
    "hidden": "#e9d8a6",
    "ground": "#f1f3f6",
}
_NO_VALUE = Texture("#fff", "#b6bdc9", RISING)
_MARGIN = 0.12
_LEGEND_LINE = 1.6
_CODE_WIDTH = 1.6
"""Of a code of two digits with some room, in its own height."""


@dataclass(frozen=True)
class LegendEntry:
    """A kind of area: its fill, and what it means; `textured` areas have lines as well."""

    fill: str
    words: str
    textured: bool = False


@dataclass(frozen=True)
class MapDrawing:
    """A map drawn, and its legend for who sets it as text."""

    svg: str
    legend: tuple[LegendEntry, ...]


@dataclass(frozen=True)
class _Code:
    """A code on the map, at a size of its own."""

    x: float
    y: float
    text: str
    size: float


@dataclass(frozen=True)
class _Shape:
    path: str
    fill: str
    title: str
    code: str


def draw_map(drawn: Map, outline: Outline, *, legend_inside: bool = False) -> MapDrawing:
    """The map; `legend_inside` where nothing but the picture is shown.

    Args:
        drawn: what it tells; départements that it does not tell of are ground.
        outline: the shapes of all départements.
        legend_inside: whether the legend is drawn below the map.
    """
    scale = 100 if drawn.unit == "%" else 10**drawn.decimals
    bounds = class_bounds([float(v.cell.number) * scale for v in drawn.values if v.cell.number])
    classes = dict(_classes(drawn, bounds, scale))
    legend = tuple(_legend(drawn, bounds, classes))
    view = _frame(drawn, outline) if drawn.framed else _all_of_france(outline)
    shapes = [
        shape
        for shape in _shapes(drawn, outline, classes)
        if _within(outline.paths[shape.code], view)
    ]
    left, top, width, height = view
    size = round(width * (0.034 if drawn.framed else 0.019), 2)
    line = size * _LEGEND_LINE
    names = {value.code: value.label for value in drawn.values}
    labels: Sequence[_Code | Label] = (
        _codes(drawn, outline, size) if drawn.framed else overseas_labels(names, outline)
    )
    template = svg_templates().get_template("map.svg.j2")
    svg = template.render(
        map=drawn, shapes=shapes, labels=labels, size=size, font=FONT,
        stroke=round(width / 1100, 3),
        marked=[s for s in shapes if s.code in drawn.highlighted],
        inset=None if drawn.framed else inset_of(outline),
        texture=_NO_VALUE, pattern=round(width / 126, 2),
        textured=any(s.fill == "none" for s in shapes),
        legend=[
            (entry, round(top + height + line * (i + 0.7), 2)) for i, entry in enumerate(legend)
        ] if legend_inside else [],
        left=left, top=top, width=width,
        height=round(height + (line * (len(legend) + 0.5) if legend_inside else 0), 1),
    )  # fmt: skip
    return MapDrawing(svg, legend)


def _classes(drawn: Map, bounds: Sequence[int], scale: int) -> Iterator[tuple[str, str]]:
    """The fill of each département by code."""
    for value in drawn.values:
        cell = value.cell
        if cell.kind is CellKind.HIDDEN:
            yield value.code, "hidden"
        elif cell.number is None:
            yield value.code, "none"
        elif not cell.number:
            yield value.code, "k0"
        else:
            yield value.code, f"k{class_of(float(cell.number) * scale, bounds)}"


def _legend(drawn: Map, bounds: Sequence[int], classes: Mapping[str, str]) -> Iterator[LegendEntry]:
    scale = 1 if drawn.unit == "%" else 10**drawn.decimals
    unit = f"{NO_BREAK}{drawn.unit}" if drawn.unit in ("%", "€") else ""
    used = set(classes.values())
    if "k0" in used:
        yield LegendEntry(_FILLS["k0"], f"0{unit}")
    for low, high in pairwise([0, *bounds]):
        start, end = number((low + 1) / scale), number(high / scale)
        words = end if low + 1 == high else f"{start} à{NO_BREAK}{end}"
        yield LegendEntry(_FILLS[f"k{class_of(high, bounds)}"], f"{words}{unit}")
    if "hidden" in used:
        yield LegendEntry(_FILLS["hidden"], "secret statistique")
    if "none" in used:
        yield LegendEntry("none", "pas de chiffre", textured=True)


def _shapes(drawn: Map, outline: Outline, classes: Mapping[str, str]) -> Iterator[_Shape]:
    said = {
        value.code: f"{value.label} ({value.code}) : {value.cell.text}" for value in drawn.values
    }
    for code, path in sorted(outline.paths.items()):
        css = classes.get(code, "ground")
        yield _Shape(path, _FILLS.get(css, "none"), said.get(code, ""), code)


_View = tuple[float, float, float, float]


def _all_of_france(outline: Outline) -> _View:
    left, top, width, height = (float(part) for part in with_room_below(outline.view_box).split())
    return left, top, width, height


def _frame(drawn: Map, outline: Outline) -> _View:
    """The box around the framed départements, with some of what lies around."""
    boxes = [path_box(outline.paths[code]) for code in drawn.framed if code in outline.paths]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    margin = _MARGIN * max(right - left, bottom - top)
    return (
        round(left - margin, 1),
        round(top - margin, 1),
        round(right - left + 2 * margin, 1),
        round(bottom - top + 2 * margin, 1),
    )


def _within(path: str, view: _View) -> bool:
    left, top, right, bottom = path_box(path)
    x, y, width, height = view
    return left < x + width and right > x and top < y + height and bottom > y


def _codes(drawn: Map, outline: Outline, size: float) -> tuple[_Code, ...]:
    """The code of each framed département, in its middle; small where the département is."""
    labels = []
    for code in drawn.framed:
        if code in outline.paths:
            left, top, right, bottom = path_box(outline.paths[code])
            own = round(max(size / 2, min(size, (right - left) / _CODE_WIDTH)), 2)
            middle = round((left + right) / 2, 1), round((top + bottom) / 2 + own / 3, 1)
            labels.append(_Code(*middle, code, own))
    return tuple(labels)
