"""Published figures reproduced through the real tables."""

import shutil

import pytest

from senacs.codebook import load_collection
from senacs.codebook.questionnaire import Kind
from senacs.deliveries import Outcome
from senacs.plaquette.model import Cell
from senacs.plaquette.wording import cell
from senacs.settings import PROJECT_ROOT
from senacs.vintages.model import Figure, FigureKey, Status
from tests.support.exports import GOOD, written
from tests.support.installation import installation

NORD = "59"
CAMPAIGN = """
- data_year: {year}
  campaign_year: {after}
  opens: {after}-04-02
  closes: {after}-10-31
  perimeter: {perimeter}
  territories:
    - code: "59"
      label: Nord
      departements: ["59"]
      source: {{url: "{{supplier}}/{collection}_{year}.csv"}}
"""
NORD_2010 = (117, 141)
"""Published: 117 centres answered of 141 concerned, « soit 81 % »."""

FIRST_2013, THEN_2013, APPROVED_2013 = 13, 14, 21
"""Published: n = 1,282, later n = 1,400, of 2,100; here one of a hundred."""

NO_BREAK = "\N{NO-BREAK SPACE}"


def codebook(folder):
    """The product's, with the Nord asked about 2010 and 2013."""
    own = folder / "codebook"
    shutil.copytree(PROJECT_ROOT / "codebook", own)
    for collection, perimeter in (("registre", "export"), ("senacs", "all")):
        text = "".join(
            CAMPAIGN.format(year=year, after=year + 1, perimeter=perimeter, collection=collection)
            for year in (2010, 2013)
        )
        (own / collection / "campaigns.yml").write_text(text, encoding="utf-8")
    questions = own / "registre" / "questions"
    for year in (2010, 2013):
        shutil.copy(questions / "2012.csv", questions / f"{year}.csv")
    return own


def deliver(made, collection: str, year: int, structures: int) -> None:
    """An export about the first so many structures, all of them the same but for their names."""
    questions = load_collection(made.home / "codebook", collection).questions_of(year)
    rows = [
        [
            {"structure_id": f"59-{n:03}", "nom": f"Centre social {n}", "commune": "59350",
             "nom_commune": "Lille", "fin_agrement": "31/12/2016",
             "gestionnaire": f"Association {n}"}.get(
                q.question,
                GOOD[collection].get(q.question, "Oui" if q.kind is Kind.YES_NO else "1"),
            )
            for q in questions
        ]
        for n in range(1, structures + 1)
    ]  # fmt: skip
    data = written([[q.header for q in questions], *rows])
    (made.supplier / f"{collection}_{year}.csv").write_bytes(data)
    (ended,) = made.run_all((collection, NORD, year))
    assert ended.outcome is Outcome.LOADED


@pytest.fixture(scope="module")
def nord(server, tmp_path_factory):
    home = tmp_path_factory.mktemp("nord")
    url = server.create()
    with installation(url, home, codebook=codebook(home)) as made:
        yield made
    server.drop(url)


def figures(made, year: int, level: str) -> dict[str, Figure]:
    rows = made.ask(
        "select indicator, population, level, area, n_scope, n_responded, n_base, n_item, value "
        "from indicator.figure where collection = 'senacs' and data_year = %s and level = %s "
        "and population = 'CS'",
        year, level,
    )  # fmt: skip
    return {row[0]: Figure(FigureKey(*row[:4]), Status.VALUE, *row[4:]) for row in rows}


def shown(found: dict[str, Figure], name: str) -> Cell:
    declared = load_collection(PROJECT_ROOT / "codebook", "senacs").indicators
    return cell(found[name], next(one for one in declared if one.indicator == name))


def test_the_rate_of_the_nord_is_83_per_cent_and_not_the_81_printed(nord):
    answered, asked = NORD_2010
    deliver(nord, "registre", 2010, asked)
    deliver(nord, "senacs", 2010, answered)

    found = figures(nord, 2010, "departement")

    rate = shown(found, "taux_reponse")
    assert rate.text == f"83,0{NO_BREAK}%"
    assert rate.base == f"117{NO_BREAK}/{NO_BREAK}141"
    assert shown(found, "repondants").text == "117"
    assert shown(found, "perimetre").text == "141"


def test_a_late_questionnaire_changes_n_and_the_log_says_so(nord):
    deliver(nord, "registre", 2013, APPROVED_2013)
    deliver(nord, "senacs", 2013, FIRST_2013)
    before = figures(nord, 2013, "surveyed")
    nothing_yet = nord.ask("select count(*) from indicator.change where data_year = 2013")

    deliver(nord, "senacs", 2013, THEN_2013)

    after = figures(nord, 2013, "surveyed")
    names = ("repondants", "associations_accueillies_total", "associations_accueillies_moyenne")
    assert [before[name].n_responded for name in names] == [FIRST_2013] * 3
    assert [after[name].n_responded for name in names] == [THEN_2013] * 3
    assert (before["repondants"].value, after["repondants"].value) == (FIRST_2013, THEN_2013)
    assert nothing_yet == [(0,)]
    changed = nord.ask(
        "select indicator, reasons, n_responded_before, n_responded_after, value_before::int, "
        "value_after::int from indicator.change where data_year = 2013 and level = 'surveyed' "
        "and breakdown = 'all' and population = 'CS' and indicator = any (%s) order by 1",
        list(names),
    )
    late = ["late_reply"]
    assert changed == [
        ("associations_accueillies_moyenne", late, FIRST_2013, THEN_2013, 1, 1),
        ("associations_accueillies_total", late, FIRST_2013, THEN_2013, FIRST_2013, THEN_2013),
        ("repondants", late, FIRST_2013, THEN_2013, FIRST_2013, THEN_2013),
    ]
    # By what structures declare themselves, a late reply moves one from `inconnu` to a category.
    assert nord.ask(
        "select distinct c.reasons from indicator.change c "
        "left join codebook.breakdown b using (collection, breakdown) "
        "where c.data_year = 2013 and coalesce(b.of_register, true)"
    ) == [(late,)]
