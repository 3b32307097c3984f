"""The annotated spreadsheet of hostile or odd exports: nothing runs, nothing leaks, all is said."""

import csv
import io

import pytest

from senacs.codebook import load_collection
from senacs.deliveries import TerritoryYear
from senacs.findings import Finding, Severity
from senacs.pages.annotated import MANUAL, Annotated, annotated_workbook
from senacs.pages.inert import inert, shown
from senacs.reading.delivered import delivered_table
from senacs.replies.constats import constats
from senacs.replies.model import place_of
from senacs.replies.sheet import EXPORT, FINDINGS
from tests.support import libreoffice
from tests.support.exports import CODEBOOK, answers, table, written
from tests.support.packages import unzipped, xlsx
from tests.support.returned import lines_of, sheets_in

KEY = TerritoryYear("senacs", "92", 2012)
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(1)", "\t=1", "=HYPERLINK(\"http://x\")",
            "＝1+1", " =1"]  # fmt: skip
COLLECTION = load_collection(CODEBOOK, "senacs")
QUESTIONS = {q.question: q for q in COLLECTION.questions_of(2012)}
HEADER, CELLS = table("senacs")


def workbook(data: bytes, *findings: Finding, states=(), name="essai.csv") -> bytes:
    return annotated_workbook(
        Annotated(
            label="Enquête Senacs",
            territory_label="Hauts-de-Seine",
            key=KEY,
            file_name=name,
            simulated=False,
            constats=constats(KEY, findings, states, QUESTIONS),
            names={"92-001": "=Centre"},
            table=delivered_table(data, name, COLLECTION, "92", 2012),
        )
    )


def query(**given) -> Finding:
    return Finding(**{
        "rule": "FIN-01", "severity": Severity.QUERY, "message": "Écart.", "advice": "Voir.",
        "row": 2, "unit_id": "92-001", "question": "budget_total", "header": "Budget total (k€)",
    } | given)  # fmt: skip


def state_of(finding: Finding, **given) -> dict[str, object]:
    return {
        "item_key": place_of(finding).address(KEY), "version": 1, "state": "open", "kind": None,
        "at": None, "reason": "constaté", "value": None, "replied_by": None,
        "replied_because": None,
    } | vars(finding) | {"row_number": finding.row} | given  # fmt: skip


class TestFormulas:
    @pytest.mark.parametrize("text", FORMULAS)
    def test_a_text_is_a_text(self, text):
        found = query(raw=text, message=text, header=text, unit_id=text, advice=text)
        row = [
            text if h == "Nom de la structure" else c for h, c in zip(HEADER, CELLS, strict=True)
        ]

        data = workbook(written([HEADER, row]), found, states=[state_of(found)])

        for name, part in unzipped(data).items():
            assert b"<f>" not in part, name
        for rows in sheets_in(data).values():
            for cells in rows:
                assert not any(c.lstrip()[:1] in set("=+@＝\t") for c in cells)

    def test_saved_as_csv_by_libreoffice_it_stays_one(self, tmp_path):
        found = [query(raw=text, row=n) for n, text in enumerate(FORMULAS, start=2)]
        data = workbook(written([HEADER, CELLS]), *found)

        text = libreoffice.saved(data, tmp_path, "csv").decode("cp1252", "replace")

        for cells in csv.reader(io.StringIO(text)):
            assert not any(cell.lstrip()[:1] in set("=+@") for cell in cells)

    @pytest.mark.parametrize("number", ["-8", "-1 234,5", "+3", "-12 %", "", "- "])
    def test_a_number_stays_as_it_is(self, number):
        assert inert(number) in {number, f"'{number}"}
        assert number == "- " or inert(number) == number


WITH_CONTACTS = [*HEADER, "Courriel du contact", "Mail du directeur"]


