"""Genuine files of Insee, with all that stands around their tables."""

from pathlib import Path

import pytest

from senacs.reading.delimited import nothing_known
from senacs.reading.table import NoteKind
from senacs.reading.tables import table_of

SAMPLES = Path(__file__).parent.parent / "samples"


def knowing(*titles: str):
    """The score of a codebook with these titles."""
    return lambda cells: len({cell.strip() for cell in cells} & set(titles))


def read(name: str, *titles: str):
    score = knowing(*titles) if titles else nothing_known
    return table_of((SAMPLES / name).read_bytes(), name, score)


def test_a_workbook_that_openpyxl_cannot_open():
    table = read("insee_ept_2024.xlsx", "CODGEO", "LIBGEO", "EPT", "LIBEPT", "DEP", "REG")
    assert table.header == ["CODGEO", "LIBGEO", "EPT", "LIBEPT", "DEP", "REG"]
    assert table.rows[0] == (
        7,
        ["91027", "Athis-Mons", "200058014", "Grand-Orly Seine Bièvre", "91", "11"],
    )
    assert (len(table.rows), table.format) == (130, "xlsx")
    assert {note.kind for note in table.notes} == {NoteKind.TITLE_ROWS, NoteKind.OTHER_SHEETS}


def test_codes_under_the_titles_are_no_record():
    table = read("insee_ept_2024.xlsx", "Code géographique", "Libellé géographique", "Région")
    assert table.rows[0][1][0] == "91027"
    assert NoteKind.HEADER_ROWS in {note.kind for note in table.notes}


@pytest.mark.parametrize(
    ("titles", "rows", "first"),
    [
        (
            ("Code région", "Nom de la région", "Nombre d'arrondissements"),
            17,
            ["84", "Auvergne-Rhône-Alpes", "39", "241", "4092", "7916889", "8104357"],
        ),
        (
            ("Code commune", "Nom de la commune", "Population comptée à part", "Code canton",
             "Code arrondissement"),
            35_382,
            ["84", "Auvergne-Rhône-Alpes", "01", "2", "08", "001", "L' Abergement-Clémenciat",
             "767", "18", "785"],
        ),
    ],
)  # fmt: skip
def test_an_old_workbook_with_notes_above_the_header(titles, rows, first):
    table = read("insee_populations_legales_2019.xls.gz", *titles)
    assert (table.rows[0], len(table.rows)) == ((9, first), rows)
    assert table.format == "gzip, xls"
    kinds = {note.kind for note in table.notes}
    assert {NoteKind.PACKED, NoteKind.TITLE_ROWS, NoteKind.OTHER_SHEETS} <= kinds


def test_a_windows_file_with_tabs():
    table = read("insee_cog2016_extrait_cp1252.txt")
    assert (table.encoding, table.delimiter, len(table.rows)) == ("cp1252", "\t", 1212)
    assert table.header[:3] == ["ACTUAL", "CHEFLIEU", "CDC"]
    assert table.rows[0][1][15] == "Abergement-Clémenciat"
    assert table.notes == ()
