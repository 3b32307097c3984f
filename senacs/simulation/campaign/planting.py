"""Where defects are planted in an export: each at a cell, row or column of its own, and noted."""

from collections.abc import Callable, Iterator, Set

from senacs.codebook import Question
from senacs.simulation.campaign.export import Draft, Line, Meaning, Planted
from senacs.simulation.campaign.spelling import Written
from senacs.simulation.campaign.streams import Stream

UNREADABLE = Meaning("reported")
"""What a spoilt cell means: something was answered, and no value can be made of it."""


class Planting:
    """Plants in a draft, by draws of its own; no cell and no row is spoilt twice."""

    def __init__(self, draft: Draft, seed: int) -> None:
        self.draft = draft
        self.draw = Stream(seed, "defects", draft.territory, draft.data_year)
        self.spoilt_rows: set[int] = set()
        self.spoilt_columns: set[str] = set()
        self.spoilt: set[tuple[int, str]] = set()

    def write(
        self, kind: str, rule: str, place: int, name: str, *, raw: Written, meaning: Meaning
    ) -> None:
        """Put a content in a cell, and note why."""
        line = self.draft.lines[place]
        line.cells[name] = raw
        if meaning.value is None:
            self._forget(line, name)
        line.meaning[name] = meaning
        self.spoilt.add((place, name))
        self.draft.planted.append(
            Planted(
                kind, rule, self.draft.row_of(place), line.structure_id, name,
                self.draft.title_of(name), str(raw).strip(),
            )
        )  # fmt: skip

    def _forget(self, line: Line, name: str) -> None:
        """What depends on a lost answer and was left empty is no longer known to be beside it."""
        for question in self.draft.questions:
            if question.filter and question.filter.question == name:
                own = question.question
                if line.meaning[own].status == "not_concerned" and line.cells[own] == "":
                    line.meaning[own] = Meaning("missing")
                    self._forget(line, own)

    def clean_lines(self, question: str) -> Iterator[int]:
        """Places of clean reported answers to a question, in a drawn order."""
        count = len(self.draft.lines)
        start = int(self.draw.unit(1)[0] * count)
        for i in range(count):
            place = (start + i) % count
            if place in self.spoilt_rows or (place, question) in self.spoilt:
                continue
            answer = self.draft.lines[place].meaning[question]
            if answer.status == "reported" and answer.value is not None:
                yield place

    def is_free(self, question: str) -> bool:
        """Whether a question's column is not spoilt as a whole."""
        return question not in self.spoilt_columns

    def whole_row(self) -> int | None:
        """A row in which nothing is spoilt, kept for one defect; none if all are."""
        count = len(self.draft.lines)
        start = int(self.draw.unit(1)[0] * count)
        touched = {place for place, _ in self.spoilt} | self.spoilt_rows
        for i in range(count):
            place = (start + i) % count
            if place not in touched:
                self.spoilt_rows.add(place)
                return place
        return None

    def append(self, line: Line) -> int:
        """Put a line at the end, so that no other row moves; its place."""
        self.draft.lines.append(line)
        place = len(self.draft.lines) - 1
        self.spoilt_rows.add(place)
        return place

    def note(self, kind: str, rule: str, place: int, question: str = "") -> None:
        """Note a defect of a row."""
        title = self.draft.title_of(question) if question else ""
        self.draft.planted.append(
            Planted(
                kind, rule, self.draft.row_of(place), self.draft.lines[place].structure_id,
                question, title,
            )
        )  # fmt: skip

    def free_column(
        self, fits: Callable[[Question], bool], besides: Set[str] = frozenset()
    ) -> Question | None:
        """A question whose column is still clean and on which no other depends."""
        depended = {q.filter.question for q in self.draft.questions if q.filter}
        touched = {name for _, name in self.spoilt} | self.spoilt_columns | depended | besides
        names = [
            q for q in self.draft.delivered
            if fits(q) and not q.role and not q.required and q.question not in touched
        ]  # fmt: skip
        if not names:
            return None
        question = names[int(self.draw.unit(1)[0] * len(names))]
        self.spoilt_columns.add(question.question)
        return question

    def note_column(self, kind: str, rule: str, title: str, question: str = "") -> None:
        """Note a defect of a column."""
        self.draft.planted.append(Planted(kind, rule, question=question, header=title))
