"""Seeded draws that give the same values on every supported Python."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")

SEED = "senacs-demo-92"


class Draws:
    """A stream of draws of its own for each path: adding a question moves no other one.

    Only `Random.random` is used, because it alone is promised to give the same sequence on all
    versions of Python.
    """

    def __init__(self, *path: object) -> None:
        self._random = Random("/".join((SEED, *map(str, path))))  # noqa: S311 - not for secrets

    def unit(self) -> float:
        """A number in [0, 1[."""
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        """A number in [low, high[, all equally likely."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def around(self, centre: float, spread: float) -> float:
        """A number within `spread` (a share) of the centre, most often near it."""
        bell = (self.unit() + self.unit() + self.unit()) * 2 / 3 - 1
        return centre * (1 + spread * bell)

    def pick(self, items: Sequence[Item], weights: Sequence[float]) -> Item:
        """One item, as likely as its weight says."""
        left = self.unit() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]


def scale_to_total(weights: Sequence[float], total: int) -> list[int]:
    """Whole numbers in proportion to the weights whose sum is the total (largest remainders)."""
    whole = sum(weights)
    exact = [weight * total / whole for weight in weights]
    made = [int(value) for value in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: made[i] - exact[i])
    for index in by_remainder[: total - sum(made)]:
        made[index] += 1
    return made
