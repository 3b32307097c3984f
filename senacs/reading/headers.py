"""Which question each column of an export answers."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum

from senacs.codebook import Collection, Question
from senacs.reading.folding import folded
from senacs.reading.suggestions import Suggestion, suggested
from senacs.reading.units import parted, unit_named

_COPY = re.compile(r"(.*\S)\s*(?:__|_duplicated_|\.|\s\()\d+\)?")
"""What tools add to a title that stands twice: `Budget__1`, `Budget.1`, `Budget (2)`."""


_LONGEST = 2000
"""No title is longer; what is, is not looked up."""
_JOINED = re.compile(r"\s*(?:/|\+|&|;|\bet\b|\bou\b)\s*", re.IGNORECASE)
"""What stands between two titles in one header."""


class ColumnStatus(StrEnum):
    """What became of a column, or of a question that has none."""

    MAPPED = "mapped"
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    REPEATED = "repeated"
    OTHER_UNIT = "other_unit"
    AMBIGUOUS = "ambiguous"
    ABSENT = "absent"
    ABSENT_REQUIRED = "absent_required"


TAKEN = frozenset({ColumnStatus.MAPPED, ColumnStatus.OTHER_UNIT})
"""Columns whose cells are a question's raw answers; in another unit, none of them is a value."""


@dataclass(frozen=True)
class Column:
    """A column of the file (position from 1) or a question without one (position 0).

    Attributes:
        unit: the unit that the header names.
        candidates: the questions it may be, where it is ambiguous.
        suggestion: the question it looks like, where it is unknown.
    """

    position: int
    header: str
    question: Question | None
    status: ColumnStatus
    unit: str = ""
    candidates: tuple[str, ...] = ()
    suggestion: Suggestion | None = None


class Titles:
    """The titles that a territory may write in a data year, and the questions they are."""

    def __init__(
        self, collection: Collection, territory: str, data_year: int, sheet: str = ""
    ) -> None:
        asked = collection.questions_of(data_year)
        if sheet:
            asked = collection.questions_for(data_year, sheet)
        self.questions = {q.question: q for q in asked}
        self._exact: dict[str, set[str]] = defaultdict(set)
        self._folded: dict[str, set[str]] = defaultdict(set)
        self._own_folded: dict[str, set[str]] = defaultdict(set)
        self._without_unit: dict[str, set[str]] = defaultdict(set)
        own: dict[str, set[str]] = defaultdict(set)
        for spelling in collection.header_spellings:
            here = spelling.data_year == data_year and spelling.territory == territory
            if here and spelling.question in {"", *self.questions}:
                own[spelling.header].add(spelling.question)
        for question in self.questions.values():
            self._exact[question.header].add(question.question)
            self._folded[folded(question.header)].add(question.question)
            if question.unit:
                base, _ = parted(question.header)
                self._without_unit[folded(base)].add(question.question)
        # The territory's own spelling counts before the codebook's.
        self._exact |= own
        for text, codes in own.items():
            self._own_folded[folded(text)] |= codes
        self._met: dict[str, set[str]] = {}
        self._own_folded.pop("", None)
        self._folded.pop("", None)

    def found(self, text: str) -> set[str]:
        """The questions a title is: exactly, else folded, else by its words beside the unit.

        An empty name among them says that the column is declared ignored.
        """
        if text not in self._met:
            self._met[text] = self._looked_up(text)
        return self._met[text]

    def _looked_up(self, text: str) -> set[str]:
        if text in self._exact:
            return self._exact[text]
        key = folded(text)
        known = self._own_folded.get(key) or self._folded.get(key)
        if known:
            return known
        base, unit = parted(text)
        return self._without_unit.get(folded(base), set()) if unit else set()

    def score(self, cells: list[str]) -> int:
        """How many questions, and columns declared ignored, these titles name."""
        codes: set[str] = set()
        for cell in cells:
            if cell and len(cell) <= _LONGEST and not cell.isdigit():
                codes |= self.found(" ".join(cell.split()))
        return len(codes)


def map_columns(header: list[str], titles: Titles) -> list[Column]:
    """Each column of the file, then each question without one.

    Nothing is guessed: a header that the codebook does not know is `unknown`, one that names
    another unit than its question is `other_unit`, one that is two questions `ambiguous`.
    """
    found = [titles.found(text) for text in header]
    sure = {code for codes in found if len(codes) == 1 for code in codes}
    for place, text in enumerate(header):
        if not found[place] and (copy := _COPY.fullmatch(text)):
            original = titles.found(copy[1])
            # Alone, it may be a question of its own: only beside the first is it its copy.
            found[place] = original if original and original <= sure else set()
        if not found[place]:
            parts = [titles.found(part) - {""} for part in _JOINED.split(text)]
            found[place] = set().union(*parts) if len(parts) > 1 and all(parts) else set()
    times = Counter(code for codes in found if len(codes) == 1 for code in codes)
    columns = [
        _column(position, text, codes, titles, times)
        for position, (text, codes) in enumerate(zip(header, found, strict=True), start=1)
    ]
    absent = [question for code, question in titles.questions.items() if code not in times]
    columns = [_with_suggestion(column, absent) for column in columns]
    columns += [
        Column(
            0,
            question.header,
            question,
            ColumnStatus.ABSENT_REQUIRED if question.required else ColumnStatus.ABSENT,
        )
        for question in absent
    ]
    return columns


def _column(
    position: int, header: str, codes: set[str], titles: Titles, times: Counter[str]
) -> Column:
    if not codes:
        return Column(position, header, None, ColumnStatus.UNKNOWN)
    if len(codes) > 1:
        candidates = tuple(sorted(codes - {""}))
        return Column(position, header, None, ColumnStatus.AMBIGUOUS, candidates=candidates)
    (code,) = codes
    if not code:
        return Column(position, header, None, ColumnStatus.IGNORED)
    question = titles.questions[code]
    unit = parted(header)[1]
    if times[code] > 1:
        status = ColumnStatus.REPEATED
    elif unit and unit_named(question.unit) not in {"", unit}:
        status = ColumnStatus.OTHER_UNIT
    else:
        status = ColumnStatus.MAPPED
    return Column(position, header, question, status, unit)


def _with_suggestion(column: Column, absent: list[Question]) -> Column:
    """An unknown column may be one of the questions that no column answers."""
    if column.status is not ColumnStatus.UNKNOWN:
        return column
    return Column(
        column.position,
        column.header,
        None,
        ColumnStatus.UNKNOWN,
        suggestion=suggested(column.header, absent),
    )
