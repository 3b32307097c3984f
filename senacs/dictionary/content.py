"""What the dictionary says, before it becomes a page or a workbook."""

from dataclasses import dataclass

from senacs.codebook.model import Collection
from senacs.codebook.questionnaire import CodeItem, Comparability, Kind, Publication, Question

KINDS = {
    Kind.NUMBER: "nombre",
    Kind.INTEGER: "nombre entier",
    Kind.CODE: "choix dans une liste",
    Kind.YES_NO: "oui ou non",
    Kind.DATE: "date",
    Kind.SIRET: "SIRET",
    Kind.SIREN: "SIREN",
    Kind.TEXT: "texte",
}

COMPARABILITY = {
    Comparability.UNSTATED: "posée",
    Comparability.SAME: "posée, comparable",
    Comparability.RECODED: "posée, ramenée à l'unité ou aux codes de la série",
    Comparability.BREAK: "posée, rupture de série",
}
MARKS = {
    Comparability.UNSTATED: "○",
    Comparability.SAME: "●",
    Comparability.RECODED: "R",
    Comparability.BREAK: "B",
}
"""One character for a cell of the matrix; the legend says what it means."""

ATTESTED = "attesté"
CHOICE = "notre choix"


@dataclass(frozen=True)
class Spell:
    """Consecutive data years in which nothing of a question changed."""

    first: int
    last: int
    question: Question

    @property
    def years(self) -> str:
        """`2014` or `2014–2018`."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True)
class Entry:
    """One question over all years."""

    question: str
    label: str
    theme: str
    theme_label: str
    block_label: str
    variable: str
    variable_note: str
    kind: str
    unit: str
    codes: str
    table_label: str
    years: dict[int, Question]
    spells: tuple[Spell, ...]
    cited: tuple[Publication, ...]

    @property
    def attested(self) -> str:
        """Whether a publication shows its subject."""
        return ATTESTED if self.cited else CHOICE


@dataclass(frozen=True)
class Dictionary:
    """Everything the page and the workbook show."""

    collection: Collection
    years: tuple[int, ...]
    entries: tuple[Entry, ...]
    code_lists: dict[str, tuple[CodeItem, ...]]

    def of_theme(self, theme: str) -> tuple[Entry, ...]:
        """The entries of a theme, in questionnaire order."""
        return tuple(entry for entry in self.entries if entry.theme == theme)

    def asked(self, year: int, population: str = "") -> int:
        """How many questions a year asks, of one population or in all."""
        return sum(
            not population or population in self.collection.populations_of(question)
            for question in self.collection.questions_of(year)
        )


def dictionary_of(collection: Collection) -> Dictionary:
    """The dictionary of a collection; questions in the order of the years that last ask them."""
    latest_first = [q for year in reversed(collection.data_years)
                    for q in collection.questions_of(year)]  # fmt: skip
    codes = list(dict.fromkeys(q.question for q in latest_first))
    themes = list(collection.themes)
    entries = sorted(
        (_entry(collection, code) for code in codes),
        key=lambda e: themes.index(e.theme) if e.theme in themes else len(themes),
    )
    used = dict.fromkeys(e.codes for e in entries if e.codes)
    return Dictionary(
        collection,
        collection.data_years,
        tuple(entries),
        {name: collection.codes_of(name) for name in sorted(used)},
    )


def _entry(collection: Collection, code: str) -> Entry:
    asked = collection.asked(code)
    last = asked[-1]
    variable = collection.variable_by_name.get(last.variable)
    theme = collection.theme_of(last)
    table = collection.table_by_name.get(last.table)
    cited = {name for question in asked for name in question.attested}
    return Entry(
        question=code,
        label=last.label,
        theme=theme,
        theme_label=collection.themes.get(theme, theme),
        block_label=collection.blocks.get(last.block, ""),
        variable=variable.variable if variable else "",
        variable_note=variable.note if variable else "",
        kind=KINDS[last.kind],
        unit=variable.unit if variable else last.unit,
        codes=last.codes,
        table_label=table.label if table else "",
        years={q.data_year: q for q in asked},
        spells=spells_of(asked),
        cited=tuple(p for p in collection.publications if p.publication in cited),
    )


def spells_of(asked: tuple[Question, ...]) -> tuple[Spell, ...]:
    """The years that ask a question, put together where nothing of it changed."""
    spells: list[Spell] = []
    for question in asked:
        if (
            spells
            and spells[-1].last == question.data_year - 1
            and _same(spells[-1].question, question)
        ):
            spells[-1] = Spell(spells[-1].first, question.data_year, spells[-1].question)
        else:
            spells.append(Spell(question.data_year, question.data_year, question))
    return tuple(spells)


def _same(before: Question, now: Question) -> bool:
    """Whether a reader need not be told of a change; a break is always told."""
    if now.comparability in {Comparability.RECODED, Comparability.BREAK}:
        return False
    told = (
        "header",
        "kind",
        "codes",
        "unit",
        "population",
        "filter",
        "block",
        "minimum",
        "maximum",
    )
    return all(getattr(before, name) == getattr(now, name) for name in told) and now.note in {
        "", before.note
    }  # fmt: skip
