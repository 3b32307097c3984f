"""Exports of several sheets: read as one evidence, their lines held against each other."""

from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.exports import LAST_YEAR_SCHEMA, REGISTER_SCHEMA, Setting
from expectations.verdict import Verdict, judge, judge_all
from senacs.codebook.consistency import check
from senacs.codebook.sheets import Reference, Sheet, references
from senacs.errors import CodebookError
from senacs.findings import Severity
from senacs.reading import Evidence, read_export
from senacs.reading.places import place, row_at, title_at
from senacs.replies.checking import fault_of
from senacs.replies.model import Place, Reply, ReplyKind
from senacs.simulation.demo.centres import centres
from senacs.simulation.pacts.writing import workbook
from tests.support.packages import xlsx, zipped
from tests.support.pacts import TERRITORY, YEAR, Sheets, changed, collection, lines

REGISTER = pl.DataFrame(
    [{"structure_id": one.structure_id, "population": "CS"} for one in centres()],
    schema=REGISTER_SCHEMA,
)


def read(data: bytes, name: str = "pactes.xlsx") -> Evidence:
    return read_export(data, name, collection(), TERRITORY, YEAR)


def judged(data: bytes, name: str = "pactes.xlsx") -> Verdict:
    setting = Setting(collection(), TERRITORY, YEAR, (TERRITORY,), None, REGISTER)
    return judge(read(data, name), setting)


Found = tuple[str, str | None, int | None, str | None]


def found(data: bytes, name: str = "pactes.xlsx") -> set[Found]:
    return {(f.rule, f.sheet, f.row, f.header) for f in judged(data, name).findings}


@pytest.fixture(scope="module")
def usual() -> set[Found]:
    """What is found in the workbook that nothing was changed in."""
    return found(changed(lambda _: None))


def test_nothing_is_found_in_a_right_workbook_but_what_it_tells(usual):
    assert {rule for rule, *_ in usual} <= {"PAC-02", "PAC-18"}


def _put(sheet: str, at: int = 0, **answers: object) -> Callable[[Sheets], None]:
    return lambda sheets: sheets[sheet][at].update(answers)


def _drop(sheet: str) -> Callable[[Sheets], None]:
    return lambda sheets: sheets[sheet].clear()


def _without_commitments(sheets: Sheets) -> None:
    funder = sheets["signataire"][0]["siren"]
    sheets["engagement"] = [line for line in sheets["engagement"] if line["siren"] != funder]


def _one_signatory(sheets: Sheets) -> None:
    sheets["signataire"] = sheets["signataire"][:1]


