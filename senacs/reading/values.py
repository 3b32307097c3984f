"""From the raw text of a cell to a typed value, by the kind of its question."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from senacs.codebook import CodeItem, Kind, Role
from senacs.reading import identifiers
from senacs.reading.folding import folded, spaceless
from senacs.reading.outcome import Status, Value, ValueProblem
from senacs.reading.units import is_share, unit_named

__all__ = ["Parser", "Status", "Value", "ValueProblem", "parser", "typed"]

Parser = Callable[[str | None], Value]

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
_WITH_UNIT = re.compile(r"([+-]?\d[\d\s.,]*?)\s*([^\d\s.,+-].*)", re.DOTALL)
_DATES = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
_SERIAL = re.compile(r"[2-5]\d{4}")
"""Days since 1899-12-30, from 1954 to 2064."""
_EPOCH = date(1899, 12, 30)
_FORMULA_ERROR = re.compile(
    r"#(?:REF!|N/A|DIV/0!|VALUE!|VALEUR!|NAME\?|NOM\?|NUM!|NOMBRE!|NULL!|NUL!)", re.IGNORECASE
)
_LABELLED = re.compile(r"(\S+)\s*[-–—:.=)]\s*(\S.*)", re.DOTALL)
_LONG = 15
"""More digits than this are a number all the same, but not on the short way."""


def typed(raw: str | None, kind: Kind, codes: Iterable[CodeItem] = (), unit: str = "") -> Value:
    """The value of a raw text; never raises, an unreadable text is a value with a problem."""
    return parser(kind, codes, unit)(raw)


def parser(
    kind: Kind, codes: Iterable[CodeItem] = (), unit: str = "", role: Role | None = None
) -> Parser:
    """What types the answers to a question of this kind, codes, unit and role."""
    reader = _reader(kind, tuple(codes), unit, role)
    return partial(_typed, reader=reader, numeric=kind in {Kind.NUMBER, Kind.INTEGER})


def _typed(raw: str | None, *, reader: Callable[[str], Value], numeric: bool) -> Value:
    text = (raw or "").strip()
    if numeric and len(text) <= _LONG and text.isascii() and text.isdigit():
        return reader(text)
    if _FORMULA_ERROR.fullmatch(text):
        return Value(problem=ValueProblem.FORMULA_ERROR)
    word = folded(text)
    if word in _MISSING or not any(character.isalnum() for character in text):
        return Value(Status.MISSING)
    if word in _NOT_CONCERNED:
        return Value(Status.NOT_CONCERNED)
    return reader(text)


def _reader(
    kind: Kind, codes: tuple[CodeItem, ...], unit: str, role: Role | None
) -> Callable[[str], Value]:
    if kind is Kind.CODE:
        return partial(_code, spellings=_spellings(codes))
    if kind is Kind.NUMBER:
        return partial(_number, unit=unit)
    if kind is Kind.INTEGER:
        return partial(_integer, unit=unit, spellings=_spellings(codes))
    if kind is Kind.TEXT and role is not None:
        return _BY_ROLE.get(role, _text)
    return _PARSERS[kind]


def _spellings(codes: tuple[CodeItem, ...]) -> dict[str, str]:
    """Each way to write a code. A code itself is met as it is, its label and spellings folded."""
    known: dict[str, str] = {}
    for item in codes:
        for text in (item.label, *item.spellings):
            known.setdefault(folded(text), item.code)
    # A code counts before a label that is spelt the same.
    return known | {f"={item.code}": item.code for item in reversed(codes)}


def _coded(text: str, spellings: dict[str, str]) -> str | None:
    """The code of a text: the code, a label or spelling of it, or both (`0 - Pas du tout`)."""
    code = spellings.get(f"={text}") or spellings.get(folded(text))
    if code is None and (parts := _LABELLED.fullmatch(text)):
        code = spellings.get(f"={parts[1]}")
        if code is not None and spellings.get(folded(parts[2])) != code:
            return None
    return code


def _code(text: str, spellings: dict[str, str]) -> Value:
    code = _coded(text, spellings)
    return Value(problem=ValueProblem.UNKNOWN_CODE) if code is None else Value(code=code)


def _number(text: str, unit: str = "") -> Value:
    """A French or plain number: `1 234,50 €`, `-3`, `19875.06`; a lone dot is decimal.

    A unit in the cell is the question's own, or the text is no value.
    """
    if not _NUMBER.fullmatch(text):
        return _number_with_unit(text, unit)
    digits = spaceless(text)
    if "," in digits:
        digits = digits.replace(".", "").replace(",", ".")
    elif digits.count(".") > 1:
        digits = digits.replace(".", "")
    return Value(number=Decimal(digits))


def _number_with_unit(text: str, unit: str) -> Value:
    parts = _WITH_UNIT.fullmatch(text)
    if parts is None or not _NUMBER.fullmatch(parts[1]):
        return Value(problem=ValueProblem.NOT_A_NUMBER)
    said, asked = unit_named(parts[2]), unit_named(unit)
    if said and said == asked:
        return _number(parts[1])
    if said == "%" and is_share(unit):
        value = _number(parts[1]).number
        return Value(number=None if value is None else value.scaleb(-2))
    if said == "€" and not unit:
        return _number(parts[1])
    if said and unit:
        return Value(problem=ValueProblem.FOREIGN_UNIT)
    return Value(problem=ValueProblem.NOT_A_NUMBER)


def _integer(text: str, unit: str = "", spellings: dict[str, str] | None = None) -> Value:
    """A whole number, or the end of a scale that the code list names."""
    value = _number(text, unit)
    if value.number is None and spellings:
        code = _coded(text, spellings)
        if code is not None and code.lstrip("-").isdecimal():
            return Value(number=Decimal(code))
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


def _date(text: str) -> Value:
    """A day, also as a spreadsheet counts it; what a serial number means is asked back."""
    day = text.removesuffix(" 00:00:00")
    for form in _DATES:
        try:
            return Value(text=datetime.strptime(day, form).date().isoformat())  # noqa: DTZ007
        except ValueError:
            continue
    if _SERIAL.fullmatch(text):
        counted = _EPOCH + timedelta(days=int(text))
        return Value(text=counted.isoformat(), problem=ValueProblem.DATE_SERIAL)
    return Value(problem=ValueProblem.NOT_A_DATE)


_PARSERS: dict[Kind, Callable[[str], Value]] = {
    Kind.YES_NO: _yes_no,
    Kind.DATE: _date,
    Kind.SIRET: identifiers.siret,
    Kind.SIREN: identifiers.siren,
    Kind.TEXT: _text,
}
_BY_ROLE: dict[Role, Callable[[str], Value]] = {
    Role.KEY: identifiers.key,
    Role.COMMUNE: identifiers.commune,
    Role.DEPARTEMENT: identifiers.departement,
}
