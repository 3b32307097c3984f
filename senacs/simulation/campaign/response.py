"""Who answers: members of the federation more often than others, large ones more than small."""

import numpy as np

from senacs.simulation.campaign.streams import FIRST_YEAR, Mask, Stream
from senacs.simulation.campaign.structures import Structures

CHANCE = {
    ("CS", True): 0.95,
    ("CS", False): 0.76,
    ("EVS", True): 0.85,
    ("EVS", False): 0.7,
}
"""Nord 2013: 86 % of all, 95 % of members, so 76 % of the others if about half are members.
Alpes-de-Haute-Provence 2018: 75 % of the espaces; members among them are our choice."""

_BY_SIZE = 0.06
"""How much more often one that is e times as large answers: our choice."""


def responding(seed: int, structures: Structures) -> Mask:
    """Which structures answer that year; who did not is the likelier to stay away again."""
    own = structures
    place = f"{own.departement}-{own.population}"
    habit = Stream(seed, place, "habit").unit(own.capacity)
    years = Stream(seed, place, "response").unit(own.data_year - FIRST_YEAR + 1, 2, own.capacity)
    as_usual, this_year = years[-1]
    drawn = np.where(as_usual < 0.5, habit, this_year)[own.ranks]  # noqa: PLR2004 - one in two
    chance = np.where(
        own.federated, CHANCE[own.population, True], CHANCE[own.population, False]
    ) + _BY_SIZE * np.log(own.size)
    return np.asarray(drawn < chance)