BROKEN: dict[str, tuple[Callable[[Sheets], object], Found]] = {
    "the end before the begin": (
        _put("convention", fin="01/01/1999"), ("PAC-01", "Conventions", 2, "Fin"),
    ),
    "beyond the agrément": (
        _put("convention", fin="31/12/2030"), ("PAC-02", "Centres", 2, "Centre"),
    ),
    "before the agrément": (
        _put("convention", debut="01/01/1990"), ("PAC-03", "Centres", 2, "Centre"),
    ),
    "no agrément": (_drop("agrement"), ("PAC-04", "Centres", 2, "Centre")),
    "an agrément the wrong way": (
        _put("agrement", fin_agrement="01/01/1999"),
        ("PAC-05", "Agréments", 2, "Fin de l'agrément"),
    ),
    "a year outside": (_put("engagement", annee=2031), ("PAC-06", "Engagements", 2, "Année")),
    "a part of a cent": (
        _put("engagement", montant_promis="1234,567"),
        ("PAC-07", "Engagements", 2, "Montant promis"),
    ),
    "more paid than promised": (
        _put("engagement", montant_verse=Decimal("999999.99")),
        ("PAC-08", "Engagements", 2, "Montant versé"),
    ),
    "more notified than promised": (
        _put("engagement", montant_notifie=Decimal("999999.99")),
        ("PAC-09", "Engagements", 2, "Montant notifié"),
    ),
    "more paid than notified": (
        _put("engagement", montant_notifie=Decimal("0.01")),
        ("PAC-10", "Engagements", 2, "Montant versé"),
    ),
    "no commitment": (_without_commitments, ("PAC-11", "Signataires", 2, "Rôle")),
    "a centre that nobody knows": (
        lambda sheets: [
            line.update(structure_id="92-999")
            for name in ("centre", "agrement", "engagement")
            for line in sheets[name]
            if line.get("structure_id") == sheets["centre"][0]["structure_id"]
            and line is not sheets["centre"][0]
        ]
        and sheets["centre"][0].update(structure_id="92-999"),
        ("PAC-12", "Centres", 2, "Centre"),
    ),
    "money of one who only receives": (
        _put("signataire", role="beneficiaire"), ("PAC-13", "Engagements", 2, "SIREN"),
    ),
    "alone": (_one_signatory, ("PAC-14", "Conventions", 2, "Convention")),
    "a funder's total": (
        _put("signataire", total_promis=Decimal("0.01")),
        ("PAC-15", "Signataires", 2, "Total promis"),
    ),
    "the whole total": (
        lambda sheets: sheets["convention"][0].update(
            montant_total=sheets["convention"][0]["montant_total"] + Decimal("0.01")
        ),
        ("PAC-16", "Conventions", 2, "Montant total"),
    ),
    "changed without an amendment": (
        _put("engagement", montant_initial=Decimal("1.00")),
        ("PAC-17", "Engagements", 2, "Montant promis"),
    ),
    "no version": (_drop("version"), ("PAC-19", "Conventions", 2, "Convention")),
    "a SIREN cut short": (_put("signataire", siren="18"), ("DOM-22", "Signataires", 2, "SIREN")),
    "a SIREN mistyped": (
        _put("signataire", siren="000000019"), ("DOM-23", "Signataires", 2, "SIREN"),
    ),
    "an agreement that is not there": (
        _put("centre", convention="PF-99999"), ("LIE-01", "Centres", 2, "Convention"),
    ),
    "a version that is not there": (
        _put("engagement", version=7), ("LIE-01", "Engagements", 2, "Version"),
    ),
    "no key": (_put("revue", 1, date_revue=None), ("LIG-01", "Revues", 3, None)),
    "an unknown code": (
        _put("signataire", 3, nature="Mécène"), ("DOM-03", "Signataires", 5, "Nature"),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def broken() -> dict[str, set[Found]]:
    """What is found in each, all judged in one pass: a pass costs what one of them does."""
    setting = Setting(collection(), TERRITORY, YEAR, (TERRITORY,), None, REGISTER)
    books = [(read(changed(change)), setting) for change, _ in BROKEN.values()]
    return {
        what: {(f.rule, f.sheet, f.row, f.header) for f in verdict.findings}
        for what, verdict in zip(BROKEN, judge_all(books), strict=True)
    }


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_found_at_its_sheet_row_and_column(what, usual, broken):
    _, expected = BROKEN[what]
    assert expected not in usual
    assert expected in broken[what]


def test_what_hangs_on_a_line_that_is_kept_out_is_kept_out_with_it():
    verdict = judged(changed(_put("objectif", objectif=None)))

    lost = {f.unit_id: f.severity for f in verdict.findings if f.rule == "LIE-01"}
    assert lost == {"mesure PF-00001 · O1 · M1": Severity.ERROR}
    kept_out = verdict.records.filter(~pl.col("accepted"))["unit_id"].to_list()
    assert sorted(kept_out) == ["mesure PF-00001 · O1 · M1", "objectif ligne 2"]


def test_all_of_an_agreement_that_is_kept_out_is_kept_out_to_the_last_line():
    verdict = judged(changed(_put("convention", convention=None)))

    kept_out = verdict.records.filter(~pl.col("accepted"))["unit_id"].to_list()
    own = [unit for unit in kept_out if "PF-00001" in unit]
    sheets = lines()
    hanging = [line for own in sheets.values() for line in own if line["convention"] == "PF-00001"]
    assert len(own) == len(hanging) - 1


def test_an_amount_for_all_centres_names_none_and_is_not_asked_for_one():
    assert any(line["structure_id"] is None for line in lines()["engagement"])
    assert not {f for f in found(changed(lambda _: None)) if f[0] in {"DOM-10", "LIG-01"}}


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"convention;libelle\nPF-1;un texte\n", "FEU-01"),
        (xlsx([["Convention", "Libell\N{LATIN SMALL LETTER E WITH ACUTE}"]]), "FEU-02"),
        (b"", "FIC-01"),
        (b"PK\x03\x04\x00\x00", "FIC-13"),
        (zipped({"a.txt": b"rien"}), "FIC-15"),
        (workbook({}, collection(), YEAR), "FIC-08"),
    ],
)
def test_a_file_that_is_no_such_workbook_is_refused(data, rule):
    verdict = judged(data)
    assert verdict.refused
    assert rule in {f.rule for f in verdict.findings}


def test_a_packed_workbook_is_read_and_two_are_refused():
    data = changed(lambda _: None)
    assert read(zipped({"pactes.xlsx": data, "lisez-moi.txt": b"Bonjour"})).records.height
    assert "FIC-14" in {rule for rule, *_ in found(zipped({"a.xlsx": data, "b.xlsx": data}))}


