"""The licence that a collection is published under, as machines name it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence.

    Attributes:
        spdx: its identifier in the list of SPDX; empty where it is not in it.
        address: where its text is; a file of the folder where it is nowhere else.
    """

    title: str
    spdx: str = ""
    address: str = "LICENCE.txt"

    @property
    def described(self) -> dict[str, str]:
        """For a data package."""
        named = {"name": self.spdx} if self.spdx else {}
        return {**named, "path": self.address, "title": self.title}


_KNOWN = {
    "Licence Ouverte 2.0 (Etalab)": (
        "etalab-2.0",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
    ),
}


def licence_of(declared: str) -> Licence:
    """The licence that the codebook names."""
    return Licence(declared, *_KNOWN.get(declared, ()))
