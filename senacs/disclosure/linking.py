"""Which cells add up to which: found from their keys, as every reader finds it.

Areas add up to the area that holds them, categories to `all`, populations to all of them together.
A part that is not there is of nobody: the table refuses a whole that its parts do not add up to.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from senacs.disclosure.table import Key, Sum

Area = tuple[str, str]
"""Level and code."""

EVERYONE = "all"

WholeOf = Callable[[Key], Iterator[tuple[Key, str]]]
"""The wholes that a cell is a part of, each with the name of the parting."""


def sums(
    keys: Iterable[Key],
    holders: Mapping[Area, Sequence[Area]],
    pooled: str = "",
) -> list[Sum]:
    """The sums among these cells.

    Args:
        keys: the cells.
        holders: the areas that each area is a part of: départements of regions of the time and of
            those of today, these of France. All parts of one level have to make up the whole.
        pooled: code of all populations together; empty: there is none.
    """
    present = set(keys)
    return [
        *_by(present, lambda key: _holding(key, holders)),
        *_by(present, _broken_down),
        *_by(present, lambda key: _pooling(key, pooled)),
    ]


def _by(present: set[Key], whole_of: WholeOf) -> Iterator[Sum]:
    parts: dict[tuple[Key, str], list[Key]] = {}
    for key in sorted(present):
        for whole, group in whole_of(key):
            if whole in present:
                parts.setdefault((whole, group), []).append(key)
    for (whole, _), members in parts.items():
        yield Sum(whole, tuple(members))


def _holding(key: Key, holders: Mapping[Area, Sequence[Area]]) -> Iterator[tuple[Key, str]]:
    for level, area in holders.get((key.level, key.area), ()):
        yield key._replace(level=level, area=area), key.level


def _broken_down(key: Key) -> Iterator[tuple[Key, str]]:
    if key.breakdown != EVERYONE:
        yield key._replace(breakdown=EVERYONE, category=EVERYONE), key.breakdown


def _pooling(key: Key, pooled: str) -> Iterator[tuple[Key, str]]:
    if pooled and key.population != pooled:
        yield key._replace(population=pooled), pooled