class TestContacts:
    def test_ignored_columns_are_empty_and_others_masked(self):
        rows = [WITH_CONTACTS, [*CELLS, "a@b.fr", "c@d.fr ou 06 12 34 56 78"]]

        shown_ = sheets_in(workbook(written(rows)))[EXPORT]

        assert shown_[0] == WITH_CONTACTS
        assert shown_[1][-2:] == ["", "[adresse masquée] ou [téléphone masqué]"]

    def test_a_row_whose_cells_have_shifted_is_not_shown(self):
        rows = [WITH_CONTACTS, ["de trop", *CELLS, "a@b.fr", "Jean"], [*CELLS, "e@f.fr", ""]]

        data = workbook(written(rows))

        assert sheets_in(data)[EXPORT][1] == [""] * len(WITH_CONTACTS)
        assert sheets_in(data)[EXPORT][2][0] == CELLS[0]
        assert b"Jean" not in b"".join(unzipped(data).values())


class TestLayout:
    def test_rows_keep_their_numbers_under_titles(self):
        rows = [["Export du 3 mars"], [], HEADER, CELLS, [], [*["92-002"], *CELLS[1:]]]
        found = query(row=6, unit_id="92-002")
        data = workbook(xlsx(rows), found, states=[state_of(found)], name="essai.xlsx")

        shown_ = sheets_in(data)[EXPORT]

        assert shown_[2] == HEADER
        assert shown_[5][0] == "92-002"
        (line,) = lines_of(data)
        assert line["Ligne"] == "6"
        (comments,) = [p for n, p in unzipped(data).items() if n.startswith("xl/comments")]
        at = HEADER.index("Budget total (k€)")
        letter = ("" if at < 26 else chr(64 + at // 26)) + chr(65 + at % 26)
        assert f'ref="{letter}6"'.encode() in comments

    def test_a_file_that_cannot_be_read_has_its_findings_all_the_same(self):
        found = Finding("FIC-02", Severity.BLOCKING, "C'est une page web.", "Vérifiez l'adresse.")

        data = workbook(b"<html></html>", found, states=[state_of(found)])

        assert list(sheets_in(data)) == [FINDINGS, MANUAL]
        (line,) = lines_of(data)
        assert (line["Gravité"], line["Réponse"]) == ("bloquant", "nouvel export")

    def test_rows_of_one_unit_are_one_line(self):
        first, second = query(row=2), query(row=5)
        data = workbook(written([HEADER, CELLS]), first, second, states=[state_of(first)])
        (line,) = lines_of(data)
        assert "aussi ligne 5" in line["Constat"]

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"state": "open"}, "à traiter"),
            ({"state": "reopened", "reason": "elle a changé"}, "à revoir : elle a changé"),
            ({"state": "known", "reason": "panne"}, "erreur connue : panne"),
            ({"state": "answered", "kind": "confirmed", "replied_by": "Mme A",
              "replied_because": "vu"}, "répondu : confirmé par Mme A : « vu »"),
            ({"state": "accepted", "kind": "corrected", "replied_by": "Mme A", "value": "9"},
             "accepté : corrigé en « 9 » par Mme A"),
        ],
    )  # fmt: skip
    def test_where_it_stands_is_said(self, given, expected):
        found = query()
        (line,) = lines_of(workbook(written([HEADER, CELLS]), found, states=[
            state_of(found, **given)]))  # fmt: skip
        said = line["État"].replace("\N{NO-BREAK SPACE}", " ").replace("’", "'")
        assert said == expected

    def test_same_content_same_bytes(self):
        found = query()
        made = [workbook(written([HEADER, CELLS]), found, states=[state_of(found)])
                for _ in range(2)]  # fmt: skip
        assert made[0] == made[1]

    def test_many_rows_and_long_texts_are_no_matter(self):
        rows = [[f"92-{n:03}", *CELLS[1:]] for n in range(1, 400)]
        found = [query(row=n, unit_id=f"92-{n:03}", raw="x" * 40_000) for n in range(2, 300)]
        data = workbook(written([HEADER, *rows]), *found)
        assert len(lines_of(data)) == 298
        assert len(sheets_in(data)[EXPORT]) == 400


def test_supplied_text_is_masked_and_inert():
    assert shown("=a@b.fr") == "[adresse masquée]"
    assert shown(None) == ""
    assert answers("senacs")
