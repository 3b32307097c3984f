"""Quality as a series: the views and the campaign's page against the tables, by another path."""

from pathlib import Path

import polars as pl

from tasks.summary import summarise, summary_of
from tests.support.installation import CAMPAIGNS


def test_findings_by_rule_are_those_of_the_last_examined_run(loaded):
    findings = loaded.frame(
        "select collection, data_year::int as data_year, territory, f.rule, severity, "
        "count(*) as n from intake.run r join intake.finding f using (run_id) "
        "group by 1, 2, 3, 4, 5"
    )
    view = loaded.frame(
        "select collection, data_year::int as data_year, territory, rule, severity, found as n, "
        "asked, answered, accepted, known, resolved from quality.finding_by_rule"
    )
    keys = ["collection", "data_year", "territory", "rule", "severity"]
    both = findings.join(view, on=[*keys, "n"], how="full", coalesce=True)
    assert both.height == findings.height == view.height
    states = ["asked", "answered", "accepted", "known", "resolved"]
    assert view.filter(pl.col("severity") == "info").select(states).sum().row(0) == (0,) * 5
    assert view.filter(pl.col("severity") != "info").filter(pl.col("asked") == 0).is_empty()


def test_item_response_adds_up(loaded):
    keys = ["collection", "data_year", "territory", "question"]
    view = loaded.frame("select * from quality.item_response")
    parts = pl.selectors.starts_with("n_")
    view = view.group_by(keys).agg(parts.sum())
    answers = loaded.frame(
        "select collection, data_year, territory, question, count(*) as n, "
        "count(*) filter (where a.number is not null or a.code is not null "
        "or a.text is not null) as valued from department.answer a "
        "join national.unit using (collection, data_year, territory, unit_id) "
        "where responded group by 1, 2, 3, 4"
    )
    both = view.join(answers, on=keys)
    assert both.height == view.height == answers.height
    total = pl.col("n_asked") + pl.col("n_not_concerned")
    parts = pl.sum_horizontal("n_answered", "n_missing", "n_rejected", "n_imputed")
    assert both.filter((total != pl.col("n")) | (parts != pl.col("n_asked"))).is_empty()
    assert both.filter(pl.col("n_answered") != pl.col("valued")).is_empty()


def test_punctuality_is_measured_from_the_closing(loaded):
    rows = loaded.ask(
        "select collection, data_year, deliveries, first_received is null, "
        "days_late = greatest((first_received at time zone 'Europe/Paris')::date - closes, 0) "
        "from quality.punctuality order by 1, 2"
    )
    assert {(c, y) for c, y, n, none, right in rows if n and not none and right} == {
        (collection, year) for collection, _, year in CAMPAIGNS
    }


def test_the_page_says_what_the_warehouse_holds(loaded):
    summary = summary_of("senacs", 2012)
    page = Path(summarise.fn("senacs", 2012)).read_text("utf-8")

    total = summary.total
    assert (total.n_responded, total.n_scope) == (33, 40)
    ((asked,),) = loaded.ask(
        "select count(*) from query.state where asked and (collection, data_year) "
        "= ('senacs', 2012)"
    )
    assert total.asked == asked
    for text in ("Données simulées", "Hauts-de-Seine", "33 / 40", 'href="92/2012.html"', "DOM-11"):
        assert text in page
    assert "<script" not in page
    assert {one.question for one in summary.weakest} <= {q.question for q in summary.questions}


def test_a_territory_that_sent_nothing_is_on_the_page(loaded):
    nothing = loaded.ask(
        "select count(*) from quality.punctuality where collection = 'fonjep' and first_received "
        "is not null"
    )
    assert nothing == [(0,)]
    fonjep = summary_of("fonjep", 2020)
    assert fonjep.missing == tuple(one.label for one in fonjep.territories)
    assert fonjep.loaded == fonjep.received == 0
    assert "rien reçu" in {one.word for one in fonjep.territories}
    assert fonjep.weakest == ()
