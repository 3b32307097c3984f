"""How a territory spells the titles of its columns, and which spellings a person must accept."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from senacs.codebook import Question
from senacs.reading.folding import folded
from senacs.reading.units import parted
from senacs.simulation.campaign.dialects import NO_BREAK, Dialect

TIMESTAMP, CONTACT = "Horodateur", "Courriel du contact"
"""Columns of the survey's tool that are no question: declared ignored."""

_SURVEY = 896543
_UNITS_ADDED = frozenset({"€", "ETP", "heures", "personnes", "m²", "mois"})
_ABBREVIATIONS = (
    (re.compile(r"\bNombre de "), "Nb "),
    (re.compile(r"\bNombre d[’']"), "Nb d'"),
    (re.compile(r"\bdans l'année\b"), "/an"),
    (re.compile(r"\bActions?\b"), "Act."),
    (re.compile(r"\bPartenariat\b"), "Part."),
    (re.compile(r"\bFinancement\b"), "Fin."),
    (re.compile(r"\bAdministrateurs\b"), "Adm."),
)


@dataclass(frozen=True)
class Titles:
    """The titles of an export's columns.

    `accepted` are the spellings that folding does not find: the territory's lines of headers.csv,
    a question's name for each, or nothing for a column that is declared ignored.
    """

    header: dict[str, str]
    accepted: dict[str, str]
    below: dict[str, str]
    """The codes of a second header row; empty if there is none."""


def titles_of(questions: Sequence[Question], dialect: Dialect) -> Titles:
    """How this territory writes each question's title."""
    codes = {q.question: limesurvey_code(q, place) for place, q in enumerate(questions, start=1)}
    if dialect.headers == "limesurvey":
        header, accepted = codes, {code: name for name, code in codes.items()}
    elif dialect.headers == "own":
        header = _abbreviated(questions)
        asked = {q.question: q.header for q in questions}
        accepted = {h: name for name, h in header.items() if folded(h) != folded(asked[name])}
    else:
        spelt = _STYLES[dialect.headers]
        header, accepted = {q.question: spelt(q) for q in questions}, {}
    below = codes if dialect.codes_below and dialect.headers != "limesurvey" else {}
    return Titles(header, accepted | {TIMESTAMP: "", CONTACT: ""}, below)


def limesurvey_code(question: Question, place: int) -> str:
    """The survey × group × question code that LimeSurvey gives a column."""
    group = 198 + sum(map(ord, question.theme)) % 40
    cell = f"SQ{place:03}" if question.table else ""
    return f"{_SURVEY}X{group}X{1000 + place}{cell}"


def _abbreviated(questions: Sequence[Question]) -> dict[str, str]:
    """Short forms, where they still tell one question from all others."""
    short: dict[str, str] = {}
    for question in questions:
        text = question.header
        for pattern, word in _ABBREVIATIONS:
            text = pattern.sub(word, text)
        short[question.question] = text
    met: dict[str, int] = {}
    for question in questions:
        for text in {folded(question.header), folded(short[question.question])}:
            met[text] = met.get(text, 0) + 1
    return {
        q.question: short[q.question] if met[folded(short[q.question])] == 1 else q.header
        for q in questions
    }


def _with_unit(question: Question) -> str:
    header = question.header
    if question.unit in _UNITS_ADDED and "(" not in header and not parted(header)[1]:
        return (
            f"{header} (en {question.unit})"
            if question.unit == "€"
            else (f"{header} ({question.unit})")
        )
    return header


def _unaccented(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe"))
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


_STYLES: dict[str, Callable[[Question], str]] = {
    "codebook": lambda question: question.header,
    "upper": lambda question: question.header.upper(),
    "plain": lambda question: _unaccented(question.header),
    "spaced": lambda question: f" {question.header.replace(' ', '  ', 1)}{NO_BREAK}:",
    "units": _with_unit,
}
