"""Who answers: members of the federation more often than others, large ones more than small."""

from dataclasses import dataclass

import numpy as np

from senacs.simulation.campaign.streams import FIRST_YEAR, Mask, Stream
from senacs.simulation.campaign.structures import FEDERATED, Structures

CHANCE = {
    ("CS", True): 0.95,
    ("CS", False): 0.76,
    ("EVS", True): 0.85,
    ("EVS", False): 0.7,
}
"""Nord 2013: 86 % of all, 95 % of members, so 76 % of the others if about half are members.
Alpes-de-Haute-Provence 2018: 75 % of the espaces; members among them are our choice."""

BY_SIZE = 0.06
"""How much more often one that is e times as large answers: our choice."""


@dataclass(frozen=True)
class Nonresponse:
    """What it depends on whether a structure answers.

    Attributes:
        federation: members answer more often; else all of a type alike, as often on the whole.
        by_size: how much more often one that is e times as large answers; 0: as often.
    """

    federation: bool = True
    by_size: float = BY_SIZE


USUAL = Nonresponse()


def responding(seed: int, structures: Structures, nonresponse: Nonresponse = USUAL) -> Mask:
    """Which structures answer that year; who did not is the likelier to stay away again."""
    own = structures
    place = f"{own.departement}-{own.population}"
    habit = Stream(seed, place, "habit").unit(own.capacity)
    years = Stream(seed, place, "response").unit(own.data_year - FIRST_YEAR + 1, 2, own.capacity)
    as_usual, this_year = years[-1]
    drawn = np.where(as_usual < 0.5, habit, this_year)[own.ranks]  # noqa: PLR2004 - one in two
    members, others = CHANCE[own.population, True], CHANCE[own.population, False]
    if nonresponse.federation:
        chance = np.where(own.federated, members, others)
    else:
        of_members = FEDERATED[own.population]
        chance = np.full(len(own), of_members * members + (1 - of_members) * others)
    return np.asarray(drawn < chance + nonresponse.by_size * np.log(own.size))
