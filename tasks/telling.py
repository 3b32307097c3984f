"""Who is told of what has happened, in the transaction that records it where there is one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from prefect import runtime
from sqlalchemy import Connection

from senacs.codebook import load_collection
from senacs.deliveries import Run, TerritoryYear
from senacs.errors import ReplyError, SourceError
from senacs.findings import Finding, Severity
from senacs.notices import occasions
from senacs.replies.known import in_force, known_errors
from senacs.settings import settings
from senacs.warehouse.statements import fetch
from tasks.notices import post

_PARIS = ZoneInfo("Europe/Paris")


def tell_refused(
    connection: Connection, key: TerritoryYear, sha256: str, findings: pl.DataFrame
) -> None:
    """Tell a territory that its export is refused, unless all that refuses it is a known error."""
    today = _today(connection)
    known = in_force(known_errors(settings().replies, key), today)
    blocking = [
        Finding(
            rule=row["rule"],
            severity=Severity.BLOCKING,
            message=row["message"],
            advice=row["advice"],
            unit_id=row["unit_id"],
            question=row["question"],
        )
        for row in findings.filter(pl.col("severity") == Severity.BLOCKING).iter_rows(named=True)
    ]
    if all(any(one.covers(finding) for one in known) for finding in blocking):
        return
    post(connection, [occasions.export_refused(key, label_of(key), sha256, len(blocking))])


def tell_failed(connection: Connection, run: Run, error: Exception) -> None:
    """Tell the engineers of a run that a fault of ours has ended.

    A silent source is the calendar's to tell; what a reply is at fault for stands in the report.
    """
    if not isinstance(error, SourceError | ReplyError):
        today = _today(connection)
        post(connection, [occasions.fault(run.key, error, runtime.flow_run.id, today)])


def tell_abandoned(
    connection: Connection, key: TerritoryYear, abandoned: Sequence[Mapping[str, Any]]
) -> None:
    """Tell the engineers of processes that died, each once however many runs it had."""
    causes = dict.fromkeys(row["flow_run"] or str(row["run_id"]) for row in abandoned)
    post(connection, [occasions.worker_died(key, cause) for cause in causes])


def label_of(key: TerritoryYear) -> str:
    """What a territory is called."""
    declared = load_collection(settings().codebook, key.collection)
    return declared.campaign(key.data_year).territory(key.territory).label


def _today(connection: Connection) -> date:
    """The day in Paris, by the clock that dates the runs."""
    now: datetime = fetch(connection, "intake/clock")[0]["now"]
    return now.astimezone(_PARIS).date()
