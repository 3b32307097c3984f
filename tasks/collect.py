"""Fetches a territory's export from its source into the archive, before anything reads it."""

from pathlib import Path
from uuid import uuid4

from prefect import task
from prefect.cache_policies import NO_CACHE
from pydantic import ValidationError

from senacs.codebook import load_collection
from senacs.codebook.sources import SUPPLIER, HttpSource, Source
from senacs.deliveries import Receipt, Run, TerritoryYear
from senacs.errors import ConfigurationError
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks import archive, sources
from tasks.sources import Delivery, Known, NotSettledError


@task(name="collect", cache_policy=NO_CACHE)
def collect(run: Run, folder: Path) -> Receipt:
    """Fetch the export if it has changed, archive it, and note where it came from.

    Raises:
        SourceError: the source does not deliver; nothing is changed.
        ConfigurationError: the campaign does not say where the source is.
    """
    key = run.key
    declared = load_collection(settings().codebook, key.collection)
    source = _reached(declared.campaign(key.data_year).territory(key.territory).source, key)
    with warehouse().connect() as connection:
        rows = fetch(connection, "intake/latest_receipt", **vars(key))
        seen = fetch(connection, "intake/latest_sighting", **vars(key), source=source.address)
    last = rows[0] if rows and archive.holds(rows[0]["sha256"]) else None
    same = last if last and last["source"] == source.address else None
    known = Known(
        etag=same["etag"] if same else None,
        last_modified=same["last_modified"] if same else None,
        seen=seen[0]["mark"] if seen else None,
    )
    try:
        delivery = sources.fetch(source, folder, known)
    except NotSettledError as error:
        with warehouse().begin() as connection:
            execute(
                connection,
                "intake/note_sighting",
                **vars(key),
                source=source.address,
                mark=error.mark,
            )
        raise
    if delivery.path is None and same:
        with warehouse().begin() as connection:
            execute(connection, "intake/note_export", run_id=run.run_id, sha256=same["sha256"])
        return Receipt(same["sha256"], same["file_name"], same["bytes"], unchanged=True)
    return _received(run, source, delivery)


def _received(run: Run, source: Source, delivery: Delivery) -> Receipt:
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
            **vars(run.key),
            sha256=sha256,
            source=source.address,
            file_name=delivery.file_name,
            etag=delivery.etag,
            last_modified=delivery.last_modified,
        )
        execute(connection, "intake/note_export", run_id=run.run_id, sha256=sha256)
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
