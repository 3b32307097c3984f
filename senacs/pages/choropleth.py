"""What maps of France by département are made of: outlines, classes, overseas, the inset."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10

from senacs.french import NARROW, number

CLASSES = 5
_ZOOMED = ("75", "92", "93", "94")
_AROUND = ("77", "78", "91", "95")
_FRAME = (4.0, 4.0, 190.0)
_BELOW = 24.0
_POINT = re.compile(r"(-?[\d.]+),(-?[\d.]+)")
_OVERSEAS_CODE_LENGTH = 3
_SMALL = 20


@dataclass(frozen=True)
class Outline:
    """The shapes of the areas: an SVG view box; a path and a name by Insee code."""

    view_box: str
    paths: Mapping[str, str]
    names: Mapping[str, str]


@dataclass(frozen=True)
class Shape:
    """One area on the map."""

    code: str
    path: str
    css: str
    title: str


@dataclass(frozen=True)
class Label:
    """A word on the map."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Inset:
    """Small areas shown again, larger, in a square frame."""

    x: float
    y: float
    side: float
    transform: str
    codes: tuple[str, ...]
    labels: tuple[Label, ...]
    source: tuple[float, float, float]


@dataclass(frozen=True)
class Texture:
    """What fills an area where a class of the style sheet does not: lines on a ground.

    Attributes:
        ground: colour below the lines.
        ink: colour of the lines.
        lines: their path in a square of 8 by 8; none leaves the ground alone.
        width: of the lines.
    """

    ground: str
    ink: str = ""
    lines: str = ""
    width: float = 2


RISING = "M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6"
"""Lines that rise to the right."""
_NO_DATA: Mapping[str, Texture] = {"none": Texture("#fff", "#b6bdc9", RISING)}


@dataclass(frozen=True)
class ChoroplethMap:
    """A map: what it shows, its shapes, its legend as (class, words)."""

    name: str
    title: str
    caption: str
    summary: str
    view_box: str
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]
    inset: Inset | None
    legend: tuple[tuple[str, str], ...]
    textures: Mapping[str, Texture] = field(default_factory=lambda: _NO_DATA)


def class_bounds(values: Sequence[float]) -> list[int]:
    """Upper bounds of at most five classes of about as many areas each, in round numbers."""
    ordered = sorted(values)
    if not ordered:
        return []
    bounds: list[int] = []
    for rank in range(1, CLASSES):
        bound = _rounded(ordered[ceil(rank * len(ordered) / CLASSES) - 1])
        if bound < ordered[-1] and (not bounds or bound > bounds[-1]) and bound >= ordered[0]:
            bounds.append(bound)
    return [*bounds, ceil(ordered[-1])]


def _rounded(value: float) -> int:
    """Up to 20 as it is; then to the nearest 5, 50, 500 and so on."""
    if value <= _SMALL:
        return ceil(value)
    step: int = 5 * 10 ** (floor(log10(value)) - 1)
    return max(1, round(value / step)) * step


def class_of(value: float, bounds: Sequence[int]) -> int:
    """1 to 5; fewer classes are spread over the five shades."""
    position = next(i for i, bound in enumerate(bounds) if value <= bound)
    return CLASSES if len(bounds) == 1 else 1 + round(position * (CLASSES - 1) / (len(bounds) - 1))


def with_room_below(view_box: str) -> str:
    """The view box with room for the name of what lies lowest."""
    *before, height = view_box.split()
    return " ".join([*before, number(float(height) + _BELOW).replace(NARROW, "")])


def path_box(path: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a shape."""
    points = [(float(x), float(y)) for x, y in _POINT.findall(path)]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def overseas_labels(names: Mapping[str, str], outline: Outline) -> tuple[Label, ...]:
    """The names below the overseas départements, of those that are named."""
    labels = []
    for code, path in sorted(outline.paths.items()):
        if len(code) == _OVERSEAS_CODE_LENGTH and code in names:
            left, _, right, bottom = path_box(path)
            labels.append(Label(round((left + right) / 2, 1), round(bottom + 19, 1), names[code]))
    return tuple(labels)


def inset_of(outline: Outline) -> Inset | None:
    """The départements around Paris, larger; None where the outline does not have them."""
    if not all(code in outline.paths for code in _ZOOMED):
        return None
    boxes = {code: path_box(outline.paths[code]) for code in _ZOOMED}
    margin = 3.0
    left = min(box[0] for box in boxes.values()) - margin
    top = min(box[1] for box in boxes.values()) - margin
    side = (
        max(max(b[2] for b in boxes.values()) - left, max(b[3] for b in boxes.values()) - top)
        + margin
    )
    x, y, frame = _FRAME
    scale = frame / side
    move_x, move_y = x - left * scale, y - top * scale
    labels = tuple(
        Label(
            round((box[0] + box[2]) / 2 * scale + move_x, 1),
            round((box[1] + box[3]) / 2 * scale + move_y + 6, 1),
            code,
        )
        for code, box in boxes.items()
    )
    return Inset(
        x, y, frame,
        f"translate({move_x:.2f} {move_y:.2f}) scale({scale:.4f})",
        tuple(code for code in (*_AROUND, *_ZOOMED) if code in outline.paths),
        labels,
        (round(left, 1), round(top, 1), round(side, 1)),
    )  # fmt: skip
