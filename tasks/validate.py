"""Runs the rules over an export as read."""

from collections.abc import Mapping
from pathlib import Path

import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE

from expectations.frames import SCOPE_SCHEMA, Setting
from expectations.verdict import Verdict, judge
from senacs.codebook import load_collection
from senacs.deliveries import Run, TerritoryYear
from senacs.errors import WarehouseError
from senacs.findings import as_frame
from senacs.replies.application import Corrected, corrected, delivered_texts, rows_of, settled
from senacs.replies.frames import item_frame, reply_frame
from senacs.replies.items import items_of, vain_confirmations
from senacs.replies.known import expiries
from senacs.replies.model import Reply
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks.replies import exceptions_of, replies_in_force
from tasks.workspace import read_evidence, write_verdict


@task(name="validate", cache_policy=NO_CACHE)
def validate(run: Run, folder: Path) -> bool:
    """Leave findings and final statuses in the run's folder; whether the export may be loaded.

    Raises:
        RuleError: a rule could not run: our fault, nothing is said against the supplier.
        WarehouseError: the register that says who is asked is not loaded.
    """
    key = run.key
    declared = load_collection(settings().codebook, key.collection)
    territory = declared.campaign(key.data_year).territory(key.territory)
    scope = None
    if declared.register_collection:
        with warehouse().connect() as connection:
            scope = pl.DataFrame(
                fetch(connection, "reference/scope", **vars(key)), schema=SCOPE_SCHEMA
            )
        if scope.is_empty():
            raise WarehouseError(
                f"Le registre des structures du territoire {key.territory} n'est pas chargé pour "
                f"{key.data_year} : collectez d'abord « {declared.register_collection} »."
            )
    with warehouse().connect() as connection:
        replies = replies_in_force(connection, key)
    done = corrected(read_evidence(folder), replies.values(), declared, key.data_year)
    verdict = judge(
        done.evidence,
        Setting(declared, key.territory, key.data_year, territory.departements, scope),
    )
    write_verdict(folder, **_with_replies(key, verdict, done, replies))
    return not verdict.refused


def _with_replies(
    key: TerritoryYear, verdict: Verdict, done: Corrected, replies: Mapping[str, Reply]
) -> dict[str, pl.DataFrame]:
    """What the rules decided, with what has been replied: findings, answers, records, items."""
    known = exceptions_of(key)
    findings = list(verdict.findings)
    if not verdict.refused:
        findings += rows_of(done.findings, done.evidence)
        findings += expiries(known.declared, findings, known.today)
    places = {(f.unit_id, f.question) for f in findings if f.unit_id and f.question}
    delivered = delivered_texts(done.delivered, places)
    items = items_of(key, findings, replies.values(), known.active, delivered)
    findings += vain_confirmations(key, items, replies.values())
    confirmed = [
        (item.place.unit_id, item.place.question)
        for item in items
        if item.confirmed_by and item.place.unit_id and item.place.question
    ]
    applied = {reply.reply_id(key) for reply in done.applied.values()}
    return {
        "findings": as_frame(findings),
        "answers": settled(verdict.answers, done, confirmed),
        "records": verdict.records,
        "items": item_frame(items),
        "replies": reply_frame(replies, applied),
    }
