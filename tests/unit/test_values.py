"""From the text of a cell to a typed value."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senacs.codebook import CodeItem, Kind
from senacs.reading.outcome import ODD, Status, ValueProblem
from senacs.reading.values import typed

NO_BREAK, NARROW, THIN = "\u00a0", "\u202f", "\u2009"
CODES = (
    CodeItem(list="gestion", code="asso", label="Associatif", spellings=("Association loi 1901",)),
    CodeItem(list="gestion", code="coll", label="Collectivité locale", spellings=("Mairie",)),
)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("0", "0"),
        ("12", "12"),
        ("007", "7"),
        ("-3", "-3"),
        ("+3", "3"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1 234,50 €", "1234.50"),
        (f"1{NO_BREAK}234,50{NO_BREAK}€", "1234.50"),
        (f"1{NARROW}234{NARROW}567", "1234567"),
        (f"1{THIN}234", "1234"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1234567,89", "1234567.89"),
        ("450000 euros", "450000"),
        ("12 EUR", "12"),
        ("  7  ", "7"),
        ("19875.06", "19875.06"),
        # A lone dot is decimal, even before three digits: the files of the State write so.
        ("1.234", "1.234"),
    ],
)
def test_a_number_is_read_as_the_french_write_it(raw, number):
    value = typed(raw, Kind.NUMBER)
    assert (value.number, value.problem, value.status) == (
        Decimal(number),
        ValueProblem.NONE,
        Status.REPORTED,
    )


@pytest.mark.parametrize(
    "raw",
    ["1e5", "1E+05", "12 %", "environ 40", "12/5", "1,2,3", "1 23", "1,234,567", "12 34", "--3",
     "- 3", "0x1F", "inf", "NaN", "1_000", "5 salariés", ",5", "5,", "1 234 .5"],
)  # fmt: skip
def test_what_is_not_a_plain_number_is_never_guessed(raw):
    value = typed(raw, Kind.NUMBER)
    assert (value.number, value.problem) == (None, ValueProblem.NOT_A_NUMBER)


@given(
    st.decimals(-(10**12), 10**12, places=3, allow_nan=False, allow_infinity=False),
    st.sampled_from([" ", NO_BREAK, NARROW, ""]),
    st.sampled_from(["", " €", f"{NO_BREAK}euros"]),
)
def test_a_number_written_the_french_way_is_read_back(number, space, money):
    text = f"{number:,f}".replace(",", space).replace(".", ",") + money
    assert typed(text, Kind.NUMBER).number == number


@given(st.decimals(allow_nan=False, allow_infinity=False, max_value=10**30, min_value=-(10**30)))
def test_a_plain_number_is_read_exactly(number):
    assert typed(f"{number:f}", Kind.NUMBER).number == number


@given(st.text(), st.sampled_from(Kind))
def test_reading_never_raises_and_never_gives_two_values(raw, kind):
    value = typed(raw, kind, CODES)
    given_values = [v for v in (value.number, value.code, value.text) if v is not None]
    unreadable = value.problem not in {ValueProblem.NONE, *ODD}
    absent = value.status is not Status.REPORTED
    assert len(given_values) == (0 if unreadable or absent else 1)


@pytest.mark.parametrize("digits", ["9" * 40, "-" + "1" * 300, "1" * 29 + ",5"])
@pytest.mark.parametrize("kind", [Kind.INTEGER, Kind.NUMBER])
def test_a_number_of_any_length_is_read(kind, digits):
    value = typed(digits, kind)
    fraction = "," in digits and kind is Kind.INTEGER
    expected = None if fraction else Decimal(digits.replace(",", "."))
    assert value.number == expected
    assert (value.problem is ValueProblem.NOT_AN_INTEGER) == fraction


@pytest.mark.parametrize(("raw", "number"), [("12", 12), ("12,0", 12), ("1 200", 1200)])
def test_an_integer_may_be_written_with_an_empty_fraction(raw, number):
    assert typed(raw, Kind.INTEGER).number == number


def test_a_fraction_is_no_integer():
    assert typed("12,5", Kind.INTEGER).problem is ValueProblem.NOT_AN_INTEGER


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    "raw", [None, "", "  ", NO_BREAK, "NC", "n.c.", "N/A", "NSP", "Ne sait pas", "-", "…", "?"]
)
def test_no_answer_is_missing_whatever_was_asked(raw, kind):
    assert typed(raw, kind, CODES).status is Status.MISSING


@pytest.mark.parametrize("raw", ["sans objet", "S.O.", "Non concerné", "NON CONCERNÉE"])
def test_not_concerned_is_not_missing(raw):
    assert typed(raw, Kind.NUMBER).status is Status.NOT_CONCERNED


@pytest.mark.parametrize("raw", ["0", "0,0", "00"])
def test_zero_is_an_answer(raw):
    value = typed(raw, Kind.NUMBER)
    assert (value.status, value.number) == (Status.REPORTED, 0)


@pytest.mark.parametrize("raw", ["日本", "Ελλάς"])
def test_a_text_in_another_script_is_an_answer(raw):
    value = typed(raw, Kind.TEXT)
    assert (value.status, value.text) == (Status.REPORTED, raw)


@pytest.mark.parametrize(
    ("raw", "code"),
    [("Oui", "oui"), (" OUI ", "oui"), ("o", "oui"), ("X", "oui"), ("1", "oui"), ("vrai", "oui"),
     ("Non", "non"), ("n", "non"), ("0", "non"), ("FAUX", "non")],
)  # fmt: skip
def test_yes_and_no(raw, code):
    assert typed(raw, Kind.YES_NO).code == code


@pytest.mark.parametrize("raw", ["peut-être", "2", "oui et non", "ouï-dire"])
def test_neither_yes_nor_no(raw):
    assert typed(raw, Kind.YES_NO).problem is ValueProblem.NOT_YES_NO


@pytest.mark.parametrize(
    ("raw", "code"),
    [("asso", "asso"), ("Associatif", "asso"), ("ASSOCIATIF", "asso"),
     ("association  loi-1901", "asso"), ("Collectivite locale", "coll"), ("mairie", "coll")],
)  # fmt: skip
def test_a_code_by_its_name_its_label_or_a_spelling(raw, code):
    assert typed(raw, Kind.CODE, CODES).code == code


@pytest.mark.parametrize("raw", ["Assoc", "associative", "autre", "1"])
def test_a_code_is_never_guessed(raw):
    value = typed(raw, Kind.CODE, CODES)
    assert (value.code, value.problem) == (None, ValueProblem.UNKNOWN_CODE)


@pytest.mark.parametrize(
    ("raw", "iso"),
    [("31/12/2012", "2012-12-31"), ("2012-12-31", "2012-12-31"), ("1/2/2012", "2012-02-01"),
     ("01-02-2012", "2012-02-01"), ("01.02.2012", "2012-02-01"), ("29/02/2012", "2012-02-29")],
)  # fmt: skip
def test_a_date_is_day_first(raw, iso):
    assert typed(raw, Kind.DATE).text == iso


@pytest.mark.parametrize("raw", ["12/31/2012", "29/02/2011", "2012", "412740", "31/12/2012 10:00"])
def test_what_is_no_date(raw):
    assert typed(raw, Kind.DATE).problem is ValueProblem.NOT_A_DATE


@pytest.mark.parametrize(
    ("raw", "text", "problem"),
    [
        ("77554402601284", "77554402601284", ValueProblem.NONE),
        ("775 544 026 01284", "77554402601284", ValueProblem.NONE),
        # La Poste's establishments have a rule of their own.
        ("35600000012342", "35600000012342", ValueProblem.SIRET_CHECK),
        ("35600000012341", "35600000012341", ValueProblem.NONE),
        ("77554402601285", "77554402601285", ValueProblem.SIRET_CHECK),
        ("7755440260128", None, ValueProblem.SIRET_SHAPE),
        ("7,75544E+13", None, ValueProblem.SIRET_DIGITS_LOST),
        ("7755440260128４", None, ValueProblem.SIRET_SHAPE),
    ],
)
def test_a_siret_keeps_its_zeros_and_its_check(raw, text, problem):
    value = typed(raw, Kind.SIRET)
    assert (value.text, value.problem) == (text, problem)
