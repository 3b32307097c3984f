"""The figures of an edition as one long table: one row a figure."""

from decimal import Decimal

from senacs.opendata.labels import Labels
from senacs.opendata.tables import Column, Reference, Table, Type, frame_of
from senacs.opendata.words import LEVELS, STATUSES
from senacs.vintages.model import EVERYTHING, Edition, Figure, FigureKey

NAME = "chiffres"
_RANKS = {level: rank for rank, level in enumerate(LEVELS)}
KEY = ("indicateur", "population", "niveau", "territoire", "ventilation", "modalite")

_CODES = tuple(word.code for word in STATUSES.values())
COLUMNS = (
    Column("edition", Type.TEXT, "Nom du millésime : collecte, année des données, numéro"),
    Column("annee_donnees", Type.YEAR, "Année de l'activité décrite, non celle de la collecte"),
    Column("indicateur", Type.TEXT, "Code de l'indicateur"),
    Column("libelle_indicateur", Type.TEXT, "Son libellé"),
    Column("unite", Type.TEXT, "Unité de la valeur ; `share` : une part, de 0 à 1"),
    Column("population", Type.TEXT, "Code de la population : jamais deux dans une moyenne"),
    Column(
        "niveau", Type.TEXT, "Niveau du territoire",
        codes=tuple(code for code, _ in LEVELS.values()),
    ),
    Column("territoire", Type.TEXT, "Code Insee ; FR pour la France, * pour ce qui est enquêté"),
    Column("libelle_territoire", Type.TEXT, "Nom du territoire"),
    Column("ventilation", Type.TEXT, "Code de la ventilation ; `ensemble` : toutes les structures"),
    Column("modalite", Type.TEXT, "Code de la modalité ; `ensemble` : toutes les structures"),
    Column("libelle_modalite", Type.TEXT, "Son libellé"),
    Column("n_interrogees", Type.INTEGER, "N : structures du périmètre"),
    Column("n_repondantes", Type.INTEGER, "Parmi elles, celles qui ont répondu à l'enquête"),
    Column("n_concernees", Type.INTEGER, "Parmi elles, celles que le chiffre concerne", False),
    Column("n_reponses", Type.INTEGER, "Parmi elles, celles qui ont répondu à la question", False),
    Column("valeur", Type.NUMBER, "Le chiffre, sur les répondantes ; voir `statut`", False),
    Column("statut", Type.TEXT, "Ce qu'il en est du chiffre", codes=_CODES),
    Column("confidentialite", Type.TEXT, "Ce que le secret en fait", codes=("libre", "secret")),
    Column("estimation", Type.NUMBER, "Pour toutes les structures du périmètre, en tout", False),
    Column("estimation_basse", Type.NUMBER, "Borne basse de son intervalle à 95 %", False),
    Column("estimation_haute", Type.NUMBER, "Sa borne haute", False),
)  # fmt: skip


def figures_table(edition: Edition) -> Table:
    """All figures of the edition's own data year; those of earlier years are in their editions."""
    labels = Labels(edition)
    ordered = sorted(edition.frozen.figures.values(), key=lambda figure: place(figure.key))
    return Table(
        NAME,
        "Chiffres : une ligne par chiffre",
        COLUMNS,
        KEY,
        frame_of(COLUMNS, [_row(edition, labels, figure) for figure in ordered]),
        (
            Reference(("indicateur",), "indicateurs", ("indicateur",)),
            Reference(("population",), "populations", ("population",)),
            Reference(("niveau", "territoire"), "territoires", ("niveau", "territoire")),
            Reference(("ventilation", "modalite"), "modalites", ("ventilation", "modalite")),
            Reference(("statut",), "statuts", ("statut",)),
        ),
    )


def place(key: FigureKey) -> tuple[str, str, int, str, str, str]:
    """Where a figure stands: large areas first, everyone before the categories."""
    return (
        key.indicator, key.population, _RANKS[key.level], key.area,
        "" if key.breakdown == EVERYTHING else key.breakdown, key.category,
    )  # fmt: skip


def number(value: Decimal | None) -> float | None:
    """The number of a decimal one."""
    return None if value is None else float(value)


def _row(edition: Edition, labels: Labels, figure: Figure) -> tuple[object, ...]:
    key, word = figure.key, STATUSES[figure.status]
    indicator = edition.collection.indicator_by_name[key.indicator]
    return (
        edition.vintage.name, edition.vintage.data_year,
        key.indicator, indicator.label, indicator.unit, key.population,
        LEVELS[key.level][0], key.area, labels.area(key), *labels.category(key),
        figure.n_scope, figure.n_responded, figure.n_base, figure.n_item,
        number(figure.value), word.code, word.confidentiality,
        number(figure.estimate), number(figure.estimate_low), number(figure.estimate_high),
    )  # fmt: skip
