"""Complementary suppression: what is hidden cannot be found again by subtraction.

A hidden cell is the difference between a shown total and its other parts, so a total that is shown
needs none or at least two hidden parts. Where one variable is hidden for an area, every figure made
of it is (a mean is a total divided by its base).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from senacs.pages.figures import Figure

_Area = tuple[str, str]
_Table = tuple[int, str, str]


def protected(figures: Sequence[Figure], variable_of: Mapping[str, str]) -> list[Figure]:
    """The figures with complementary cells hidden as well; `variable_of` names by indicator."""
    tables: dict[_Table, list[Figure]] = defaultdict(list)
    for figure in figures:
        tables[_table(figure, variable_of)].append(figure)
    hidden = {(table, area) for table, members in tables.items() for area in _hidden_areas(members)}
    return [
        _hide(figure)
        if (_table(figure, variable_of), (figure.level, figure.area)) in hidden
        else figure
        for figure in figures
    ]


def _table(figure: Figure, variable_of: Mapping[str, str]) -> _Table:
    return figure.data_year, figure.population, variable_of.get(figure.indicator, figure.indicator)


def _hide(figure: Figure) -> Figure:
    return replace(figure, confidential=True, value=None, n_base=None, n_item=None)


def _hidden_areas(figures: Iterable[Figure]) -> set[_Area]:
    """The areas to hide in one table, the primary ones included."""
    weight: dict[_Area, int] = {}
    parts: dict[_Area, set[_Area]] = defaultdict(set)
    hidden: set[_Area] = set()
    whole: _Area | None = None
    for figure in figures:
        area = (figure.level, figure.area)
        weight[area] = max(weight.get(area, 0), figure.n_item or 0)
        if figure.confidential:
            hidden.add(area)
        if figure.level == "departement":
            parts["region", figure.parent].add(area)
            parts["*", "departement"].add(area)
        elif figure.level == "region":
            parts["*", "region"].add(area)
        else:
            whole = area
    while more := _needed(hidden, parts, weight, whole):
        hidden |= more
    return hidden


def _needed(
    hidden: set[_Area],
    parts: Mapping[_Area, set[_Area]],
    weight: Mapping[_Area, int],
    whole: _Area | None,
) -> set[_Area]:
    """The next areas to hide; empty where nothing can be found again."""
    for total in sorted(parts, key=lambda area: area[0] == "*"):
        members = parts[total]
        total_area = whole if total[0] == "*" else total
        if total_area is None or total_area not in weight:
            continue
        out = members & hidden
        shown = sorted(members - hidden, key=lambda area: (weight[area], area))
        candidates = [area for area in shown if weight[area]]
        if total_area in hidden and not out and candidates:
            return {candidates[0]}
        if total_area not in hidden and len(out) == 1:
            return {candidates[0]} if candidates else {total_area}
    return set()
