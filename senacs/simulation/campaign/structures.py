"""The invented structures of a département and what a register says of them in a data year."""

import csv
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from senacs.simulation.campaign.streams import Floats, Mask, Series, Stream
from senacs.simulation.sirets import invented_siret

_HERE = Path(__file__).parent
FIRST_EVS_YEAR = 2017
LONGEST_AGREMENT = 4

_CENTRES = {
    2010: 2090, 2012: 2090, 2013: 2100, 2016: 2237, 2018: 2283, 2020: 2310, 2023: 2373, 2024: 2380,
}  # fmt: skip
"""Approved centres sociaux of France, as published; between two of these years, on a line."""
_ESPACES = {2016: 830, 2020: 1400, 2024: 1690}
"""Espaces de vie sociale; 2016 is what remains of 3,067 structures in all."""
_PUBLISHED_FOR = 2012
"""The year near which départements published how many centres they have."""

FEDERATED = {"CS": 0.57, "EVS": 0.35}
"""About 1,200 of 2,100 centres are published as federated; the espaces are our choice."""
_ASSOCIATION = {"CS": 0.69, "EVS": 0.86}
"""68 to 70 % of the centres are published; the espaces are our choice."""
_URBAN = {"CS": 0.79, "EVS": 0.55}
"""78 to 82 % of the centres are published; the espaces are our choice."""
_QPV_OF_URBAN = {"CS": 0.48, "EVS": 0.3}
"""Near half of the urban centres, as published for 2016; the espaces are our choice."""
_SHARED_MANAGER = 0.12
_ACF = 0.85
_NO_SIRET = 0.03

_KINDS = {
    "CS": ("Centre social", "Centre socioculturel", "Centre social et culturel", "CENTRE SOCIAL"),
    "EVS": ("Espace de vie sociale", "EVS", "Espace"),
}
_THINGS = (
    "La Boussole", "Le Phare", "La Lanterne", "La Marelle", "Le Tilleul", "Le Sablier", "L'Écluse",
    "Le Cadran", "La Passerelle", "La Malle", "Le Moulin", "L'Encrier", "La Cabane", "Le Pont",
    "Le Puits", "Le Volet", "La Fabrique", "Le Gouvernail", "La Cour", "Le Verger", "La Treille",
    "L'Escarpolette", "Le Fanal", "La Girouette", "Le Grenier", "La Roulotte", "Le Kiosque",
    "L'Œillet", "Le Préau", "La Balise", "Le Lavoir", "La Bobine", "Le Cerf-volant", "L'Horloge",
    "Le Chariot", "La Margelle", "Le Pupitre", "La Péniche", "Le Ricochet", "L'Accordéon",
)  # fmt: skip
_WHAT = (
    "bleue nuit", "de papier", "aux hérons", "d'ardoise", "qui chante", "de lune", "d'étain",
    "aux saisons", "sans ailes", "aux cartes", "de laine", "aux étoiles", "d'eau vive",
    "des brumes", "d'autrefois", "aux lucioles", "de verre", "à voiles", "des quatre vents",
    "de noisetier", "aux mésanges", "d'argile", "de minuit", "aux merles", "de brindilles",
    "du grand détour", "aux carillons", "de sel", "à rebours", "de velours", "aux coquelicots",
    "de craie", "sous la pluie", "aux mille clefs", "de plume", "du petit jour", "à musique",
)  # fmt: skip


@dataclass(frozen=True)
class Structures:
    """The structures of a département in a data year; every list has one entry a structure.

    `ranks` are their places among all that the département ever has: draws that belong to a
    structure are made for all of them, so that it keeps them from year to year.
    """

    departement: str
    data_year: int
    population: str
    ranks: np.ndarray[tuple[int], np.dtype[np.int64]]
    capacity: int
    structure_id: list[str]
    nom: list[str]
    commune: list[str]
    nom_commune: list[str]
    gestionnaire: list[str]
    siret: list[str]
    association: Mask
    federated: Mask
    urban: Mask
    qpv: Mask
    size: Floats
    """Around 1: how large it is beside the others of its type."""
    first_agrement: list[date]
    end_of_agrement: list[date]
    acf: Mask

    def __len__(self) -> int:
        return len(self.structure_id)


def structures_of(
    seed: int, departement: str, data_year: int, times: float = 1
) -> list[Structures]:
    """The département's centres sociaux, then its espaces de vie sociale, approved that year.

    They are `times` as many as there are in reality.
    """
    made = [_structures(seed, departement, data_year, "CS", times)]
    if data_year >= FIRST_EVS_YEAR:
        made.append(_structures(seed, departement, data_year, "EVS", times))
    return made


@cache
def departements() -> tuple[str, ...]:
    """The départements that can be simulated: all of them."""
    return tuple(row["departement"] for row in _rows("departements.csv"))


