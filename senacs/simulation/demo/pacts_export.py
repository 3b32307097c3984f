"""The demo's agreements: fully fictitious, around invented centres of its register."""

from senacs.codebook import load_collection
from senacs.simulation.demo.centres import AGREMENT_YEARS, centres, register_entry
from senacs.simulation.demo.draws import SEED
from senacs.simulation.demo.writing import CODEBOOK, TERRITORY
from senacs.simulation.pacts.agreements import Covered, agreements
from senacs.simulation.pacts.writing import workbook

NUMBERS = range(1, 13)


def pacts_export(data_year: int) -> bytes:
    """The territory's workbook about that data year."""
    lines = agreements(f"{SEED}/pacts", NUMBERS, covered(), data_year, TERRITORY)
    return workbook(lines, load_collection(CODEBOOK, "pactes"), data_year)


def covered() -> list[Covered]:
    """The centres that may be covered, with the agrément that the register knew first."""
    made = []
    for centre in centres():
        entry = register_entry(centre, 2011)
        begins = entry.fin_agrement.replace(year=entry.fin_agrement.year - AGREMENT_YEARS + 1)
        first = begins.replace(month=1, day=1)
        made.append(Covered(centre.structure_id, "AGC", first, entry.fin_agrement))
    return made
