"""Fetches a territory's export from its source into the archive, before anything reads it."""

from pathlib import Path
from uuid import uuid4

from prefect import task
from prefect.cache_policies import NO_CACHE
from pydantic import ValidationError

from senacs.codebook import load_collection
from senacs.codebook.sources import SUPPLIER, HttpSource, Source
from senacs.deliveries import Receipt, Run, TerritoryYear
from senacs.errors import ConfigurationError, SourceError
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks import archive, sources
from tasks.sources import Delivery, Known, NotSettledError
from tasks.steps import observed
from tasks.uploads import overtaken, upload_in_place


@task(name="collect", cache_policy=NO_CACHE)
@observed("collect")
def collect(run: Run, folder: Path) -> Receipt:
    """Fetch the export if it has changed, archive it, and note where it came from.

    Where an uploaded export is in place the source is asked all the same: the upload stands until
    the source has something newer, and also while it does not answer.

    Raises:
        SourceError: the source does not deliver, and no upload is in place; nothing is changed.
        ConfigurationError: the campaign does not say where the source is.
    """
    key = run.key
    declared = load_collection(settings().codebook, key.collection)
    source = _reached(declared.campaign(key.data_year).territory(key.territory).source, key)
    with warehouse().connect() as connection:
        rows = fetch(connection, "intake/latest_receipt", **vars(key), source=source.address)
        upload = upload_in_place(connection, key)
        seen = fetch(connection, "intake/latest_sighting", **vars(key), source=source.address)
    same = rows[0] if rows and archive.holds(rows[0]["sha256"]) else None
    known = Known(
        etag=same["etag"] if same else None,
        last_modified=same["last_modified"] if same else None,
        seen=seen[0]["mark"] if seen else None,
    )
    try:
        delivery = sources.fetch(source, folder, known)
    except SourceError as error:
        if isinstance(error, NotSettledError):
            with warehouse().begin() as connection:
                execute(
                    connection,
                    "intake/note_sighting",
                    **vars(key),
                    source=source.address,
                    mark=error.mark,
                )
        if upload is None:
            raise
        return _noted(run, upload.receipt)
    if delivery.path is None and same:
        found = Receipt(same["sha256"], same["file_name"], same["bytes"], unchanged=True)
    else:
        found = _received(key, source, delivery)
    if upload is not None and not overtaken(upload, found.sha256):
        found = upload.receipt
    return _noted(run, found)


def _noted(run: Run, found: Receipt) -> Receipt:
    """Note what the run works on."""
    with warehouse().begin() as connection:
        execute(connection, "intake/note_export", run_id=run.run_id, sha256=found.sha256)
    return found


def _received(key: TerritoryYear, source: Source, delivery: Delivery) -> Receipt:
    if delivery.path is None:
        raise AssertionError("a source says `unchanged` only of what it was asked about")
    size = delivery.path.stat().st_size
    sha256 = archive.store(delivery.path)
    with warehouse().begin() as connection:
        execute(connection, "intake/insert_export", sha256=sha256, bytes=size)
        execute(
            connection,
            "intake/insert_receipt",
            receipt_id=uuid4(),
            **vars(key),
            sha256=sha256,
            source=source.address,
            file_name=delivery.file_name,
            etag=delivery.etag,
            last_modified=delivery.last_modified,
        )
    return Receipt(sha256, delivery.file_name, size, unchanged=False)


def _reached(source: Source, key: TerritoryYear) -> Source:
    """The source with the server that this installation's settings put in."""
    if not isinstance(source, HttpSource) or SUPPLIER not in source.url:
        return source
    base = settings().supplier_url
    if not base:
        raise ConfigurationError(
            f"the source of {key} is {source.url!r}: set SENACS_SUPPLIER_URL to what {SUPPLIER} "
            "stands for (`senacs up` serves the demonstration's files)"
        )
    try:
        return source.at(base)
    except ValidationError as error:
        what = "; ".join(problem["msg"] for problem in error.errors(include_input=False))
        raise ConfigurationError(f"SENACS_SUPPLIER_URL does not fit {key}: {what}") from None
