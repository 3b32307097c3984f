"""What a rerun would change, by the same road in one transaction that is rolled back."""

from uuid import UUID, uuid4

from prefect import task
from prefect.cache_policies import NO_CACHE
from sqlalchemy import Connection

from senacs.deliveries import Receipt, Run, TerritoryYear
from senacs.errors import RequestError, SenacsError
from senacs.findings import Severity
from senacs.rehearsal import REHEARSAL, FigureChange, FindingChange, Rehearsal
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks import archive
from tasks.identify import identify_in
from tasks.load import mark_in, put_in_place, turn_away
from tasks.locks import exclusive
from tasks.reading import Unread, read_side_by_side
from tasks.refresh import refreshed_in
from tasks.requests import Request, RequestState, close, request_of
from tasks.uploads import upload_in_place, upload_to_choose
from tasks.validate import around_in, judged
from tasks.workspace import Arrived, Came, workspace


@task(name="rehearse", cache_policy=NO_CACHE)
def rehearse(request_id: UUID, codebook_version: str) -> None:
    """Find out what a request asks to know, and close it with that.

    A fault that a person can read closes it as failed; any other leaves it to be noticed as dead.

    Raises:
        RequestError: there is no such request, or nothing that could be rehearsed.
    """
    request = request_of(request_id)
    try:
        found = rehearsed(request.key, _receipt_of(request), codebook_version)
    except SenacsError as error:
        close(request_id, RequestState.FAILED, str(error))
        raise
    close(request_id, RequestState.DONE, found.message, REHEARSAL.dump_json(found).decode())


def _receipt_of(request: Request) -> Receipt:
    """The upload that the request is about, else what a run looked at last."""
    with warehouse().connect() as connection:
        if request.upload_id is not None:
            return upload_to_choose(connection, request.key, request.upload_id).receipt
        upload = upload_in_place(connection, request.key)
        last = fetch(connection, "intake/last_received", **vars(request.key))
    if upload is not None:
        return upload.receipt
    if not last:
        raise RequestError("Rien n'est encore arrivé de ce territoire : envoyez un export.")
    return Receipt(last[0]["sha256"], last[0]["file_name"], last[0]["bytes"], unchanged=False)


def rehearsed(key: TerritoryYear, receipt: Receipt, codebook_version: str) -> Rehearsal:
    """What taking this export would change; not one row is another afterwards.

    Readers see the former state all the time; a run of the same territory waits for the end, and a
    refresh of indicators for the last second or two.

    Raises:
        WarehouseError: the archive lacks the export, or the register is not loaded.
        RuleError: a rule could not run.
    """
    run = Run(uuid4(), key)
    with exclusive([key]), workspace(run) as folder, warehouse().connect() as connection:
        # Nothing commits, so leaving the block takes back whatever was done in it.
        execute(
            connection,
            "intake/open_run",
            run_id=run.run_id,
            **vars(key),
            flow_run=None,
            codebook_version=codebook_version,
        )
        execute(connection, "intake/note_export", run_id=run.run_id, sha256=receipt.sha256)
        came = Came(run, receipt, mark_in(connection, run, receipt), folder)
        return _compared(connection, came)


def _compared(connection: Connection, came: Came) -> Rehearsal:
    key, folder = came.run.key, came.folder
    data = archive.load(came.receipt.sha256)
    (answers,) = read_side_by_side(
        [Unread(key, came.receipt.file_name, data, folder)], settings().codebook
    )
    if isinstance(answers, Exception):
        raise answers
    identify_in(connection, came.run, folder)
    one = Arrived(**vars(came), answers=answers)
    (may_load,) = judged([one], around_in(connection, [one]))
    execute(connection, "rehearsal/before", **vars(key))
    if may_load:
        ended = put_in_place(connection, one)
        refreshed_in(connection, key.collection, key.data_year)
    else:
        ended = turn_away(connection, one)
    (counts,) = fetch(connection, "rehearsal/answers", **vars(key))
    moved = fetch(connection, "rehearsal/findings", run_id=came.run.run_id)
    figures = fetch(connection, "rehearsal/figures", **vars(key)) if may_load else []
    return Rehearsal(
        may_load=may_load,
        message=ended.message,
        **counts,
        findings=tuple(
            FindingChange(Severity(row["severity"]), row["rule"], row["new"], row["gone"])
            for row in moved
        ),
        figures=tuple(FigureChange(**row) for row in figures),
    )
