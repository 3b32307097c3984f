"""What a cell's text turns out to be."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """What is known of an answer. Zero is none of these: it is a reported value."""

    REPORTED = "reported"
    MISSING = "missing"
    NOT_CONCERNED = "not_concerned"
    REJECTED = "rejected"


class ValueProblem(StrEnum):
    """Why a raw text is no value of its kind, or is an odd one."""

    NONE = ""
    NOT_A_NUMBER = "not_a_number"
    NOT_AN_INTEGER = "not_an_integer"
    UNKNOWN_CODE = "unknown_code"
    NOT_YES_NO = "not_yes_no"
    NOT_A_DATE = "not_a_date"
    SIRET_SHAPE = "siret_shape"
    SIRET_CHECK = "siret_check"
    SIRET_DIGITS_LOST = "siret_digits_lost"
    SIREN_SHAPE = "siren_shape"
    SIREN_CHECK = "siren_check"
    KEY_DIGITS_LOST = "key_digits_lost"
    FOREIGN_UNIT = "foreign_unit"
    COLUMN_UNIT = "column_unit"
    FORMULA_ERROR = "formula_error"
    DATE_SERIAL = "date_serial"
    ZERO_LOST = "zero_lost"
    WRITTEN_AS_FLOAT = "written_as_float"


ODD = frozenset(
    {
        ValueProblem.SIRET_CHECK,
        ValueProblem.SIREN_CHECK,
        ValueProblem.DATE_SERIAL,
        ValueProblem.ZERO_LOST,
        ValueProblem.WRITTEN_AS_FLOAT,
    }
)
"""Problems of a text that is a value all the same."""


@dataclass(frozen=True)
class Value:
    """A typed answer: at most one of number, code and text, and what is odd about it."""

    status: Status = Status.REPORTED
    number: Decimal | None = None
    code: str | None = None
    text: str | None = None
    problem: ValueProblem = ValueProblem.NONE
