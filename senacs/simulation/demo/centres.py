"""The invented centres of the demo and what the register says of them each year."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from senacs.settings import PROJECT_ROOT
from senacs.simulation.demo.draws import Draws
from senacs.simulation.sirets import invented_siret

CENTRES = Path(__file__).with_name("centres.csv")
COMMUNES = PROJECT_ROOT / "reference" / "communes_historique.csv"
DATA_YEARS = (2011, 2012)

AGREMENT_YEARS = 4
"""The longest an agrément lasts."""

_PREMISES = ("proprietaire", "mise_a_disposition", "locataire", "mixte")

NO_SIRET = frozenset({"92-012", "92-034"})
"""The public pages show empty SIRETs: so does the register, twice."""


@dataclass(frozen=True)
class Centre:
    """One invented centre social in a real commune."""

    structure_id: str
    nom: str
    commune: str
    nom_commune: str
    gestionnaire: str
    mode_gestion: str
    federe: bool


@cache
def centres() -> tuple[Centre, ...]:
    """Every centre of the register, by identifier."""
    with COMMUNES.open(encoding="utf-8", newline="") as file:
        names = {row["code_insee"]: row["nom"] for row in csv.DictReader(file, delimiter=";")}
    with CENTRES.open(encoding="utf-8", newline="") as file:
        return tuple(
            Centre(
                structure_id=row["structure_id"],
                nom=row["nom"],
                commune=row["commune"],
                nom_commune=names[row["commune"]],
                gestionnaire=row["gestionnaire"],
                mode_gestion=row["mode_gestion"],
                federe=row["federe"] == "oui",
            )
            for row in csv.DictReader(file, delimiter=";")
        )


def federated() -> tuple[Centre, ...]:
    """The members of the federation, the only ones asked about 2011."""
    return tuple(centre for centre in centres() if centre.federe)


@dataclass(frozen=True)
class RegisterEntry:
    """What the register says of a centre at one data year, beside its identity."""

    siret: str
    date_premier_agrement: date
    debut_agrement: date
    fin_agrement: date
    agrement_acf: bool
    qpv: bool
    statut_locaux: str


def register_entry(centre: Centre, data_year: int) -> RegisterEntry:
    """The register's line of a centre: agréments that ended with a year were renewed."""
    draws = Draws("register", centre.structure_id)
    first = date(draws.whole(1966, 2009), draws.whole(1, 12), draws.whole(1, 28))
    end = draws.whole(2011, 2014)
    while end < data_year:
        end += AGREMENT_YEARS
    premises = Draws("premises", centre.structure_id)
    return RegisterEntry(
        siret="" if centre.structure_id in NO_SIRET else _siret(centre.gestionnaire),
        date_premier_agrement=first,
        debut_agrement=max(first, date(end - AGREMENT_YEARS + 1, 1, 1)),
        fin_agrement=date(end, 12, 31),
        agrement_acf=draws.unit() < 0.85,  # noqa: PLR2004 - nowhere published: our choice
        qpv=premises.unit() < 0.4,  # noqa: PLR2004 - our choice
        statut_locaux=premises.pick(_PREMISES, [1, 6, 2, 1]),
    )


def _siret(manager: str) -> str:
    """A SIRET of the manager that passes the Luhn check and that Insee never gave (000...).

    As in the field, all centres of one manager share it: it identifies no structure.
    """
    return invented_siret(Draws("siret", manager).whole(10_000, 99_999))
