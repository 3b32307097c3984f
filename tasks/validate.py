"""Runs the rules over an export as read."""

from pathlib import Path

import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE

from expectations.frames import SCOPE_SCHEMA, Setting
from expectations.verdict import judge
from senacs.codebook import load_collection
from senacs.deliveries import Run
from senacs.errors import WarehouseError
from senacs.findings import as_frame
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks.workspace import read_evidence, write_verdict


@task(name="validate", cache_policy=NO_CACHE)
def validate(run: Run, folder: Path) -> bool:
    """Leave findings and final statuses in the run's folder; whether the export may be loaded.

    Raises:
        RuleError: a rule could not run: our fault, nothing is said against the supplier.
        WarehouseError: the register that says who is asked is not loaded.
    """
    key = run.key
    declared = load_collection(settings().codebook, key.collection)
    territory = declared.campaign(key.data_year).territory(key.territory)
    scope = None
    if declared.register_collection:
        with warehouse().connect() as connection:
            scope = pl.DataFrame(
                fetch(connection, "reference/scope", **vars(key)), schema=SCOPE_SCHEMA
            )
        if scope.is_empty():
            raise WarehouseError(
                f"Le registre des structures du territoire {key.territory} n'est pas chargé pour "
                f"{key.data_year} : collectez d'abord « {declared.register_collection} »."
            )
    verdict = judge(
        read_evidence(folder),
        Setting(declared, key.territory, key.data_year, territory.departements, scope),
    )
    write_verdict(
        folder,
        findings=as_frame(verdict.findings),
        answers=verdict.answers,
        records=verdict.records,
    )
    return not verdict.refused
