"""How each question is answered on the whole: `calibration.csv`, published figures or our choice.

| model | an answer is | `cs`, `evs` |
| --- | --- | --- |
| share | yes or no | the share of yes |
| weights | a code | `code=weight`, separated by a vertical bar |
| count | a number, larger for larger structures | its mean for one structure |
| part | a part of another number, never more | the mean part, 0 to 1, of the question `of` |

Questions that hold together (employees, money, persons touched, volunteers) are in `answers`.
What no line names is drawn by its kind alone.
"""

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from senacs.codebook import CodeItem, Kind, Question

_FILE = Path(__file__).with_name("calibration.csv")
_DEFAULT_COUNT = 24.0
_DEFAULT_SPREAD = 0.5


@dataclass(frozen=True)
class Calibration:
    """How a question is answered by structures of one type."""

    model: str
    mean: float = 0.0
    spread: float = _DEFAULT_SPREAD
    of: str = ""
    weights: tuple[tuple[str, float], ...] = ()


def calibration(question: Question, codes: tuple[CodeItem, ...], population: str) -> Calibration:
    """How structures of that type answer; a question of no line by its kind."""
    declared = _declared().get((question.question, population))
    return declared or _by_kind(question, codes, population)


@cache
def _declared() -> dict[tuple[str, str], Calibration]:
    made: dict[tuple[str, str], Calibration] = {}
    with _FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            for population in ("CS", "EVS"):
                made[row["question"], population] = _read(row, row[population.lower()])
    return made


def _read(row: dict[str, str], said: str) -> Calibration:
    if row["model"] == "weights":
        pairs = (part.split("=") for part in said.split("|"))
        return Calibration("weights", weights=tuple((code, float(w)) for code, w in pairs))
    spread = float(row["spread"]) if row["spread"] else _DEFAULT_SPREAD
    return Calibration(row["model"], float(said), spread, row["of"])


def _by_kind(question: Question, codes: tuple[CodeItem, ...], population: str) -> Calibration:
    if question.kind is Kind.YES_NO:
        # A share of its own, the same in every year and place.
        digest = hashlib.blake2b(question.question.encode(), digest_size=2).digest()
        share = 0.2 + 0.5 * int.from_bytes(digest, "big") / 0xFFFF
        return Calibration("share", share if population == "CS" else share * 0.7)
    if question.kind is Kind.CODE:
        return Calibration(
            "weights", weights=tuple((c.code, 1 / (i + 1)) for i, c in enumerate(codes))
        )
    most = question.maximum if question.maximum is not None else _DEFAULT_COUNT * 20
    mean = min(_DEFAULT_COUNT, most / 20)
    return Calibration("count", mean if population == "CS" else mean * 0.4)
