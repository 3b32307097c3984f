"""The register's export of a territory: one line for each structure approved in the data year."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date

from senacs.codebook import Collection
from senacs.simulation.campaign.answers import managed_as
from senacs.simulation.campaign.groups import Draws
from senacs.simulation.campaign.streams import Mask
from senacs.simulation.campaign.structures import LONGEST_AGREMENT, Structures


def register_bytes(
    seed: int, collection: Collection, blocks: Sequence[Structures], data_year: int
) -> bytes:
    """The register, UTF-8 and `;`: what it holds of each structure is right."""
    questions = collection.questions_of(data_year)
    codes = {
        (q.question, item.code): item.label
        for q in questions
        for item in collection.codes_of(q.codes)
    }
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow([q.header for q in questions])
    for block in blocks:
        columns = [
            [codes.get((q.question, text), text) for text in _COLUMNS[q.question](seed, block)]
            for q in questions
        ]
        writer.writerows(zip(*columns, strict=True))
    return out.getvalue().encode()


def _days(days: Sequence[date]) -> list[str]:
    return [f"{day:%d/%m/%Y}" for day in days]


def _begins(block: Structures) -> list[str]:
    """The first day of the agrément that covers the data year."""
    ended = (date(day.year - LONGEST_AGREMENT + 1, 1, 1) for day in block.end_of_agrement)
    return _days([max(pair) for pair in zip(block.first_agrement, ended, strict=True)])


def _of(population: str, block: Structures, texts: list[str]) -> list[str]:
    return texts if block.population == population else [""] * len(block)


def _where(mask: Mask, texts: Sequence[str]) -> list[str]:
    return [text if holds else "" for holds, text in zip(mask.tolist(), texts, strict=True)]


def _yes(mask: Mask) -> list[str]:
    return ["Oui" if holds else "Non" for holds in mask.tolist()]


_PREMISES = ("mise_a_disposition", "mise_a_disposition", "proprietaire", "locataire", "mixte")
"""Twice as often lent as any other: our choice."""

_COLUMNS: dict[str, Callable[[int, Structures], Sequence[str]]] = {
    "structure_id": lambda _, block: block.structure_id,
    "nom": lambda _, block: block.nom,
    "type": lambda _, block: [block.population] * len(block),
    "commune": lambda _, block: block.commune,
    "nom_commune": lambda _, block: block.nom_commune,
    "siret": lambda _, block: block.siret,
    "gestionnaire": lambda _, block: block.gestionnaire,
    "mode_gestion": managed_as,
    "federe": lambda _, block: _yes(block.federated),
    "date_premier_agrement": lambda _, block: _days(block.first_agrement),
    "fin_agrement": lambda _, block: _days(block.end_of_agrement),
    "agrement_acf": lambda _, block: _yes(block.acf),
    "agrement_agc": lambda _, block: ["Oui" if block.population == "CS" else "Non"] * len(block),
    "debut_agc": lambda _, block: _of("CS", block, _begins(block)),
    "fin_agc": lambda _, block: _of("CS", block, _days(block.end_of_agrement)),
    "debut_acf": lambda _, block: _where(block.acf, _begins(block)),
    "fin_acf": lambda _, block: _where(block.acf, _days(block.end_of_agrement)),
    "debut_evs": lambda _, block: _of("EVS", block, _begins(block)),
    "fin_evs": lambda _, block: _of("EVS", block, _days(block.end_of_agrement)),
    "qpv": lambda _, block: _yes(block.qpv),
    "statut_locaux": lambda seed, block: [
        _PREMISES[int(at * len(_PREMISES))] for at in Draws(seed, block).lasting("statut_locaux")
    ],
}
