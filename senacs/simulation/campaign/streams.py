"""Seeded arrays of draws: one stream for each topic of each place, so that none moves another."""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

FIRST_YEAR = 2010
"""The data year that every random walk starts from: the first of the survey."""


class Stream:
    """A stream of draws of its own for each path.

    Only uniform draws are taken from numpy: their sequence does not change from one of its
    versions to the next.
    """

    def __init__(self, seed: int, *path: object) -> None:
        name = "/".join((str(seed), *map(str, path)))
        digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
        self._generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))

    def unit(self, *shape: int) -> Floats:
        """Numbers in [0, 1[."""
        return self._generator.random(shape)

    def bell(self, *shape: int) -> Floats:
        """Numbers within [-1.5, 1.5], most often near 0, of variance 1/4."""
        return np.asarray(self.unit(3, *shape).sum(axis=0) - 1.5)

    def spread(self, size: int, sigma: float) -> Floats:
        """Factors around 1 (their mean is 1 but for a few per cent), long on the upper side."""
        return np.exp(2 * sigma * self.bell(size) - sigma * sigma / 2)


@dataclass(frozen=True)
class Series:
    """Draws that belong to the structures of a place, about one topic, up to a data year.

    `size` is how many structures the place ever has: each keeps its draws from year to year.
    """

    seed: int
    place: str
    topic: str
    size: int
    data_year: int

    def steady(self, sigma: float, drift: float = 0.04) -> Floats:
        """Factors around 1, one a structure, that move a little each year."""
        own = Stream(self.seed, self.place, self.topic).spread(self.size, sigma)
        moves = Stream(self.seed, self.place, self.topic, "drift").bell(self._years, self.size)
        return np.asarray(own * np.exp(2 * drift * moves.sum(axis=0)))

    def lasting(self, change: float = 0.03) -> Floats:
        """Numbers in [0, 1[, one a structure; each year it draws anew with chance `change`."""
        drawn = Stream(self.seed, self.place, self.topic).unit(self._years, 2, self.size)
        kept = drawn[0, 1]
        for year in range(1, self._years):
            kept = np.where(drawn[year, 0] < change, drawn[year, 1], kept)
        return np.asarray(kept)

    @property
    def _years(self) -> int:
        return self.data_year - FIRST_YEAR + 1


def shared_out(total: NDArray[np.int64], weights: Floats) -> NDArray[np.int64]:
    """Whole parts of each row's total in proportion to its weights (largest remainders).

    Args:
        total: one whole number a row, ≥ 0.
        weights: rows × parts, ≥ 0; a row of zeros gives all to its first part.
    """
    sums = weights.sum(axis=1, keepdims=True)
    first = np.zeros_like(weights)
    first[:, 0] = 1
    exact = np.where(sums > 0, weights / np.where(sums > 0, sums, 1), first) * total[:, None]
    parts = np.floor(exact).astype(np.int64)
    left = total - parts.sum(axis=1)
    order = np.argsort(parts - exact, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(weights.shape[1])[None, :], axis=1)
    return np.asarray(parts + (rank < left[:, None]), dtype=np.int64)
