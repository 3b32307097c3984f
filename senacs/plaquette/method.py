"""The methodological note: who was asked, who answered, how to read the figures."""

from collections.abc import Iterator

from senacs.codebook.model import ADDABLE, Disclosure, Perimeter, Statistic
from senacs.french import NO_BREAK, listed, number, typography
from senacs.plaquette.model import Block, Cell, CellKind, Column, Paragraph, Row, Section, Table
from senacs.plaquette.subject import Subject
from senacs.plaquette.wording import measure, said, sentence
from senacs.vintages.model import Figure, Kind

SIMULATED = typography(
    "Données simulées : réponses inventées pour la démonstration, qui ne disent rien d'un centre "
    "réel."
)
_LAST_YEAR_OF_OLD_REGIONS = 2015


def method_section(subject: Subject) -> Section:
    """What a reader must know of all figures before citing one."""
    blocks: list[Block] = [Paragraph(text) for text in method_paragraphs(subject)]
    blocks += response_tables(subject)
    if subject.is_whole:
        blocks += _estimates(subject)
    return Section("methode", "Note méthodologique", tuple(blocks))


def method_paragraphs(subject: Subject) -> list[str]:
    """Source, perimeter, bases, secrecy, geography, vintage, licence."""
    return [typography(text) for text in _paragraphs(subject)]


def _paragraphs(subject: Subject) -> Iterator[str]:
    edition = subject.edition
    collection = edition.collection
    vintage = edition.vintage
    if collection.simulated:
        yield SIMULATED
    yield f"Source : {collection.label}, données {vintage.data_year}. {collection.provenance}"
    yield _perimeter(subject)
    yield (
        "Sous chaque chiffre est sa base : réponses à la question / structures répondantes / "
        "structures du périmètre. Les chiffres sont des sommes, des moyennes et des parts simples "
        "de ceux qui ont répondu, sans pondération : ceux qui n'ont pas répondu peuvent être "
        "différents. Un total ne dit rien d'eux."
    )
    if len(collection.populations) > 1:
        yield (
            f"{listed(list(collection.populations.values()))} ne sont jamais réunis dans une "
            "moyenne ni une part ; seuls quelques nombres le sont."
        )
    if collection.disclosure is Disclosure.PROTECTED:
        yield (
            f"«{NO_BREAK}s{NO_BREAK}» : secret statistique. Le chiffre porte sur trop peu de "
            "structures ou de gestionnaires, ou permettrait d'en retrouver un autre qui est "
            "caché : sa base est cachée avec lui."
        )
    yield (
        f"«{NO_BREAK}nd{NO_BREAK}» : personne n'a répondu à la question. «{NO_BREAK}–{NO_BREAK}» : "
        "le chiffre ne concerne personne ici, ou la question n'était pas posée. Zéro est écrit 0."
    )
    yield _geography(subject)
    kind = (
        "provisoire : des réponses tardives et des corrections peuvent encore arriver"
        if vintage.kind is Kind.PROVISIONAL
        else "définitive"
    )
    yield (
        f"Édition {vintage.name}, {kind}. Motif : {vintage.reason.rstrip('.')}. Une édition "
        "publiée ne change jamais ; une correction est une nouvelle édition, qui dit pourquoi. "
        f"Questionnaire codé {vintage.codebook[:12]}, programme {vintage.code[:12]}."
    )
    yield f"Licence : {collection.licence}."


def _perimeter(subject: Subject) -> str:
    collection = subject.edition.collection
    campaign = next(
        (one for one in collection.campaigns
         if one.data_year == subject.edition.vintage.data_year),
        None,
    )  # fmt: skip
    units = collection.unit_label_plural
    asked = {
        Perimeter.FEDERATED: f"les {units} adhérentes à la Fédération des centres sociaux",
        Perimeter.ALL: f"toutes les {units} agréées du registre",
        Perimeter.EXPORT: f"les {units} que liste le fichier livré",
    }
    words = asked[campaign.perimeter] if campaign else f"les {units} du registre"
    note = f" {campaign.note}" if campaign and campaign.note else ""
    partial = (
        " La collecte ne couvre pas toute la France : l'ensemble est celui des territoires "
        "enquêtés."
        if subject.edition.whole.level == "surveyed"
        else ""
    )
    return f"Périmètre : {words}.{note}{partial}"


