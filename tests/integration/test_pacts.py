"""Agreements on the real road: from a workbook of nine sheets to typed tables, to the cent."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from senacs.deliveries import Outcome, RunOutcome
from senacs.simulation.demo.draws import SEED
from senacs.simulation.demo.pacts_export import NUMBERS
from senacs.simulation.pacts.writing import workbook
from tests.support.installation import Installation, installation
from tests.support.pacts import TERRITORY, YEAR, Sheets, changed, collection, lines
from tests.support.postgres import Server

KEY = ("pactes", TERRITORY, YEAR)
TABLES = {
    "agreement": "convention",
    "version": "version",
    "signatory": "signataire",
    "centre": "centre",
    "agrement": "agrement",
    "objective": "objectif",
    "measure": "mesure",
    "commitment": "engagement",
    "review": "revue",
}
ORIGIN = f"{SEED}/pacts"


def held(made: Installation) -> dict[str, list[str]]:
    """Every row of the typed tables, as text, in one order."""
    return {
        table: sorted(row for (row,) in made.ask(f"select t::text from pact.{table} t"))  # noqa: S608
        for table in TABLES
    }


@pytest.fixture(scope="module")
def runs(
    server: Server, prepared: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, list[RunOutcome]]]:
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("pacts")) as made:
        made.run_all(("registre", TERRITORY, 2011), ("registre", TERRITORY, 2012))
        yield made, made.run_all(("pactes", TERRITORY, 2011), KEY)
    server.drop(url)


@pytest.fixture(scope="module")
def made(runs) -> Installation:
    return runs[0]


@pytest.fixture(scope="module")
def delivered() -> Sheets:
    """The lines that the demonstration's workbook was written from."""
    return lines(*NUMBERS, seed=ORIGIN)


def test_the_demonstration_is_loaded(runs):
    assert [ended.outcome for ended in runs[1]] == [Outcome.LOADED] * 2


def test_each_line_is_a_row_of_its_table(made, delivered):
    counts = {
        table: made.ask(f"select count(*) from pact.{table} where data_year = %s", YEAR)[0][0]  # noqa: S608
        for table in TABLES
    }

    assert counts == {table: len(delivered[sheet]) for table, sheet in TABLES.items()}


def test_amounts_are_those_of_the_cells_to_the_cent(made, delivered):
    rows = made.ask(
        "select agreement_id, siren, structure_id, purpose, year, version, initial, promised, "
        "notified, paid, for_quarters from pact.commitment where data_year = %s",
        YEAR,
    )

    asked = (
        "convention", "siren", "structure_id", "objet", "annee", "version", "montant_initial",
        "montant_promis", "montant_notifie", "montant_verse",
    )  # fmt: skip
    written = {
        (*(line[name] for name in asked), line["pour_qpv"] == "oui")
        for line in delivered["engagement"]
    }
    assert set(rows) == written
    assert any(amount % 1 for *_, amount, _, _, _ in rows)


def test_the_totals_of_sheets_and_tables_agree_exactly(made):
    apart = made.ask(
        "select a.agreement_id from pact.agreement a "
        "left join pact.commitment c using (data_year, territory, agreement_id) "
        "group by a.data_year, a.territory, a.agreement_id, a.stated_total "
        "having sum(c.promised) is distinct from a.stated_total"
    )

    assert apart == []


def test_the_indicators_are_sums_of_the_lines(made, delivered):
    total = sum((line["montant_promis"] for line in delivered["engagement"]), Decimal(0))
    town = sum(
        line["montant_promis"]
        for line in delivered["engagement"]
        if line["objet"] == "politique_ville"
    )

    cells = dict(
        made.ask(
            "select indicator, value from indicator.cell where collection = 'pactes' "
            "and data_year = %s and level = 'departement' and area = '92' "
            "and population = 'engagement'",
            YEAR,
        )
    )
    assert cells["montant_promis"] == total
    assert cells["promis_politique_ville"] == town


@pytest.fixture(scope="module")
def asked(runs) -> list[tuple]:
    made, (_, ended) = runs
    return made.ask(
        "select rule, severity, sheet, row_number, header, unit_id from intake.finding "
        "where run_id = %s",
        ended.run_id,
    )


def test_nothing_is_found_but_agrements_that_end_early_and_amendments(asked):
    assert {(rule, severity) for rule, severity, *_ in asked} == {
        ("PAC-02", "query"),
        ("PAC-18", "info"),
    }


def test_a_finding_says_sheet_row_and_column(asked, delivered):
    for rule, _, sheet, row, header, unit in asked:
        if rule == "PAC-02":
            line = delivered["centre"][row - 2]
            assert (sheet, header) == ("Centres", "Centre")
            assert unit == f"centre {line['convention']} · {line['structure_id']}"


def supply(made: Installation, data: bytes) -> RunOutcome:
    (made.supplier / "pactes" / f"pactes_{TERRITORY}_{YEAR}.xlsx").write_bytes(data)
    return made.run(*KEY)


def test_twice_is_once_and_a_broken_workbook_changes_only_what_it_breaks(made, delivered):
    before = held(made)
    assert made.run(*KEY).outcome is Outcome.UNCHANGED

    # Another file with other lines, then the same lines in another file.
    fewer = {sheet: own[:-1] for sheet, own in delivered.items()}
    assert supply(made, workbook(fewer, collection(), YEAR)).outcome is Outcome.LOADED
    assert held(made) != before
    spare = {**delivered, "revue": [*delivered["revue"], delivered["revue"][0]]}
    assert supply(made, workbook(spare, collection(), YEAR)).outcome is Outcome.LOADED
    assert held(made) == before

    def without_a_year(sheets: Sheets) -> None:
        sheets["engagement"][0]["annee"] = "en 2012"

    ended = supply(made, changed(without_a_year))
    lost = made.ask(
        "select rule, sheet, row_number, header from intake.finding "
        "where run_id = %s and severity = 'error' order by rule",
        ended.run_id,
    )
    assert lost == [("DOM-01", "Engagements", 2, "Année"), ("LIE-01", "Engagements", 2, "Année")]
    count = made.ask("select count(*) from pact.commitment where data_year = %s", YEAR)
    assert count == [(len(lines()["engagement"]) - 1,)]

    # What is refused leaves what was loaded.
    loaded = held(made)
    refused = supply(made, b"convention;libelle\nPF-1;un texte\n")
    assert refused.outcome is Outcome.REFUSED
    assert held(made) == loaded
