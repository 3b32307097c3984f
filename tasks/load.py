"""Replaces a territory's data year in the department and national layers, in one transaction."""

from pathlib import Path

import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from expectations.catalogue import rules_version
from senacs.codebook import Collection, load_collection
from senacs.deliveries import Mark, Outcome, Receipt, Run, RunOutcome
from senacs.findings import Severity
from senacs.reading.places import row_at
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import copy_csv, execute, fetch
from tasks.replies import follow
from tasks.runs import write_findings, write_outcome
from tasks.steps import observed
from tasks.surroundings import mark_of
from tasks.telling import tell_refused
from tasks.workspace import Arrived, read_columns, read_verdict


@observed("compare")
def fingerprint_of(run: Run, receipt: Receipt) -> Mark:
    """Hashes of all that this export's results depend on, taken before anything is looked up.

    What changes during the run (a register that is loaded again) is then noticed by the next one.
    """
    with warehouse().connect() as connection:
        return mark_in(connection, run, receipt)


def mark_in(connection: Connection, run: Run, receipt: Receipt) -> Mark:
    """The same as the caller's transaction sees it."""
    declared = load_collection(settings().codebook, run.key.collection)
    return mark_of(connection, run, declared, receipt.sha256, rules_version(declared.collection))


def already_loaded(run: Run, mark: Mark) -> bool:
    """Whether the warehouse holds just what this export would give with today's rules."""
    with warehouse().connect() as connection:
        loaded = fetch(connection, "department/delivery", **vars(run.key))
        said = fetch(connection, "intake/loaded_context", **vars(run.key))
    return (
        bool(loaded and said)
        and loaded[0]["fingerprint"] == mark.layers
        and said[0]["context"] == mark.findings
    )


@task(name="load", cache_policy=NO_CACHE)
@observed("load")
def load(one: Arrived) -> RunOutcome:
    """Replace the territory's data year in both layers and close the run, all or nothing.

    Readers see the former state until the end; a crash leaves it.
    """
    with warehouse().begin() as connection:
        return put_in_place(connection, one)


def put_in_place(connection: Connection, one: Arrived) -> RunOutcome:
    """The same in the caller's transaction, whose end decides whether anything has happened."""
    run, folder = one.run, one.folder
    key = run.key
    declared = load_collection(settings().codebook, key.collection)
    execute(connection, "department/plan_in_bulk")
    execute(connection, "department/delete_delivery", **vars(key))
    copy_csv(connection, "department/copy_record", _records(run, folder))
    copy_csv(connection, "department/copy_answer", _answers(run, folder))
    _fill_national(connection, run, declared)
    counts = execute(
        connection,
        "department/insert_delivery",
        **vars(key),
        sha256=one.receipt.sha256,
        fingerprint=one.mark.layers,
        codebook_version=declared.version,
    ).one()
    severities = write_findings(
        connection, run, one.receipt.file_name, read_verdict(folder, "findings")
    )
    _follow(connection, run, folder, complete=True)
    copy_csv(connection, "intake/copy_run_column", _columns(run, folder))
    ended = RunOutcome(
        run.run_id,
        key,
        Outcome.LOADED,
        f"{counts.records} lignes, {counts.answers} réponses, "
        f"dont {counts.rejected_answers} écartées.",
        one.receipt.file_name,
        counts.records,
        counts.answers,
        counts.rejected_answers,
        severities,
    )
    write_outcome(connection, ended, one.mark.layers, one.mark.findings)
    return ended


@task(name="renew-statistics", cache_policy=NO_CACHE)
def renew_statistics(data_year: int) -> None:
    """Let PostgreSQL know what a campaign has loaded, before it is asked about it."""
    with warehouse().begin() as connection:
        execute(connection, "department/renew_statistics", data_year=data_year)


@task(name="refuse", cache_policy=NO_CACHE)
@observed("refuse")
def refuse(one: Arrived) -> RunOutcome:
    """Close a run whose export is refused, with its findings; what was loaded before stays."""
    with warehouse().begin() as connection:
        return turn_away(connection, one)


def turn_away(connection: Connection, one: Arrived) -> RunOutcome:
    """The same in the caller's transaction."""
    run = one.run
    findings = read_verdict(one.folder, "findings")
    blocking = findings.filter(pl.col("severity") == Severity.BLOCKING)["message"].to_list()
    severities = write_findings(connection, run, one.receipt.file_name, findings)
    _follow(connection, run, one.folder, complete=False)
    ended = RunOutcome(
        run.run_id,
        run.key,
        Outcome.REFUSED,
        " ".join(blocking),
        one.receipt.file_name,
        findings=severities,
    )
    write_outcome(connection, ended, None)
    tell_refused(connection, run.key, one.receipt.sha256, findings)
    return ended


def _follow(connection: Connection, run: Run, folder: Path, *, complete: bool) -> None:
    items, replies = (read_verdict(folder, name) for name in ("items", "replies"))
    follow(connection, run, items, replies, complete=complete)


def _fill_national(connection: Connection, run: Run, declared: Collection) -> None:
    if declared.register_collection:
        execute(connection, "national/unit_from_register", **vars(run.key))
    else:
        execute(
            connection,
            "national/unit_from_export",
            **vars(run.key),
            population=declared.population or None,
        )
    execute(connection, "national/observation", **vars(run.key))
    execute(connection, "national/response", **vars(run.key))
    for derivation in declared.derivations:
        execute(connection, f"national/{declared.collection}/{derivation}", **vars(run.key))


def _key_columns(run: Run) -> list[pl.Expr]:
    return [
        pl.lit(run.key.collection).alias("collection"),
        pl.lit(run.key.data_year).alias("data_year"),
        pl.lit(run.key.territory).alias("territory"),
    ]


def _columns(run: Run, folder: Path) -> bytes:
    """How many cells of each question's columns are filled."""
    filled = (
        read_columns(folder)
        .filter(pl.col("question").is_not_null(), pl.col("position") > 0)
        .group_by("question", maintain_order=True)
        .agg(pl.col("filled").sum())
        .select(pl.lit(str(run.run_id)).alias("run_id"), "question", "filled")
    )
    return filled.write_csv(include_header=False).encode()


def _records(run: Run, folder: Path) -> bytes:
    frame = read_verdict(folder, "records").select(
        *_key_columns(run),
        "unit_id",
        row_at(pl.col("row")),
        "population",
        "departement",
        "accepted",
    )
    return frame.write_csv(include_header=False).encode()


def _answers(run: Run, folder: Path) -> bytes:
    raw = pl.when(pl.col("raw") == "").then(None).otherwise(pl.col("raw"))
    frame = read_verdict(folder, "answers").select(
        *_key_columns(run), "unit_id", "question", row_at(pl.col("row")), raw.alias("raw"),
        "decimal", "code", "text", "status",
    )  # fmt: skip
    return frame.write_csv(include_header=False).encode()
