"""The record of runs in PostgreSQL: opened before anything is done, closed with an outcome.

Plain functions but for what Prefect is to show: a task costs its server some 25 ms, and a campaign
of all France would be a thousand of them.
"""

from uuid import uuid4

import polars as pl
from prefect import State, runtime, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Completed, Failed
from sqlalchemy import Connection

from senacs.deliveries import Outcome, Receipt, Run, RunOutcome, TerritoryYear
from senacs.errors import SenacsError
from senacs.findings import FINDING_SCHEMA, Severity
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import copy_csv, execute, fetch
from tasks.run_log import run_logger
from tasks.telling import tell_abandoned, tell_failed


def open_run(key: TerritoryYear, codebook_version: str) -> Run:
    """Open a run of the territory, whose lock the flow holds; close those a crash left open."""
    run = Run(uuid4(), key)
    with warehouse().begin() as connection:
        tell_abandoned(connection, key, fetch(connection, "intake/abandon_runs", **vars(key)))
        execute(
            connection,
            "intake/open_run",
            run_id=run.run_id,
            **vars(key),
            flow_run=runtime.flow_run.id,
            codebook_version=codebook_version,
        )
    return run


def close_unchanged(run: Run, receipt: Receipt) -> RunOutcome:
    """Close a run whose export gives what is loaded already."""
    return _closed(run, Outcome.UNCHANGED, receipt, "Rien de nouveau depuis le dernier chargement.")


def fail_run(run: Run, receipt: Receipt | None, error: Exception) -> RunOutcome:
    """Close a run that a fault has ended; what no person can mend is told as a fault of ours.

    Its traceback goes to the log of the flow.
    """
    if isinstance(error, SenacsError):
        return _closed(run, Outcome.FAILED, receipt, str(error), error)
    run_logger().error("%s: %s", run.key, type(error).__name__, exc_info=error)
    first = f"{type(error).__name__} : {error}".splitlines()[0]
    return _closed(run, Outcome.FAILED, receipt, f"Erreur interne : {first}", error)


def _closed(
    run: Run,
    outcome: Outcome,
    receipt: Receipt | None,
    message: str,
    error: Exception | None = None,
) -> RunOutcome:
    with warehouse().begin() as connection:
        loaded = fetch(connection, "department/delivery", **vars(run.key))
        unchanged = outcome is Outcome.UNCHANGED and loaded
        ended = RunOutcome(
            run.run_id,
            run.key,
            outcome,
            message,
            file_name=receipt.file_name if receipt else "",
            records=loaded[0]["records"] if unchanged else 0,
            answers=loaded[0]["answers"] if unchanged else 0,
            rejected=loaded[0]["rejected_answers"] if unchanged else 0,
        )
        write_outcome(connection, ended, loaded[0]["fingerprint"] if unchanged else None)
        if error is not None:
            tell_failed(connection, run, error)
    return ended


def write_outcome(
    connection: Connection, ended: RunOutcome, fingerprint: str | None, context: str | None = None
) -> None:
    """Close the run in the caller's transaction, with the hashes of what it loaded from."""
    execute(
        connection,
        "intake/close_run",
        run_id=ended.run_id,
        outcome=str(ended.outcome),
        message=ended.message,
        fingerprint=fingerprint,
        context=context,
        records=ended.records,
        answers=ended.answers,
        rejected=ended.rejected,
    )


def write_findings(
    connection: Connection, run: Run, file_name: str, findings: pl.DataFrame
) -> dict[Severity, int]:
    """Add a run's findings in the caller's transaction; how many of each severity."""
    columns = ["sheet", "row", "header", "unit_id", "question", "raw", "message", "advice"]
    numbered = findings.cast(FINDING_SCHEMA).select(
        pl.lit(str(run.run_id)).alias("run_id"),
        pl.int_range(1, pl.len() + 1).alias("finding_no"),
        "rule",
        "severity",
        pl.lit(file_name).alias("file_name"),
        *columns,
    )
    copy_csv(connection, "intake/copy_finding", numbered.write_csv(include_header=False).encode())
    counted = dict(findings["severity"].value_counts().iter_rows())
    return {severity: counted[severity] for severity in Severity if severity in counted}


@task(name="concluded", task_run_name="{ended.key}", cache_policy=NO_CACHE)
def concluded(ended: RunOutcome) -> State[RunOutcome]:
    """Show on Prefect's pages, among a campaign's steps, how a territory's run ended."""
    return final_state(ended)


def final_state(ended: RunOutcome) -> State[RunOutcome]:
    """How Prefect shows the run: red, with the reason, where nothing could be loaded."""
    finished = Completed if ended.outcome in (Outcome.LOADED, Outcome.UNCHANGED) else Failed
    return finished(name=str(ended.outcome).capitalize(), message=ended.message, data=ended)
