"""Codes of the open data, and what they mean: English in the house, French for re-users.

The flags of SDMX are those of its own lists, CL_OBS_STATUS and CL_CONF_STATUS.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from senacs.vintages.model import Kind, Reason, Status

EVERYTHING = "ensemble"
"""The category, and the breakdown, of a figure that is not broken down."""

UNKNOWN = "Non connu"
"""Where a structure is of which the category is not known."""

LEVELS: Mapping[str, tuple[str, str]] = {
    "france": ("france", "France"),
    "surveyed": (
        "territoires_enquetes",
        "Territoires enquêtés : une collecte partielle, jamais la France",
    ),
    "region_today": ("region_actuelle", "Région d'aujourd'hui"),
    "region": ("region", "Région en vigueur l'année des données"),
    "departement": ("departement", "Département"),
}
"""Code and label of each level, from large to small."""

KINDS: Mapping[Kind, str] = {Kind.PROVISIONAL: "provisoire", Kind.FINAL: "définitive"}

REASONS: Mapping[Reason, str] = {
    Reason.PERIMETER: "perimetre",
    Reason.LATE_REPLY: "reponse_tardive",
    Reason.METHOD: "methode",
    Reason.CORRECTION: "correction",
    Reason.DISCLOSURE: "secret",
}


@dataclass(frozen=True, slots=True)
class StatusWord:
    """How a status is written.

    Attributes:
        code: in the column `statut`.
        sign: what pages show in place of a number; empty where there is one.
        confidentiality: in the column `confidentialite`.
        obs_status: SDMX; a value of a provisional vintage has another one.
        conf_status: SDMX.
    """

    code: str
    label: str
    sign: str
    confidentiality: str
    obs_status: str
    conf_status: str


STATUSES: Mapping[Status, StatusWord] = {
    Status.VALUE: StatusWord("valeur", "Le chiffre est donné", "", "libre", "A", "F"),
    Status.HIDDEN: StatusWord(
        "masque", "Le chiffre est couvert par le secret, quelle qu'en soit la règle", "s",
        "secret", "Q", "C",
    ),
    Status.NO_ANSWER: StatusWord(
        "sans_reponse", "Aucune structure concernée n'a répondu à la question", "nd",
        "libre", "O", "F",
    ),
    Status.NO_BASE: StatusWord(
        "sans_objet", "Aucune structure n'est concernée ici", "–", "libre", "M", "F"
    ),
}  # fmt: skip

PROVISIONAL = "P"
"""SDMX status of a value that may still change."""
