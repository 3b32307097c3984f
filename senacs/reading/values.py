"""From the raw text of a cell to a typed value, by the kind of its question."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from senacs.codebook import CodeItem, Kind
from senacs.reading.folding import folded, spaceless


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


@dataclass(frozen=True)
class Value:
    """A typed answer: at most one of number, code and text, and what is odd about it."""

    status: Status = Status.REPORTED
    number: Decimal | None = None
    code: str | None = None
    text: str | None = None
    problem: ValueProblem = ValueProblem.NONE


_MISSING = frozenset(
    {"nc", "n c", "nr", "n r", "n a", "nsp", "ne sait pas", "non renseigne", "non communique",
     "vide", "null"}
)  # fmt: skip
_NOT_CONCERNED = frozenset(
    {"sans objet", "so", "s o", "non concerne", "non concernee", "pas concerne",
     "vous n etes pas concerne par cette question"}
)  # fmt: skip
_YES = frozenset({"oui", "o", "1", "x", "vrai", "true", "yes"})
_NO = frozenset({"non", "n", "0", "faux", "false", "no"})
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[\s.]\d{3})+(?=,|$))(?:[.,]\d+)?")
_MONEY = re.compile(r"\s*(?:€|euros?|eur)$", re.IGNORECASE)
_DATES = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
_SIRET_DIGITS = 14
_LA_POSTE = "356000000"


def typed(raw: str | None, kind: Kind, codes: Iterable[CodeItem] = ()) -> Value:
    """The value of a raw text; never raises, an unreadable text is a value with a problem."""
    text = (raw or "").strip()
    word = folded(text)
    if word in _MISSING or not any(character.isalnum() for character in text):
        return Value(Status.MISSING)
    if word in _NOT_CONCERNED:
        return Value(Status.NOT_CONCERNED)
    if kind is Kind.CODE:
        return _code(text, word, codes)
    return _PARSERS[kind](text)


def _number(text: str) -> Value:
    """A French or plain number: `1 234,50 €`, `-3`, `19875.06`; a lone dot is decimal."""
    bare = _MONEY.sub("", text).strip()
    if not _NUMBER.fullmatch(bare):
        return Value(problem=ValueProblem.NOT_A_NUMBER)
    digits = spaceless(bare)
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    elif digits.count(".") > 1:
        digits = digits.replace(".", "")
    return Value(number=Decimal(digits))


def _integer(text: str) -> Value:
    value = _number(text)
    # Not `% 1`, which fails beyond 28 digits.
    if value.number is not None and value.number != value.number.to_integral_value():
        return Value(problem=ValueProblem.NOT_AN_INTEGER)
    return value


def _text(text: str) -> Value:
    return Value(text=text)


def _yes_no(text: str) -> Value:
    word = folded(text)
    if word in _YES:
        return Value(code="oui")
    if word in _NO:
        return Value(code="non")
    return Value(problem=ValueProblem.NOT_YES_NO)


def _code(text: str, word: str, codes: Iterable[CodeItem]) -> Value:
    for item in codes:
        if text == item.code or word in {folded(s) for s in (item.label, *item.spellings)}:
            return Value(code=item.code)
    return Value(problem=ValueProblem.UNKNOWN_CODE)


def _date(text: str) -> Value:
    for form in _DATES:
        try:
            return Value(text=datetime.strptime(text, form).date().isoformat())  # noqa: DTZ007
        except ValueError:
            continue
    return Value(problem=ValueProblem.NOT_A_DATE)


def _siret(text: str) -> Value:
    """Fourteen digits once spaces are gone; a failed check digit is odd, not unreadable."""
    digits = spaceless(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) == _SIRET_DIGITS):
        return Value(problem=ValueProblem.SIRET_SHAPE)
    if _luhn(digits) or (digits.startswith(_LA_POSTE) and sum(map(int, digits)) % 5 == 0):
        return Value(text=digits)
    return Value(text=digits, problem=ValueProblem.SIRET_CHECK)


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0  # noqa: PLR2004


_PARSERS: dict[Kind, Callable[[str], Value]] = {
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.YES_NO: _yes_no,
    Kind.DATE: _date,
    Kind.SIRET: _siret,
    Kind.TEXT: _text,
}