def _geography(subject: Subject) -> str:
    year = subject.edition.vintage.data_year
    if year <= _LAST_YEAR_OF_OLD_REGIONS:
        return (
            f"Départements et régions sont ceux du 31 décembre {year} : les régions d'avant 2016, "
            "et à côté d'elles les régions actuelles là où elles sont autres."
        )
    return f"Départements et régions sont ceux du 31 décembre {year}."


def response_tables(subject: Subject) -> list[Block]:
    """Who was asked and who answered, for each population, in the area and in what holds it."""
    indicator = next(
        (one for one in subject.indicators.values() if one.statistic is Statistic.SCOPE),
        None,
    )
    any_indicator = indicator or subject.edition.collection.indicators[0]
    rows = []
    several = len(subject.edition.collection.populations) > 1
    for population, label in subject.populations.items():
        for area in subject.compared:
            figure = subject.figure(any_indicator.indicator, population, area)
            if figure:
                name = f"{label}, {area.label}" if several else area.label
                rows.append(Row(typography(name), _response(figure), strong=area == subject.area))
    columns = ("Interrogées", "Ayant répondu", "Taux de réponse")
    return [
        Table(
            "methode-reponse",
            "Qui a été interrogé, qui a répondu",
            "Population et territoire",
            tuple(Column("", label) for label in columns),
            tuple(rows),
        )
    ]


def _response(figure: Figure) -> tuple[Cell, ...]:
    rate = (
        f"{number(100 * figure.n_responded / figure.n_scope, 1)}{NO_BREAK}%"
        if figure.n_scope
        else "–"
    )
    return (
        Cell(CellKind.VALUE, number(figure.n_scope)),
        Cell(CellKind.VALUE, number(figure.n_responded)),
        Cell(CellKind.VALUE if figure.n_scope else CellKind.EMPTY, rate),
    )


def _estimates(subject: Subject) -> Iterator[Block]:
    """Totals estimated for all in scope, with their interval: of the whole only."""
    several = len(subject.edition.collection.populations) > 1
    for population, label in subject.populations.items():
        rows = []
        for indicator in subject.indicators.values():
            figure = subject.figure(indicator.indicator, population)
            if figure is None or figure.estimate is None or indicator.statistic not in ADDABLE:
                continue
            interval = ABSENT_INTERVAL
            if figure.estimate_low is not None and figure.estimate_high is not None:
                low, high = (
                    said(end, indicator) for end in (figure.estimate_low, figure.estimate_high)
                )
                interval = Cell(CellKind.VALUE, f"de {low} à {high}")
            observed = subject.cell(indicator.indicator, population)
            estimate = Cell(
                CellKind.VALUE, said(figure.estimate, indicator), number=figure.estimate
            )
            note = sentence(measure(indicator))
            cells = (observed, estimate, interval)
            rows.append(Row(typography(indicator.label), cells, note, indicator.indicator))
        if rows:
            title = "Estimations pour toutes les structures du périmètre"
            yield Table(
                f"methode-estimations-{population.lower()}",
                typography(f"{label} : {title[0].lower()}{title[1:]}" if several else title),
                "Indicateur",
                (
                    Column("", "Observé chez les répondants"),
                    Column("", "Estimé pour tous"),
                    Column("", "Intervalle à 95 %".replace(" %", f"{NO_BREAK}%")),
                ),
                tuple(rows),
            )


ABSENT_INTERVAL = Cell(CellKind.ABSENT, "–")
