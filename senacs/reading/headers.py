"""Which question each column of an export answers."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from senacs.codebook import Collection, Question
from senacs.reading.folding import folded


class ColumnStatus(StrEnum):
    """What became of a column, or of a question that has none."""

    MAPPED = "mapped"
    IGNORED = "ignored"
    UNKNOWN = "unknown"
    REPEATED = "repeated"
    ABSENT = "absent"
    ABSENT_REQUIRED = "absent_required"


@dataclass(frozen=True)
class Column:
    """A column of the file (position from 1) or a question without one (position 0)."""

    position: int
    header: str
    question: Question | None
    status: ColumnStatus


def map_columns(
    header: list[str], collection: Collection, territory: str, data_year: int
) -> list[Column]:
    """Map by the territory's own spelling, then the codebook's, exactly, then folded.

    Nothing is guessed: a header that none of these knows is `unknown`.
    """
    questions = {q.question: q for q in collection.questions_of(data_year)}
    spelt = {q.header: q.question for q in questions.values()}
    spelt |= {
        s.header: s.question
        for s in collection.header_spellings
        if (s.territory, s.data_year) == (territory, data_year)
    }
    by_folded = {folded(text): code for text, code in spelt.items()}
    found = [spelt.get(text, by_folded.get(folded(text))) for text in header]
    times = Counter(code for code in found if code)
    columns = [
        _column(position, text, code, questions, times)
        for position, (text, code) in enumerate(zip(header, found, strict=True), start=1)
    ]
    columns += [
        Column(
            0,
            question.header,
            question,
            ColumnStatus.ABSENT_REQUIRED if question.required else ColumnStatus.ABSENT,
        )
        for code, question in questions.items()
        if code not in times
    ]
    return columns


def _column(
    position: int,
    header: str,
    code: str | None,
    questions: dict[str, Question],
    times: Counter[str],
) -> Column:
    if code is None:
        return Column(position, header, None, ColumnStatus.UNKNOWN)
    if not code:
        return Column(position, header, None, ColumnStatus.IGNORED)
    status = ColumnStatus.REPEATED if times[code] > 1 else ColumnStatus.MAPPED
    return Column(position, header, questions[code], status)
