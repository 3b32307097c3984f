"""Writes the summary of a campaign for the national team."""

from collections.abc import Mapping
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from senacs.codebook import load_collection
from senacs.deliveries import Outcome
from senacs.pages.campaign import (
    CampaignSummary,
    QuestionLine,
    RuleLine,
    TerritoryLine,
    campaign_page,
    campaign_summary,
)
from senacs.pages.response import ResponseCount, response_tables
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks.pages import replace_text


@task(name="campaign-summary", cache_policy=NO_CACHE)
def summarise(collection: str, data_year: int) -> str:
    """Write the French page about a campaign, beside the territories' reports; its path."""
    path = settings().home / "reports" / collection / f"{data_year}.html"
    replace_text(path, campaign_page(summary_of(collection, data_year)))
    return str(path)


def summary_of(collection: str, data_year: int) -> CampaignSummary:
    """What the warehouse says of a campaign now."""
    codebook = settings().codebook
    declared = load_collection(codebook, collection)
    register = declared.register_collection
    labels = {t.code: t.label for t in declared.campaign(data_year).territories}
    key = {"collection": collection, "data_year": data_year}
    with warehouse().begin() as connection:
        # What was just loaded has no statistics yet (seen: 135 s for a campaign of 45,000 answers).
        execute(connection, "department/plan_in_bulk")
        territories = fetch(connection, "quality/campaign", **key)
        rules = fetch(connection, "quality/rules", **key)
        questions = fetch(connection, "quality/questions", **key)
        response = fetch(connection, "quality/response", **key)
    rows = {row["territory"]: row for row in territories}
    return campaign_summary(
        declared,
        data_year,
        [_territory(rows.get(code, {}), code, label) for code, label in labels.items()],
        [RuleLine(**row) for row in rules],
        [QuestionLine(**row) for row in questions],
        response=response_tables(
            declared,
            load_collection(codebook, register),
            [ResponseCount(**row) for row in response],
        )
        if register
        else (),
    )


def _territory(row: Mapping[str, Any], code: str, label: str) -> TerritoryLine:
    counts = ("records", "answers", "n_scope", "n_responded", "asked", "answered", "accepted",
              "known", "resolved")  # fmt: skip
    outcome = row.get("outcome")
    return TerritoryLine(
        territory=code,
        label=label,
        received=row.get("received"),
        days_late=row.get("days_late"),
        outcome=Outcome(outcome) if outcome else None,
        message=row.get("message") or "",
        loaded=bool(row.get("loaded")),
        rejected=row.get("rejected_answers") or 0,
        **{name: row.get(name) or 0 for name in counts},
    )
