"""How the territory's tools wrote their files: encoding, separators, numbers, spellings."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from senacs.codebook.model import Collection, Kind, Question
from senacs.settings import PROJECT_ROOT
from senacs.simulation.demo.answers import Value
from senacs.simulation.demo.draws import Draws

CODEBOOK = PROJECT_ROOT / "codebook"
TERRITORY = "92"


@dataclass(frozen=True)
class Dialect:
    """The habits of the tool that wrote a file."""

    encoding: str
    line_end: str
    thousands: tuple[str, ...] = ("",)
    code_spelling: int = 0
    """Which of a code's declared spellings the tool writes."""

    def number(self, value: float, draws: Draws) -> str:
        """A number as this tool writes it."""
        whole, _, decimals = f"{value:,.1f}".partition(".")
        text = whole.replace(",", draws.pick(self.thousands, [1] * len(self.thousands)))
        return text if decimals == "0" else f"{text},{decimals}"

    def answer(self, value: Value, question: Question, collection: Collection, draws: Draws) -> str:
        """The text of an answer's cell; a number is written in the unit that year asks."""
        if question.kind is Kind.YES_NO:
            return "Oui" if value == "oui" else "Non"
        if question.kind is Kind.CODE:
            item = next(c for c in collection.codes_of(question.codes) if c.code == value)
            return item.spellings[self.code_spelling]
        return self.number(float(value) / question.factor, draws)

    def encoded(self, rows: Sequence[Sequence[str]]) -> bytes:
        """The file's bytes."""
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";", lineterminator=self.line_end).writerows(rows)
        return text.getvalue().encode(self.encoding)
