"""Reads an archived export by the codebook."""

from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from senacs.codebook import load_collection
from senacs.deliveries import Receipt, Run
from senacs.reading import read_export
from senacs.settings import settings
from tasks import archive
from tasks.workspace import write_evidence


@task(name="read", cache_policy=NO_CACHE)
def read(run: Run, receipt: Receipt, folder: Path) -> int:
    """Leave the typed answers and what is odd about them in the run's folder; how many answers."""
    key = run.key
    evidence = read_export(
        archive.load(receipt.sha256),
        receipt.file_name,
        load_collection(settings().codebook, key.collection),
        key.territory,
        key.data_year,
    )
    write_evidence(folder, evidence)
    return evidence.answers.height
