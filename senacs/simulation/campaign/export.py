"""One territory's export of a data year: its rows before they are written, and what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np

from senacs.codebook import Collection, Question
from senacs.codebook.questionnaire import NUMERIC
from senacs.simulation.campaign.answers import Standing, TrueColumn, true_columns
from senacs.simulation.campaign.dialects import Dialect, with_format
from senacs.simulation.campaign.response import USUAL, Nonresponse, responding
from senacs.simulation.campaign.spelling import Written, written
from senacs.simulation.campaign.streams import Mask, Stream
from senacs.simulation.campaign.structures import Structures
from senacs.simulation.campaign.titles import CONTACT, TIMESTAMP, Titles, titles_of
from senacs.simulation.campaign.writing import Sheet, file_bytes

STANDING_WORDS = {
    Standing.REPORTED: "reported",
    Standing.MISSING: "missing",
    Standing.NOT_ASKED: "not_asked",
    Standing.NOT_CONCERNED: "not_concerned",
}
_XLS_COLUMNS = 250
"""An XLS sheet has 256 columns at most: who has more questions sends XLSX."""
_TITLES = ("Enquête Senacs : données SIMULÉES", "Export du territoire")
_FOOTNOTE = "Source : données simulées, aucune réponse réelle n'est reprise dans ce fichier."
_INSTRUCTIONS = [["Mode d'emploi"], ["Une ligne par structure ; ne pas modifier les intitulés."]]


@dataclass(frozen=True)
class Meaning:
    """What a cell means: its status, and the value as text (a number in the question's unit)."""

    status: str
    value: str | None = None


@dataclass(frozen=True)
class Planted:
    """A defect planted on purpose, and the rule that is to find it.

    `row` is the row of the file as a spreadsheet counts (none for a column or the whole file).
    `rule` is empty for what is unusual but right: nothing is to be found against it.
    """

    kind: str
    rule: str
    row: int | None = None
    structure_id: str = ""
    question: str = ""
    header: str = ""
    raw: str = ""


@dataclass
class Line:
    """One row of the export: a cell for each question, and what each of them means."""

    structure_id: str
    cells: dict[str, Written]
    meaning: dict[str, Meaning]
    sent: str
    shift: str = ""
    """The question whose cell is left out, which moves those behind it."""


@dataclass
class Draft:
    """An export before it is written. Defects are planted in it."""

    territory: str
    data_year: int
    dialect: Dialect
    questions: tuple[Question, ...]
    titles: Titles
    lines: list[Line]
    dropped: set[str] = field(default_factory=set)
    """Questions whose column is left out."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Titles that are not the territory's usual ones."""
    added: list[tuple[str, list[str]]] = field(default_factory=list)
    """Columns that are no question, with their cells."""
    planted: list[Planted] = field(default_factory=list)
    respondents: frozenset[str] = frozenset()
    truth: list[tuple[Structures, list[TrueColumn]]] = field(default_factory=list)
    """What all would have answered, whether they did or not."""

    @property
    def header(self) -> list[str]:
        """The titles of the columns."""
        own = [self.renamed.get(q.question, self.titles.header[q.question]) for q in self.delivered]
        return [TIMESTAMP, *own, CONTACT, *(title for title, _ in self.added)]

    @property
    def delivered(self) -> list[Question]:
        """The questions that have a column."""
        return [q for q in self.questions if q.question not in self.dropped]

    @property
    def first_row(self) -> int:
        """The row of the first line in the file, from 1."""
        above = len(_TITLES) + 1 if self.dialect.titles else 0
        return above + 1 + (1 if self.titles.below else 0) + 1

    def row_of(self, line: int) -> int:
        """The row of a line in the file."""
        return self.first_row + line

    def title_of(self, question: str) -> str:
        """The title of a question's column, as a reader sees it."""
        title = self.renamed.get(question, self.titles.header[question])
        return title.strip()


def draft_export(
    seed: int,
    collection: Collection,
    blocks: Sequence[Structures],
    data_year: int,
    dialect: Dialect,
    *,
    nonresponse: Nonresponse = USUAL,
) -> Draft:
    """The answers of those who answered, spelt as the territory does, with no defect yet."""
    questions = collection.questions_of(data_year)
    if dialect.form.name == "xls" and len(questions) > _XLS_COLUMNS:
        dialect = with_format(dialect, "xlsx")
    lines: list[Line] = []
    truth = [(block, true_columns(seed, collection, block, data_year)) for block in blocks]
    for block, columns in truth:
        answered = responding(seed, block, nonresponse)
        lines += _lines(seed, collection, block, columns, dialect, answered=answered)
    if Stream(seed, "order", dialect.territory).unit(1)[0] < 0.5:  # noqa: PLR2004 - one in two
        lines.sort(key=lambda line: (line.sent[6:10], line.sent[3:5], line.sent, line.structure_id))
    return Draft(
        territory=dialect.territory,
        data_year=data_year,
        dialect=dialect,
        questions=questions,
        titles=titles_of(questions, dialect),
        lines=lines,
        respondents=frozenset(line.structure_id for line in lines),
        truth=truth,
    )


def _lines(
    seed: int,
    collection: Collection,
    block: Structures,
    columns: Sequence[TrueColumn],
    dialect: Dialect,
    *,
    answered: Mask,
) -> list[Line]:
    names = [column.question.question for column in columns]
    chance = Stream(seed, dialect.territory, "writing", block.data_year, block.population)
    spelt = [written(column, collection, dialect, chance.unit(len(block))) for column in columns]
    meant = [_meanings(column) for column in columns]
    days = chance.unit(2, len(block))
    return [
        Line(
            structure_id=block.structure_id[i],
            cells=dict(zip(names, (cells[i] for cells in spelt), strict=True)),
            meaning=dict(zip(names, (meanings[i] for meanings in meant), strict=True)),
            sent=_moment(block.data_year, float(days[0, i]), float(days[1, i])),
        )
        for i in np.flatnonzero(answered).tolist()
    ]


_NOTHING = {standing: Meaning(word) for standing, word in STANDING_WORDS.items()}


def _meanings(column: TrueColumn) -> list[Meaning]:
    texts = value_texts(column)
    return [
        Meaning("reported", text) if not standing else _NOTHING[Standing(standing)]
        for text, standing in zip(texts, column.standing.tolist(), strict=True)
    ]


def value_texts(column: TrueColumn) -> list[str]:
    """The true values as text: a number in the question's unit, a code, a day (ISO) or a text."""
    if column.question.kind in NUMERIC:
        return [f"{Decimal(f'{cell:.{column.decimals}f}'):f}" for cell in column.cells]
    return [cell.isoformat() if isinstance(cell, date) else str(cell) for cell in column.cells]


def _moment(data_year: int, day: float, hour: float) -> str:
    at = int(day * 120)
    return f"{1 + at % 28:02}/{4 + at // 28:02}/{data_year + 1} {8 + int(hour * 10):02}:30"


def export_bytes(draft: Draft, inner_name: str) -> bytes:
    """The file of a draft."""
    dialect = draft.dialect
    rows: list[list[Written]] = []
    width = len(draft.header)
    if dialect.titles:
        rows += [[_TITLES[0]], [f"{_TITLES[1]} {draft.territory}"], []]
    rows.append([*draft.header])
    if draft.titles.below:
        own = [draft.titles.below[q.question] for q in draft.delivered]
        others = [f"COLONNE_{place}" for place, _ in enumerate(draft.added, start=1)]
        rows.append(["HORODATEUR", *own, "COURRIEL", *others])
    delivered = [q.question for q in draft.delivered]
    for place, line in enumerate(draft.lines):
        cells = [line.cells[name] for name in delivered if name != line.shift]
        contact = f"accueil@{line.structure_id.lower()}.exemple.invalid"
        rows.append([line.sent, *cells, contact, *(column[place] for _, column in draft.added)])
    if dialect.totals:
        rows.append(["TOTAL", *[""] * (width - 1)])
        rows.append([_FOOTNOTE])
    unseen = frozenset({draft.header.index(CONTACT)}) if dialect.hidden else frozenset[int]()
    sheets = [Sheet("Export", rows, unseen)]
    readme = ""
    if dialect.more_sheets:
        sheets.append(Sheet("Mode d'emploi", _INSTRUCTIONS))
        readme = "Données simulées."
    return file_bytes(sheets, dialect.form, inner_name, readme)


def file_notes(draft: Draft) -> list[Planted]:
    """What the rules are to say of the file itself: its format and what surrounds the table."""
    dialect = draft.dialect
    rules = {
        "csv-cp1252": ["FIC-09"], "csv-pipe": ["FIC-09"], "csv-latin9": ["FIC-17"],
        "csv-macroman": ["FIC-17"], "csv-zip": ["FIC-09", "FIC-28"], "csv-gzip": ["FIC-28"],
    }.get(dialect.form.name, [])  # fmt: skip
    found = [*rules]
    if dialect.titles:
        found.append("FIC-21")
    if draft.titles.below:
        found.append("FIC-22")
    if dialect.totals:
        found += ["FIC-23", "FIC-24"]
    if dialect.more_sheets:
        found += ["FIC-25"] if dialect.form.workbook else []
        found += ["FIC-29"] if dialect.form.name == "csv-zip" else []
    if dialect.hidden and dialect.form.name in {"xlsx", "ods"}:  # of an XLS nothing tells
        found.append("FIC-30")
    return [Planted("file", rule) for rule in found]
