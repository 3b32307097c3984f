"""Fetches a territory's export from its source into the archive, before anything reads it."""

from pathlib import Path
from uuid import uuid4

from prefect import task
from prefect.cache_policies import NO_CACHE

from senacs.codebook import load_collection
from senacs.deliveries import Receipt, Run, TerritoryYear
from senacs.errors import ConfigurationError
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import execute, fetch
from tasks import archive
from tasks.sources import Delivery, Known, fetch_of


@task(name="collect", cache_policy=NO_CACHE)
def collect(run: Run, folder: Path) -> Receipt:
    """Fetch the export if it has changed, archive it, and note where it came from.

    Raises:
        SourceError: the source does not deliver; nothing is changed.
        ConfigurationError: the campaign does not say where the source is.
    """
    key = run.key
    declared = load_collection(settings().codebook, key.collection)
    source = declared.campaign(key.data_year).territory(key.territory).source
    with warehouse().connect() as connection:
        rows = fetch(connection, "intake/latest_receipt", **vars(key))
    last = rows[0] if rows and archive.holds(rows[0]["sha256"]) else None
    address = _address(source.url, key)
    known = Known(last["etag"], last["last_modified"]) if last else Known()
    delivery = fetch_of(source.kind)(address, folder, known)
    if delivery.path is None and last:
        with warehouse().begin() as connection:
            execute(connection, "intake/note_export", run_id=run.run_id, sha256=last["sha256"])
        return Receipt(last["sha256"], last["file_name"], last["bytes"], unchanged=True)
    return _received(run, delivery)


def _received(run: Run, delivery: Delivery) -> Receipt:
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
            source=delivery.source,
            file_name=delivery.file_name,
            etag=delivery.etag,
            last_modified=delivery.last_modified,
        )
        execute(connection, "intake/note_export", run_id=run.run_id, sha256=sha256)
    return Receipt(sha256, delivery.file_name, size, unchanged=False)


def _address(template: str, key: TerritoryYear) -> str:
    if "{supplier}" not in template:
        return template
    base = settings().supplier_url
    if not base:
        raise ConfigurationError(
            f"the source of {key} is {template!r}: set SENACS_SUPPLIER_URL to what {{supplier}} "
            "stands for (`senacs up` serves the demonstration's files)"
        )
    return template.replace("{supplier}", base.rstrip("/"))
