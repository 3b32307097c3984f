"""`senacs codebook headers`: lines that can be added to headers.csv as they are printed."""

from typer.testing import CliRunner

from senacs.cli.main import app
from tests.support.exports import table, written

HEADER, CELLS = table("senacs")


def run(path, *more):
    arguments = ["codebook", "headers", str(path), "--collection", "senacs"]
    return CliRunner().invoke(app, [*arguments, "--territory", "92", "--year", "2012", *more])


def test_an_unknown_header_comes_with_the_likest_question(tmp_path):
    header = [h.replace("Effectif salarié (personnes)", "Effectifs salariés") for h in HEADER]
    path = tmp_path / "export.csv"
    path.write_bytes(written([[*header, "Nombre de micro-ondes"], [*CELLS, "2"]]))

    result = run(path)

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "92;2012;Effectifs salariés;nb_salaries",
        "92;2012;Nombre de micro-ondes;",
    ]


def test_nothing_is_printed_of_a_file_whose_headers_are_known(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(written([HEADER, CELLS]))
    assert run(path).stdout == ""


def test_an_unreadable_file_is_an_error(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(b"")
    assert "empty" in str(run(path).exception)