@settings(max_examples=15, deadline=None)
@given(cents=st.lists(st.integers(0, 9_999_999_999), min_size=1, max_size=20))
def test_amounts_are_read_as_they_were_written(cents):
    sheets = lines(1)
    amounts = [Decimal(number) / 100 for number in cents]
    lone = sheets["engagement"][0]
    sheets["engagement"] = [
        lone | {"annee": 1990 + i, "montant_promis": a} for i, a in enumerate(amounts)
    ]

    answers = read(workbook(sheets, collection(), YEAR)).answers
    told = answers.filter(pl.col("question") == "montant_promis")["decimal"].to_list()
    assert [Decimal(text) for text in told] == amounts


@given(sheet=st.integers(0, 99), row=st.integers(1, 1_048_576))
def test_a_place_is_its_sheet_and_row(sheet, row):
    titles = [f"S{number}" for number in range(100)]
    at = pl.DataFrame({"place": [place(sheet, row)]}, schema={"place": pl.Int32})

    told = at.select(
        row_at(pl.col("place")).alias("row"), title_at(pl.col("place"), titles).alias("title")
    )
    assert told.row(0) == (row, f"S{sheet}")


def test_a_sheet_names_those_whose_whole_key_it_asks():
    sheets = {
        "b": Sheet(titles=("B",), key=("x", "y")),
        "a": Sheet(titles=("A",), key=("x",)),
        "c": Sheet(titles=("C",), key=("x", "z")),
    }
    asked = {"a": ["x"], "b": ["x", "y"], "c": ["x", "z", "y"]}

    assert references(sheets, asked) == (
        Reference("b", "a", ("x",)),
        Reference("c", "a", ("x",)),
        Reference("c", "b", ("x", "y")),
    )


def test_a_key_that_a_sheet_does_not_ask_is_refused():
    declared = collection()
    broken = declared.sheets | {"revue": Sheet(titles=("Revues",), key=("convention", "siren"))}
    with pytest.raises(CodebookError, match="'siren' is not declared"):
        check(declared.model_copy(update={"sheets": broken}))


def test_one_line_twice_is_one_line_however_its_key_is_spelt():
    def twice(sheets: Sheets) -> None:
        first = sheets["engagement"][0]
        sheets["engagement"].append(first | {"annee": f"{first['annee']},0"})

    times = read(changed(twice)).records.filter(pl.col("population") == "engagement")["times"]
    assert sorted(times, reverse=True)[:3] == [2, 2, 1]


def test_a_centre_that_is_kept_out_is_not_all_centres():
    """Two spellings of one centre on two rows: neither counts, and nothing is for all centres."""

    def twice(sheets: Sheets) -> None:
        first = sheets["engagement"][0]
        sheets["engagement"].append(first | {"structure_id": f"{first['structure_id']} "})

    verdict = judged(changed(twice))
    said = {f.rule: f.unit_id for f in verdict.findings if f.rule in {"DOM-11", "LIE-01"}}
    assert set(said) == {"DOM-11", "LIE-01"}
    (unit,) = set(said.values())
    assert verdict.records.filter(pl.col("unit_id") == unit)["accepted"].to_list() == [False]


def test_last_years_first_text_is_held_against_this_years():
    line = lines()["engagement"][0]
    unit = " · ".join(
        str(line[part]) for part in ("convention", "siren", "structure_id", "objet", "annee")
    )
    before = [{"unit_id": f"engagement {unit}", "variable": "montant_initial", "number": 1.0}]
    setting = Setting(
        collection(), TERRITORY, YEAR, (TERRITORY,), None, REGISTER,
        pl.DataFrame(before, schema=LAST_YEAR_SCHEMA),
    )  # fmt: skip

    verdict = judge(read(changed(lambda _: None)), setting)
    assert [(f.sheet, f.row) for f in verdict.findings if f.rule == "STA-montant_initial"] == [
        ("Engagements", 2)
    ]


def test_what_names_a_line_is_not_corrected_and_the_rest_is():
    unit = "engagement PF-00001 · 000000109 · – · projet · 2012"

    def fault(question: str, value: str) -> str:
        place = Place("", unit, question)
        reply = Reply(ReplyKind.CORRECTED, place, "1", value, "relu", "Essai", "2013-07-01")
        return fault_of(reply, collection(), YEAR)

    assert "nouvel export" in fault("annee", "2013")
    assert fault("montant_promis", "1234,56") == ""
    assert fault("version", "2") == ""
