"""What is asked, year by year: questions, code lists, tables, and the variables they feed."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field

from senacs.codebook.declared import Declared


class Kind(StrEnum):
    """How the raw text of an answer becomes a value."""

    NUMBER = "number"
    INTEGER = "integer"
    CODE = "code"
    YES_NO = "yes_no"
    DATE = "date"
    SIRET = "siret"
    SIREN = "siren"
    TEXT = "text"


CODED = frozenset({Kind.CODE, Kind.YES_NO})
NUMERIC = frozenset({Kind.NUMBER, Kind.INTEGER})
YES_NO_CODES = frozenset({"oui", "non"})
DATED = r"^(|attribute|agrement (AGC|ACF|EVS|main)( begin| end)?)$"
"""How a variable says what of the register it dates."""


class Role(StrEnum):
    """A question the machinery itself needs, beside whatever the collection makes of it."""

    KEY = "key"
    DEPARTEMENT = "departement"
    COMMUNE = "commune"
    POPULATION = "population"


class Comparability(StrEnum):
    """How a question's answers relate to those of the last year that asked it."""

    UNSTATED = ""
    """Nothing to compare with: it was not asked before, or is not harmonised."""
    SAME = "same"
    RECODED = "recoded"
    """Comparable once brought to the variable's unit or codes."""
    BREAK = "break"
    """Not comparable: the series breaks here."""


class CodeItem(Declared):
    """One code of a code list, with its French label and the spellings met in exports."""

    list: str
    code: str
    label: str
    spellings: tuple[str, ...] = ()


class Table(Declared):
    """A table of the form: rows × columns, each a code list whose labels are its titles."""

    table: str
    label: str
    rows: str
    columns: str


class Publication(Declared):
    """What shows that a question was asked, or at least that its subject is collected."""

    publication: str
    label: str
    url: str = ""


class Variable(Declared):
    """A harmonised variable: one meaning and one unit over all years.

    Attributes:
        dated: in a register, what of a structure it states, and so what is kept with the days of
            its validity: `attribute`, or a part of an agrément, `agrement <kind>` (whether it is
            held) followed by `begin` or `end` (its first, its last day). The kind is AGC, ACF or
            EVS, or `main` for the one that makes the structure what it is.
        made_of: of a derived one, the variables that it cannot be computed without: the years that
            ask them have it, and compare as they do. Empty: it is there in every year.
    """

    variable: str
    theme: str
    label: str
    kind: Kind
    unit: str = ""
    codes: str = ""
    dated: Annotated[str, Field(pattern=DATED)] = ""
    made_of: tuple[str, ...] = ()
    note: str = ""


class Filter(Declared):
    """The answer that must hold for a question to be asked."""

    question: str
    codes: tuple[str, ...]

    @classmethod
    def parsed(cls, text: str) -> Self:
        """From `question=code`, or `question=code|code` for one of several codes."""
        question, equals, codes = text.partition("=")
        if not (equals and question.strip() and codes.strip()):
            raise ValueError("a filter is written question=code, or question=code|code")
        return cls(question=question.strip(), codes=tuple(c.strip() for c in codes.split("|")))

    def __str__(self) -> str:
        return f"{self.question}={'|'.join(self.codes)}"


def _filter(value: object) -> object:
    return Filter.parsed(value) if isinstance(value, str) else value


class Question(Declared):
    """One question of one data year, as it is asked and delivered.

    Attributes:
        variable: the harmonised variable it feeds; empty for one that is kept as it is.
        theme: of the questionnaire; empty for its variable's.
        block: the rotating block it belongs to; empty for the permanent form.
        population: which populations are asked; empty for all.
        filter: the answer that must hold for it to be asked.
        table: the table of the form it is a cell of, at `row` and `column`.
        factor: what an answer is multiplied by to be in the variable's unit.
        comparability: with the last year that asked it.
        resumes: that year, where years lie between on purpose (rotating blocks need not say it).
        attested: publications that show its subject is collected.
        source: in words, what is attested and what is our choice.
    """

    data_year: int
    question: str
    header: str
    variable: str = ""
    theme: str = ""
    block: str = ""
    population: tuple[str, ...] = ()
    filter: Annotated[Filter | None, BeforeValidator(_filter)] = None
    table: str = ""
    row: str = ""
    column: str = ""
    label: str
    kind: Kind
    codes: str = ""
    unit: str = ""
    factor: float = 1.0
    role: Role | None = None
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    comparability: Comparability = Comparability.UNSTATED
    resumes: int | None = None
    note: str = ""
    attested: tuple[str, ...] = ()
    source: str


class HeaderSpelling(Declared):
    """A territory's own spelling of a header; an empty question declares the column ignored."""

    territory: str
    data_year: int
    header: str
    question: str = ""
