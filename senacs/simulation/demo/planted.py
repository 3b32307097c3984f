"""What is planted in the exports on purpose: each cell with the text it holds and why."""

from enum import StrEnum
from typing import NamedTuple

from senacs.simulation.demo.answers import Value
from senacs.simulation.demo.centres import centres

UNKNOWN_STRUCTURE = "92-099"
"""Answers of 2012, but is in no register."""

UNKNOWN_STRUCTURE_NAME = "Centre social La Girouette absente"

UNKNOWN_COLUMN = "Nombre de micro-ondes"

NON_RESPONDENTS = {
    2011: frozenset[str](),
    2012: frozenset({"92-009", "92-014", "92-016", "92-024", "92-030", "92-032", "92-035"}),
}
"""2 of the 24 federated and 5 of the 16 others in 2012: members answer more often, as published."""


class Defect(StrEnum):
    """What is wrong, or only unusual, with a cell."""

    NO_ANSWER = "no_answer"
    NOT_CONCERNED = "not_concerned"
    SPELLING = "spelling"
    """Unusual but readable: nothing is to be found against it."""
    UNREADABLE_NUMBER = "unreadable_number"
    UNKNOWN_CODE = "unknown_code"
    OUT_OF_BOUNDS = "out_of_bounds"
    VACATAIRES_ABOVE_SALARIES = "vacataires_above_salaries"
    ETP_ABOVE_SALARIES = "etp_above_salaries"
    FUNDERS_DO_NOT_SUM = "funders_do_not_sum"
    UNKNOWN_STRUCTURE = "unknown_structure"
    DUPLICATE_STRUCTURE = "duplicate_structure"
    UNKNOWN_COLUMN = "unknown_column"


class Cell(NamedTuple):
    """One planted cell: its text, and the value (harmonised unit) a reader can make of it."""

    data_year: int
    structure_id: str
    question: str
    kind: Defect
    raw: str
    value: Value | None = None


CELLS = (
    Cell(2011, "92-013", "action_parentalite", Defect.NO_ANSWER, ""),
    Cell(2011, "92-031", "action_parentalite", Defect.NO_ANSWER, "NC"),
    Cell(2011, "92-018", "heures_benevolat", Defect.NO_ANSWER, "NC"),
    Cell(2011, "92-022", "nb_cdi", Defect.NO_ANSWER, "NC"),
    Cell(2011, "92-029", "population_zone", Defect.NO_ANSWER, ""),
    Cell(2011, "92-036", "population_zone", Defect.UNREADABLE_NUMBER, "environ 12 000"),
    Cell(2011, "92-025", "politique_ville", Defect.UNKNOWN_CODE, "ZFU"),
    Cell(2012, "92-008", "action_parentalite", Defect.NO_ANSWER, ""),
    Cell(2012, "92-013", "heures_benevolat", Defect.NO_ANSWER, "NC"),
    Cell(2012, "92-017", "publics_seniors", Defect.NO_ANSWER, ""),
    Cell(2012, "92-020", "heures_benevolat", Defect.NO_ANSWER, ""),
    Cell(2012, "92-028", "etp_total", Defect.NO_ANSWER, "NC"),
    Cell(2012, "92-033", "convention_pluripartenariale", Defect.NO_ANSWER, ""),
    Cell(2012, "92-038", "politique_ville", Defect.NO_ANSWER, "NC"),
    Cell(2012, "92-040", "nb_cdi", Defect.NO_ANSWER, ""),
    Cell(2012, "92-006", "usagers_ca", Defect.NOT_CONCERNED, "sans objet"),
    Cell(2012, "92-003", "action_culture", Defect.SPELLING, "OUI", "oui"),
    Cell(2012, "92-005", "action_scolarite", Defect.SPELLING, " oui ", "oui"),
    Cell(2012, "92-010", "partenaire_commune", Defect.SPELLING, "O", "oui"),
    Cell(2012, "92-012", "action_petite_enfance", Defect.SPELLING, "X", "oui"),
    Cell(2012, "92-037", "benevoles_activite", Defect.UNREADABLE_NUMBER, "environ 40"),
    Cell(2012, "92-027", "instance_habitants", Defect.UNKNOWN_CODE, "Conseil de quartier"),
    Cell(2012, "92-026", "benevoles_admin", Defect.OUT_OF_BOUNDS, "-8", -8),
    Cell(2012, "92-011", "nb_vacataires", Defect.VACATAIRES_ABOVE_SALARIES, "130", 130),
    # A lost decimal comma.
    Cell(2012, "92-007", "etp_total", Defect.ETP_ABOVE_SALARIES, "115", 115.0),
    Cell(2012, "92-039", "budget_total", Defect.FUNDERS_DO_NOT_SUM, "640,5", 640_500.0),
)

SECOND_ANSWER = 31

SECOND_DELIVERY = Cell(
    2012,
    "92-021",
    "nb_administrateurs",
    Defect.DUPLICATE_STRUCTURE,
    str(SECOND_ANSWER),
    SECOND_ANSWER,
)
"""Sent again later the same season, with this one answer changed."""


def planted_cell(data_year: int, structure_id: str, question: str) -> Cell | None:
    """What is planted there, if anything."""
    return next((cell for cell in CELLS if cell[:3] == (data_year, structure_id, question)), None)


def asked(data_year: int) -> frozenset[str]:
    """The structures that the campaign asks."""
    only_federated = data_year == 2011  # noqa: PLR2004 - as in the campaign's perimeter
    return frozenset(c.structure_id for c in centres() if c.federe or not only_federated)


def responded(data_year: int) -> frozenset[str]:
    """The structures of the register that answered."""
    return asked(data_year) - NON_RESPONDENTS[data_year]
