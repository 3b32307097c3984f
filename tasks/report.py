"""Tells a territory's correspondent, and Prefect's pages, how its run ended."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect import runtime
from prefect.artifacts import create_table_artifact
from sqlalchemy import Connection

from senacs.codebook import load_collection
from senacs.deliveries import Outcome, RunOutcome, TerritoryYear
from senacs.findings import Finding, Severity
from senacs.pages.annotated import Annotated, annotated_workbook, mark_of
from senacs.pages.report import (
    Counts,
    Loaded,
    Participant,
    Reception,
    TerritoryReport,
    findings_csv,
    report_page,
    territory_report,
)
from senacs.reading.delivered import delivered_table
from senacs.replies.constats import Constat, constats
from senacs.replies.model import State
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks import archive
from tasks.pages import replace_bytes, replace_text
from tasks.replies import states_of
from tasks.steps import observed

_Row = Mapping[str, Any]


@observed("report")
def report(ended: RunOutcome) -> RunOutcome:
    """Write the territory's French report and the quality table; the outcome with its place."""
    with warehouse().connect() as connection:
        view, findings, read = _view(connection, ended)
    key = ended.key
    path = place_of(key)
    folder = path.parent
    beside = folder / f"{key.data_year}-constats.csv"
    if findings:
        replace_text(beside, findings_csv(findings, view.names), "utf-8-sig")
    replace_text(path, report_page(view))
    if not findings:
        beside.unlink(missing_ok=True)
    sheet = folder / f"{key.data_year}.xlsx"
    if view.sheet_name:
        _write_sheet(sheet, view, read)
    else:
        sheet.unlink(missing_ok=True)
    if runtime.flow_run.id:
        _quality_artifact(view, findings)
    return replace(ended, report=str(path))


def place_of(key: TerritoryYear) -> Path:
    """Where a territory's report is, once there is one."""
    return settings().home / "reports" / key.collection / key.territory / f"{key.data_year}.html"


def _view(connection: Connection, ended: RunOutcome) -> tuple[TerritoryReport, list[Finding], _Row]:
    """The report, the findings that it shows, and the run that found them."""
    key = ended.key
    declared = load_collection(settings().codebook, key.collection)
    run = fetch(connection, "report/run", run_id=ended.run_id)[0]
    put_in_place = fetch(connection, "report/loaded_run", **vars(key))
    loaded = (
        fetch(connection, "report/run", run_id=put_in_place[0]["run_id"]) if put_in_place else []
    )
    nothing_new = ended.outcome in (Outcome.UNCHANGED, Outcome.FAILED)
    shown = loaded[0] if nothing_new and loaded else run
    findings = [
        _finding(row) for row in fetch(connection, "intake/findings_of_run", run_id=shown["run_id"])
    ]
    register = (
        fetch(connection, "report/register", **vars(key)) if declared.register_collection else []
    )
    view = territory_report(
        declared,
        key,
        outcome=ended.outcome,
        message=ended.message,
        received=_reception(run),
        loaded=_loaded(loaded[0]) if loaded else None,
        findings=findings,
        register=[
            Participant(row["structure_id"], row["name"], row["in_scope"], row["responded"])
            for row in register
        ],
        constats=constats(
            key,
            findings,
            states_of(connection, key).values(),
            {q.question: q for q in declared.questions_of(key.data_year)},
            by_register=declared.identification is not None,
        ),
    )
    return view, findings, shown


def _write_sheet(path: Path, view: TerritoryReport, read: _Row) -> None:
    """The annotated spreadsheet of the export that the shown run read, if the archive has it.

    One that says so already is left: making it costs seconds where thousands of cells are named.
    """
    key = view.key
    sha256, file_name = read["sha256"] or "", read["file_name"] or ""
    held = bool(sha256) and archive.holds(sha256)
    content = Annotated(
        label=view.label,
        territory_label=view.territory_label,
        key=key,
        file_name=file_name,
        simulated=view.simulated,
        constats=view.constats,
        names=view.names,
        table=None,
        sha256=sha256 if held else "",
        refused=view.outcome is Outcome.REFUSED,
    )
    if mark_of(path) == content.mark:
        return
    if held:
        declared = load_collection(settings().codebook, key.collection)
        data = archive.load(sha256)
        table = delivered_table(data, file_name, declared, key.territory, key.data_year)
        content = replace(content, table=table)
    replace_bytes(path, annotated_workbook(content))


def _reception(run: _Row) -> Reception | None:
    if run["file_name"] is None:
        return None
    return Reception(run["file_name"], run["bytes"], run["sha256"], run["received_at"])


def _loaded(run: _Row) -> Loaded:
    counts = Counts(run["records"], run["answers"], run["rejected_answers"])
    return Loaded(run["finished_at"], run["file_name"], counts)


def _finding(row: _Row) -> Finding:
    return Finding(
        rule=row["rule"],
        severity=Severity(row["severity"]),
        message=row["message"],
        advice=row["advice"],
        row=row["row_number"],
        header=row["header"],
        unit_id=row["unit_id"],
        question=row["question"],
        raw=row["raw"],
        sheet=row["sheet"],
    )


def _quality_artifact(view: TerritoryReport, findings: Sequence[Finding]) -> None:
    counted = Counter((finding.severity, finding.rule) for finding in findings)
    advice = {finding.rule: finding.advice for finding in findings}
    asked, answered, known = (Counter(
        (c.finding.severity, c.finding.rule) for c in view.constats if wanted(c)
    ) for wanted in (_is_asked, _is_answered, _is_known))  # fmt: skip
    order = list(Severity)
    ranked = sorted({*counted, *answered}, key=lambda pair: (order.index(pair[0]), pair[1]))
    name = f"qualite-{view.key.collection}-{view.key.territory}-{view.key.data_year}"
    create_table_artifact(
        key=re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"),
        table=[
            {
                "gravité": severity.french,
                "règle": rule,
                "constats": counted[severity, rule],
                "à traiter": asked[severity, rule],
                "répondu": answered[severity, rule],
                "connus": known[severity, rule],
                "que faire": advice.get(rule, ""),
            }
            for severity, rule in ranked
        ],
        description=(
            f"**{view.label}, {view.territory_label}, données {view.key.data_year} : "
            f"{view.outcome.french}.** {view.summary}"
        ),
    )


def _is_asked(one: Constat) -> bool:
    return one.asked


def _is_answered(one: Constat) -> bool:
    return one.answered


def _is_known(one: Constat) -> bool:
    return one.state is State.KNOWN
