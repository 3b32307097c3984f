"""The tables that explain the figures: codebook, areas, statuses; perimeter and changes beside."""

from collections.abc import Iterator

from senacs.opendata.figures import KEY, number, place
from senacs.opendata.labels import Labels
from senacs.opendata.tables import Column, Reference, Table, Type, frame_of
from senacs.opendata.words import EVERYTHING, LEVELS, REASONS, STATUSES
from senacs.vintages.model import Edition

_TEXT = Type.TEXT


def explanations(edition: Edition) -> Iterator[Table]:
    """All tables but the figures', in the order in which they are presented."""
    yield _indicators(edition)
    yield _themes(edition)
    yield _populations(edition)
    yield _areas(edition)
    yield _breakdowns(edition)
    yield _categories(edition)
    yield _statuses()
    yield _structures(edition)
    yield _changes(edition)


def _indicators(edition: Edition) -> Table:
    columns = (
        Column("indicateur", _TEXT, "Code de l'indicateur"),
        Column("libelle", _TEXT, "Son libellé"),
        Column("theme", _TEXT, "Code du thème"),
        Column("statistique", _TEXT, "scope, count, response, total, mean, median, share ou ratio"),
        Column("unite", _TEXT, "Unité de la valeur ; `share` : une part, de 0 à 1"),
        Column(
            "decimales", Type.INTEGER, "Décimales à montrer ; d'une part, une fois en pour cent"
        ),
        Column("variable", _TEXT, "Variable du questionnaire", False),
        Column("denominateur", _TEXT, "Variable par la somme de laquelle on divise", False),
        Column("codes", _TEXT, "Réponses comptées, séparées par des espaces", False),
        Column("condition", _TEXT, "Variable qui restreint la base", False),
        Column("codes_condition", _TEXT, "Réponses qui y font entrer", False),
        Column("note", _TEXT, "Ce qu'il faut savoir pour le lire", False),
    )
    rows = [
        (
            one.indicator, one.label, one.theme, one.statistic.value, one.unit, one.decimals,
            one.variable, one.denominator, " ".join(one.codes), one.where,
            " ".join(one.where_codes), one.note,
        )
        for one in edition.collection.indicators
    ]  # fmt: skip
    return Table(
        "indicateurs", "Indicateurs : leurs définitions", columns, ("indicateur",),
        frame_of(columns, rows), (Reference(("theme",), "themes", ("theme",)),),
    )  # fmt: skip


def _themes(edition: Edition) -> Table:
    columns = (
        Column("theme", _TEXT, "Code du thème"),
        Column("libelle", _TEXT, "Son libellé"),
    )
    rows = list(edition.collection.themes.items())
    return Table("themes", "Thèmes", columns, ("theme",), frame_of(columns, rows))


def _populations(edition: Edition) -> Table:
    columns = (
        Column("population", _TEXT, "Code de la population"),
        Column("libelle", _TEXT, "Son libellé"),
        Column("ensemble", Type.BOOLEAN, "Toutes les populations à la fois : comptes et totaux"),
    )
    declared = edition.collection
    rows = [
        *((code, label, False) for code, label in declared.populations.items()),
        *((code, label, True) for code, label in declared.pooled.items()),
    ]
    return Table("populations", "Populations", columns, ("population",), frame_of(columns, rows))


def _areas(edition: Edition) -> Table:
    levels = tuple(code for code, _ in LEVELS.values())
    columns = (
        Column("niveau", _TEXT, "Niveau du territoire", codes=levels),
        Column("territoire", _TEXT, "Code Insee ; FR pour la France, * pour ce qui est enquêté"),
        Column("libelle", _TEXT, "Son nom"),
        Column(
            "niveau_englobant", _TEXT, "Niveau du territoire dont il fait partie", False, levels
        ),
        Column("territoire_englobant", _TEXT, "Code du territoire dont il fait partie", False),
    )
    places = list(LEVELS)
    ordered = sorted(edition.areas.values(), key=lambda one: (places.index(one.level), one.code))
    rows = [
        (
            LEVELS[one.level][0], one.code, one.label,
            LEVELS[one.held_by[0]][0] if one.held_by else "", one.held_by[1] if one.held_by else "",
        )
        for one in ordered
    ]  # fmt: skip
    key = ("niveau", "territoire")
    return Table(
        "territoires", "Territoires, et ce qui les englobe", columns, key, frame_of(columns, rows),
        (Reference(("niveau_englobant", "territoire_englobant"), "", key),),
    )  # fmt: skip


