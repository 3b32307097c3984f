"""Runs the rules over an export as read."""

from pathlib import Path

from prefect import task
from prefect.cache_policies import NO_CACHE

from expectations.verdict import judge
from senacs.codebook import load_collection
from senacs.deliveries import Run
from senacs.findings import as_frame
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from tasks.surroundings import setting_of
from tasks.workspace import read_evidence, write_verdict


@task(name="validate", cache_policy=NO_CACHE)
def validate(run: Run, folder: Path) -> bool:
    """Leave findings and final statuses in the run's folder; whether the export may be loaded.

    Raises:
        RuleError: a rule could not run: our fault, nothing is said against the supplier.
        WarehouseError: the register that says who is asked is not loaded.
    """
    declared = load_collection(settings().codebook, run.key.collection)
    with warehouse().connect() as connection:
        setting = setting_of(connection, run, declared)
    verdict = judge(read_evidence(folder), setting)
    write_verdict(
        folder,
        findings=as_frame(verdict.findings),
        answers=verdict.answers,
        records=verdict.records,
    )
    return not verdict.refused
