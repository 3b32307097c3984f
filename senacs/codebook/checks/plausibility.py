"""Thresholds and parts are about variables that are asked and can be compared."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import repeated, unknown
from senacs.codebook.model import Collection
from senacs.codebook.questionnaire import NUMERIC


def plausibility_problems(collection: Collection) -> Iterator[str]:
    """Contradictions between what is said to be plausible and the variables."""
    yield from repeated("threshold of", (t.variable for t in collection.thresholds))
    yield from repeated("part", (p.part for p in collection.wholes))
    variables = collection.variable_by_name
    for threshold in collection.thresholds:
        place = f"threshold of {threshold.variable!r}"
        yield from unknown(place, "variable", [threshold.variable], variables)
        variable = variables.get(threshold.variable)
        counted = threshold.relative or threshold.absolute or threshold.robust
        if variable and counted and variable.kind not in NUMERIC:
            yield f"{place}: {variable.kind} has no size to compare"
        if not threshold.source.strip():
            yield f"{place} has no source"
    for pair in collection.wholes:
        place = f"part {pair.part!r} of {pair.whole!r}"
        yield from unknown(place, "variable", [pair.part, pair.whole], variables)
        part, whole = variables.get(pair.part), variables.get(pair.whole)
        if part and whole and not {part.kind, whole.kind} <= NUMERIC:
            yield f"{place}: only numbers are parts of each other"
        if pair.part == pair.whole:
            yield f"{place}: nothing is a part of itself"