def _breakdowns(edition: Edition) -> Table:
    columns = (
        Column("ventilation", _TEXT, "Code de la ventilation"),
        Column("libelle", _TEXT, "Son libellé"),
        Column("registre", Type.BOOLEAN, "Connue de toutes, par le registre ; sinon, déclarée"),
    )
    rows = [
        (EVERYTHING, "Ensemble", True),
        *((b.breakdown, b.label, b.of_register) for b in edition.collection.breakdowns),
    ]
    return Table("ventilations", "Ventilations", columns, ("ventilation",), frame_of(columns, rows))


def _categories(edition: Edition) -> Table:
    columns = (
        Column("ventilation", _TEXT, "Code de la ventilation"),
        Column("modalite", _TEXT, "Code de la modalité"),
        Column("libelle", _TEXT, "Son libellé"),
    )
    key = ("ventilation", "modalite")
    return Table(
        "modalites", "Modalités des ventilations", columns, key,
        frame_of(columns, Labels(edition).categories),
        (Reference(("ventilation",), "ventilations", ("ventilation",)),),
    )  # fmt: skip


def _statuses() -> Table:
    columns = (
        Column("statut", _TEXT, "Code, tel qu'il est dans la colonne `statut`"),
        Column("libelle", _TEXT, "Ce qu'il veut dire"),
        Column("signe", _TEXT, "Ce que les pages montrent à la place du chiffre", False),
        Column("confidentialite", _TEXT, "Code de la colonne `confidentialite`"),
        Column("obs_status", _TEXT, "Code SDMX (CL_OBS_STATUS) ; P : une valeur provisoire"),
        Column("conf_status", _TEXT, "Code SDMX (CL_CONF_STATUS)"),
    )
    rows = [
        (w.code, w.label, w.sign, w.confidentiality, w.obs_status, w.conf_status)
        for w in STATUSES.values()
    ]
    return Table("statuts", "Statuts des chiffres", columns, ("statut",), frame_of(columns, rows))


def _structures(edition: Edition) -> Table:
    columns = (
        Column("population", _TEXT, "Code de la population"),
        Column("departement", _TEXT, "Code Insee du département"),
        Column("commune", _TEXT, "Nom de la commune", False),
        Column("nom", _TEXT, "Nom de la structure au registre public"),
    )
    rows = sorted(
        (one.population, one.departement, one.commune, one.name) for one in edition.structures
    )
    rows.sort(key=lambda row: row[1:])
    return Table(
        "structures", "Structures du périmètre, telles que le registre public les nomme", columns,
        (), frame_of(columns, rows), (Reference(("population",), "populations", ("population",)),),
    )  # fmt: skip


def _changes(edition: Edition) -> Table:
    columns = (
        Column("indicateur", _TEXT, "Code de l'indicateur"),
        Column("population", _TEXT, "Code de la population"),
        Column("niveau", _TEXT, "Niveau du territoire"),
        Column("territoire", _TEXT, "Code du territoire"),
        Column("ventilation", _TEXT, "Code de la ventilation"),
        Column("modalite", _TEXT, "Code de la modalité"),
        Column(
            "raisons", _TEXT, "Pourquoi, séparées par des espaces : " + ", ".join(REASONS.values())
        ),
        Column(
            "avant",
            Type.NUMBER,
            "Valeur du millésime précédent ; rien si elle était masquée",
            False,
        ),
        Column("apres", Type.NUMBER, "Valeur de ce millésime ; rien si elle est masquée", False),
    )
    labels = Labels(edition)
    rows = [
        (
            key.indicator, key.population, LEVELS[key.level][0], key.area,
            *labels.category(key)[:2],
            " ".join(word for reason, word in REASONS.items() if reason in one.reasons),
            number(one.before), number(one.after),
        )
        for one in sorted(edition.changes, key=lambda change: place(change.key))
        for key in (one.key,)
    ]  # fmt: skip
    return Table(
        "changements", "Chiffres autres que dans le millésime précédent", columns, KEY,
        frame_of(columns, rows),
    )  # fmt: skip
