"""One table in every format: the same answers, and every oddity noted."""

import gzip
from datetime import date
from decimal import Decimal

import pytest

from senacs.codebook import Kind
from senacs.reading import Evidence
from senacs.reading.outcome import Status, ValueProblem
from senacs.reading.values import typed
from tests.support.exports import answers, evidence, table, written
from tests.support.packages import locked, ods, unzipped, with_entities, xls, xlsx, zipped

HEADER, CELLS = table("senacs")
GRID = [HEADER, CELLS]


def notes(found: Evidence) -> list[str]:
    return found.file["note"].to_list()[1:]


def problem(data: bytes) -> str:
    return evidence("senacs", data).file["problem"][0]


def values(found: Evidence) -> list[tuple]:
    return found.answers.select(
        "unit_id", "question", "status", "decimal", "code", "text", "problem"
    ).rows()


FORMATS = {
    "semicolon": written(GRID),
    "comma": "\n".join(",".join(f'"{c}"' for c in row) for row in GRID).encode(),
    "tab": "\r\n".join("\t".join(row) for row in GRID).encode(),
    "pipe": "\r".join("|".join(row) for row in GRID).encode(),
    "trailing delimiters": "\n".join(";".join([*row, "", ""]) for row in GRID).encode(),
    "sep line": b"sep=;\r\n" + written(GRID),
    "cp1252": written(GRID, "cp1252"),
    "mac": written(GRID, "mac_roman"),
    "latin 9": written(GRID, "iso8859-15"),
    "utf-16": written(GRID, "utf-16"),
    "utf-16 without mark": written(GRID, "utf-16-le"),
    "utf-16 big end first": written(GRID, "utf-16-be"),
    "xlsx": xlsx(GRID),
    "xls": xls(GRID),
    "ods": ods(GRID),
    "gzip": gzip.compress(written(GRID)),
    "zip": zipped({"export.csv": written(GRID)}),
    "zip with a workbook": zipped({"dossier/export.xlsx": xlsx(GRID), "__MACOSX/._x": b"\0"}),
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_the_same_answers(name):
    assert values(evidence("senacs", FORMATS[name])) == values(evidence("senacs", written(GRID)))


@pytest.mark.parametrize("make", [written, xlsx, xls, ods])
def test_titles_totals_and_notes_are_told_and_not_read(make):
    wide = [""] * (len(HEADER) - 1)
    grid = [
        ["Enquête Senacs, édition 2013", *wide],
        [""] * len(HEADER),
        HEADER,
        CELLS,
        ["Total général", *CELLS[1:]],
        ["Source : Caf des Hauts-de-Seine", *wide],
    ]
    found = evidence("senacs", make(grid))
    assert found.records["unit_id"].to_list() == ["92-001"]
    assert found.records["row"].to_list() == [4]
    assert notes(found) == ["title_rows", "total_rows", "footnotes"]
    assert values(found) == values(evidence("senacs", written(GRID)))


def test_a_structure_named_like_a_total_is_one():
    found = evidence("senacs", written([HEADER, ["Total Accès", *CELLS[1:]]]))
    assert found.records["unit_id"].to_list() == ["Total Accès"]
    assert notes(found) == []


@pytest.mark.parametrize("make", [written, xlsx, xls, ods])
def test_a_header_on_two_rows_is_read_as_one(make):
    above = ["" if h.startswith("Financement") else h for h in HEADER]
    first = HEADER.index(next(h for h in HEADER if h.startswith("Financement")))
    above[first] = "Financement"
    below = [h.removeprefix("Financement ") if h.startswith("Financement") else "" for h in HEADER]
    found = evidence("senacs", make([above, below, CELLS]))
    assert notes(found) == ["header_rows"]
    assert set(found.columns["status"]) == {"mapped"}
    assert values(found) == values(evidence("senacs", written(GRID)))


class TestWorkbooks:
    def test_the_sheet_of_the_codebook_is_read_and_the_others_told(self):
        found = evidence(
            "senacs", xlsx([["Lisez-moi"]], Données=GRID, Codes=[["a", "b"], ["1", "2"]])
        )
        assert found.records.height == 1
        assert notes(found) == ["other_sheets"]
        assert found.file["detail"][1] == "Données : Feuille, Codes"

    def test_a_second_sheet_of_answers_is_asked_about(self):
        assert notes(evidence("senacs", xlsx(GRID, Suite=GRID))) == ["sheets_alike"]

    def test_a_sheet_that_people_see_counts_before_a_hidden_one(self):
        other = [HEADER, table("senacs", answers("senacs", structure_id="92-002"))[1]]
        found = evidence("senacs", xlsx(GRID, hidden=["Feuille"], Vue=other))
        assert found.records["unit_id"].to_list() == ["92-002"]

    HIDDEN = pytest.mark.parametrize(
        "data",
        [
            xlsx([HEADER, CELLS, CELLS], columns=[1, 28], lines=[3]),
            ods(
                [HEADER, CELLS, CELLS],
                columns=[(1, True), (26, False), (1, True), (9000, False)],
                lines=[3],
            ),
        ],
        ids=["xlsx", "ods"],
    )

    @HIDDEN
    def test_hidden_columns_and_rows_are_told(self, data):
        file = evidence("senacs", data).file
        assert file.select("note", "detail", "row").rows()[1:] == [
            ("hidden_columns", f"A « {HEADER[0]} », AB « {HEADER[27]} »", None),
            ("hidden_rows", "3", 3),
        ]

    @HIDDEN
    def test_hidden_columns_and_rows_are_read(self, data):
        assert values(evidence("senacs", data)) == values(
            evidence("senacs", written([HEADER, CELLS, CELLS]))
        )

    def test_many_hidden_ones_are_counted(self):
        found = evidence("senacs", xlsx(GRID, columns=range(2, 14)))
        assert found.file["detail"][1].endswith("K « Nombre de vacataires »… (12 en tout)")

    def test_what_is_hidden_beside_the_table_is_no_matter(self):
        title = [["Enquête"], *GRID]
        assert notes(evidence("senacs", xlsx(title, columns=[200], lines=[1, 9]))) == ["title_rows"]

    def test_what_is_hidden_of_another_sheet_is_no_matter(self):
        data = xlsx([["Lisez-moi"]], columns=[1], lines=[1], Données=GRID)
        assert notes(evidence("senacs", data)) == ["other_sheets"]

    def test_a_sheets_name_is_found_as_it_is_written(self):
        name = "A & B « 92 » <1>"
        data = xlsx([["Lisez-moi"]], **{name: GRID})
        files = unzipped(data)
        part = "xl/worksheets/sheet2.xml"
        files[part] = files[part].replace(b'<row r="2"', b"<row hidden='true' ", 1)
        assert notes(evidence("senacs", zipped(files))) == ["hidden_rows", "other_sheets"][::-1]

    @pytest.mark.parametrize("make", [xlsx, xls, ods])
    def test_cells_are_read_by_what_they_are(self, make):
        header, _ = table("registre")
        good = answers("registre", commune="", fin_agrement="", federe="", siret="")
        row: dict[str, object] = {
            **good,
            "commune": 92002.0,
            "fin_agrement": date(2014, 12, 31),
            "federe": True,
            "siret": 77554402601284.0,
        }
        found = evidence("registre", make([header, list(row.values())]))  # type: ignore[operator]
        texts = {
            r["question"]: (r["raw"], r["text"] or r["code"], r["problem"])
            for r in found.answers.iter_rows(named=True)
        }
        assert texts["commune"] == ("92002", "92002", "")
        assert texts["fin_agrement"] == ("2014-12-31", "2014-12-31", "")
        assert texts["federe"][1] == "oui"
        assert texts["siret"] == ("77554402601284", "77554402601284", "")

    def test_a_siret_that_lost_its_digits_in_a_number_is_noticed(self):
        header, _ = table("registre")
        row: dict[str, object] = {**answers("registre"), "siret": 7.75544e13}
        found = evidence("registre", xlsx([header, list(row.values())]))  # type: ignore[list-item]
        assert found.answers.filter(question="siret")["problem"].item() == "siret_digits_lost"

    def test_a_formula_gives_its_last_value(self):
        cells = [
            "=1+1" if q == "Nombre de salariés en CDI" else c for q, c in zip(*GRID, strict=True)
        ]
        data = xlsx([HEADER, cells])
        files = unzipped(data)
        name = "xl/worksheets/sheet1.xml"
        files[name] = files[name].replace(b"<v>0</v></c>", b"<v>10</v></c>")
        found = evidence("senacs", zipped(files))
        assert found.answers.filter(question="nb_cdi")["decimal"].item() == "10"


class TestRefusals:
    @pytest.mark.parametrize(
        ("data", "why"),
        [
            (with_entities(xlsx(GRID)), "entities"),
            (zipped({"a.csv": b";" * 90_000_000}), "bomb"),
            (gzip.compress(b";" * 90_000_000), "bomb"),
            (zipped({"a.zip": zipped({"a.csv": written(GRID)})}), "bomb"),
            (locked(zipped({"a.csv": written(GRID)})), "protected"),
            (xlsx(GRID)[:900], "broken"),
            (gzip.compress(written(GRID))[:-9], "broken"),
            (zipped({"a.csv": written(GRID), "b.xlsx": xlsx(GRID)}), "several"),
            (zipped({}), "nothing_inside"),
            (b"a;b\n" + b"x" * 70_000_000, "too_large"),
            (b"a;b\n" + b"x" * 9_000_000 + b";1\n", "too_large"),
            (b"a;b\n" + b"1;2\n" * 2_000_000, "too_large"),
            (written(GRID) + b"\0", "binary"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_it_is_refused_and_says_why(self, data, why):
        found = evidence("senacs", data)
        assert found.file["problem"][0] == why
        assert found.records.height == 0

    def test_of_an_archive_the_member_that_the_codebook_knows_is_read(self):
        found = evidence(
            "senacs", zipped({"lisez-moi.csv": b"a;b\n1;2\n", "export.csv": written(GRID)})
        )
        assert found.records.height == 1
        assert notes(found) == ["packed", "other_members"]

    def test_a_million_empty_rows_are_no_rows(self):
        files = unzipped(xlsx(GRID))
        name = "xl/worksheets/sheet1.xml"
        empty = b"".join(b'<row r="%d"/>' % n for n in range(3, 1_000_000))
        files[name] = files[name].replace(b"</sheetData>", empty + b"</sheetData>")
        assert evidence("senacs", zipped(files)).records.height == 1

    def test_a_cell_at_the_far_corner_is_refused(self):
        files = unzipped(xlsx(GRID))
        name = "xl/worksheets/sheet1.xml"
        far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        files[name] = files[name].replace(b"</sheetData>", far)
        assert problem(zipped(files)) == "too_large"


class TestHeaders:
    def columns(self, header: list[str], more: list[str] = []) -> dict[str, dict]:  # noqa: B006
        found = evidence("senacs", written([header, [*CELLS, *more]]))
        return {row["header"]: row for row in found.columns.iter_rows(named=True)}

    def renamed(self, old: str, new: str) -> dict:
        assert old in HEADER
        return self.columns([new if h == old else h for h in HEADER])[new]

    @pytest.mark.parametrize(
        "new", ["Budget total en k€", "BUDGET TOTAL (milliers d'euros)", "Budget total [K€]"]
    )
    def test_the_units_own_spelling_does_not_matter(self, new):
        assert self.renamed("Budget total (k€)", new)["status"] == "mapped"

    @pytest.mark.parametrize("new", ["Budget total (€)", "Budget total en euros"])
    def test_another_unit_is_never_converted(self, new):
        found = self.renamed("Budget total (k€)", new)
        assert (found["status"], found["question"]) == ("other_unit", "budget_total")

    def test_an_unknown_title_comes_with_the_likest_question(self):
        found = self.renamed("Effectif salarié (personnes)", "Effectifs salariés, en nb de pers.")
        assert (found["status"], found["suggestion"]) == ("unknown", "nb_salaries")
        assert "Effectif salarié (personnes)" in found["hint"]
        assert 75 <= found["score"] <= 100

    def test_an_unlike_title_comes_with_none(self):
        found = self.columns([*HEADER, "Nombre de micro-ondes"], ["2"])["Nombre de micro-ondes"]
        assert (found["suggestion"], found["hint"]) == (None, "")

    def test_a_copy_of_a_question_is_a_second_column(self):
        found = self.columns([*HEADER, "Budget total (k€)__1"], ["2"])
        assert found["Budget total (k€)"]["status"] == "repeated"


@pytest.mark.parametrize(
    ("raw", "kind", "unit", "number", "problem"),
    [
        ("12 %", Kind.NUMBER, "%", "12", ""),
        ("12 %", Kind.NUMBER, "part", "0.12", ""),
        ("12 %", Kind.NUMBER, "personnes", None, "foreign_unit"),
        ("35 k€", Kind.NUMBER, "€", None, "foreign_unit"),
        ("35 000 €", Kind.NUMBER, "k€", None, "foreign_unit"),
        ("35 k€", Kind.NUMBER, "k€", "35", ""),
        ("12 h", Kind.INTEGER, "heures", "12", ""),
        ("12 h", Kind.NUMBER, "", None, "not_a_number"),
        ("environ 40", Kind.INTEGER, "personnes", None, "not_a_number"),
        ("#DIV/0!", Kind.NUMBER, "", None, "formula_error"),
    ],
)
def test_a_unit_in_a_cell_is_the_questions_own_or_a_problem(raw, kind, unit, number, problem):
    value = typed(raw, kind, unit=unit)
    expected = None if number is None else Decimal(number)
    assert (value.number, value.problem) == (expected, ValueProblem(problem))
    assert value.status is Status.REPORTED