def _structures(
    seed: int, departement: str, data_year: int, population: str, times: float
) -> Structures:
    place = f"{departement}-{population}"
    capacity = _count(seed, departement, population, max(data_year, *_CENTRES), times)
    count = _count(seed, departement, population, data_year, times)

    def holds(topic: str, share: float, change: float = 0.005) -> Mask:
        drawn = Series(seed, place, topic, capacity, data_year).lasting(change)[:count]
        return np.asarray(drawn < share)

    draw = Stream(seed, place, "structure")
    towns = _communes(departement)
    urban = Stream(seed, place, "urban").unit(capacity)[:count] < _URBAN[population]
    chosen = draw.unit(capacity)[:count]
    communes = [
        pool[int(at * at * len(pool))]  # the first ones are the largest
        for at, is_urban in zip(chosen, urban, strict=True)
        if (pool := towns["urbain" if is_urban or not towns["rural"] else "rural"])
    ]
    association = (
        Stream(seed, place, "association").unit(capacity)[:count] < (_ASSOCIATION[population])
    )
    names = _names(seed, place, population, capacity)[:count]
    managers = _managers(draw, names, communes, association, capacity)
    numbers = [_number(seed, departement, manager) for manager in managers]
    without = Stream(seed, place, "no siret").unit(capacity)[:count] < _NO_SIRET
    first, last = _agrements(seed, place, capacity, count, data_year)
    first_number = 1 if population == "CS" else 5001
    return Structures(
        departement=departement,
        data_year=data_year,
        population=population,
        ranks=np.arange(count),
        capacity=capacity,
        structure_id=[f"{departement}-{first_number + rank:04}" for rank in range(count)],
        nom=names,
        commune=[code for code, _ in communes],
        nom_commune=[name for _, name in communes],
        gestionnaire=managers,
        siret=["" if none else invented_siret(n) for n, none in zip(numbers, without, strict=True)],
        association=association,
        federated=holds("federated", FEDERATED[population], 0.01),
        urban=urban,
        qpv=urban & holds("qpv", _QPV_OF_URBAN[population]),
        size=Series(seed, place, "size", capacity, data_year).steady(0.4)[:count],
        first_agrement=first,
        end_of_agrement=last,
        acf=holds("acf", _ACF) if population == "CS" else np.zeros(count, dtype=np.bool_),
    )


def _count(seed: int, departement: str, population: str, data_year: int, times: float) -> int:
    """How many it has: its part of the national number, which only grows."""
    part = _parts(population)[departement] * times
    national = _national(_CENTRES if population == "CS" else _ESPACES, data_year)
    return int(part * national + Stream(seed, departement, population, "count").unit(1)[0])


def _national(known: dict[int, int], data_year: int) -> float:
    years = sorted(known)
    at = bisect_right(years, data_year)
    if at == 0:
        return known[years[0]]
    if at == len(years):
        return known[years[-1]]
    before, after = years[at - 1], years[at]
    share = (data_year - before) / (after - before)
    return known[before] + share * (known[after] - known[before])


@cache
def _parts(population: str) -> dict[str, float]:
    """Each département's part of France: by its inhabitants, but where it published a number."""
    rows = _rows("departements.csv")
    published = {
        row["departement"]: int(row["centres_publies"]) / _national(_CENTRES, _PUBLISHED_FOR)
        for row in rows
        if row["centres_publies"] and population == "CS"
    }
    inhabitants = {
        row["departement"]: int(row["population"])
        for row in rows
        if row["departement"] not in published
    }
    rest = 1 - sum(published.values())
    whole = sum(inhabitants.values())
    return published | {code: rest * n / whole for code, n in inhabitants.items()}


@cache
def _communes(departement: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {"urbain": [], "rural": []}
    for row in _rows("communes.csv"):
        if row["departement"] == departement:
            found[row["territoire"]].append((row["commune"], row["nom"]))
    return found


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _names(seed: int, place: str, population: str, count: int) -> list[str]:
    """A name of its own for each structure of the place: things and complements, in a new order."""
    pairs = len(_THINGS) * len(_WHAT)
    offset = int(Stream(seed, place, "first name").unit(1)[0] * pairs)
    kinds = Stream(seed, place, "kind of name").unit(count)
    step = 611  # prime to the number of pairs: all are met before one comes back
    places = [(offset + rank * step) % pairs for rank in range(count)]
    words = _KINDS[population]
    return [
        f"{words[int(kind * len(words))]} {_THINGS[at % len(_THINGS)]} {_WHAT[at // len(_THINGS)]}"
        for at, kind in zip(places, kinds, strict=True)
    ]


def _managers(
    draw: Stream,
    names: Sequence[str],
    communes: Sequence[tuple[str, str]],
    association: Mask,
    capacity: int,
) -> list[str]:
    """An association of its own or shared with the one before, else the invented régie locale."""
    shared = draw.unit(capacity)[: len(names)] < _SHARED_MANAGER
    managers: list[str] = []
    for i, name in enumerate(names):
        if association[i]:
            again = shared[i] and i > 0 and association[i - 1]
            # Every thing's name begins with its article: Le, La or L'.
            bare = name[name.index(" L") + 1 :]
            managers.append(managers[-1] if again else f"Association {bare}")
        else:
            managers.append(f"Régie locale ({communes[i][1]})")
    return managers


def _number(seed: int, departement: str, manager: str) -> int:
    return int(Stream(seed, departement, "siret", manager).unit(1)[0] * 100_000)


def _agrements(
    seed: int, place: str, capacity: int, count: int, data_year: int
) -> tuple[list[date], list[date]]:
    """First agrément, and the end of the one that covers the data year: it lasts four years."""
    draw = Stream(seed, place, "agrement")
    years, months, phases = draw.unit(3, capacity)[:, :count]
    earliest, latest = (1966, 2009) if place.endswith("CS") else (2005, 2015)
    first = [
        date(earliest + int(y * (latest - earliest + 1)), 1 + int(m * 12), 1)
        for y, m in zip(years, months, strict=True)
    ]
    ends = [data_year + (int(p * LONGEST_AGREMENT) - data_year) % LONGEST_AGREMENT for p in phases]
    return first, [date(year, 12, 31) for year in ends]
