"""What surrounds an export in the warehouse: the register, the year before, the export before."""

import polars as pl
from sqlalchemy import Connection

from expectations.exports import (
    FILLED_SCHEMA,
    LAST_YEAR_SCHEMA,
    REGISTER_SCHEMA,
    SCOPE_SCHEMA,
    FormerExport,
    Setting,
)
from senacs.codebook import Collection
from senacs.deliveries import Mark, Run
from senacs.errors import WarehouseError
from senacs.fingerprint import fingerprint, hash_of
from senacs.warehouse.statements import fetch
from tasks.replies import replies_version


def mark_of(
    connection: Connection, run: Run, declared: Collection, sha256: str, rules: str
) -> Mark:
    """The mark of an export: its content, the rules' version, and what surrounds it now.

    Replies in force are part of what is loaded: a correction stands in place of a cell.
    """
    around = fetch(
        connection,
        "department/surroundings",
        **vars(run.key),
        register_collection=declared.rests_on,
    )[0]
    layers = fingerprint(
        sha256,
        declared.version,
        rules,
        around["register"],
        around["perimeter"],
        around["shipped"],
        replies_version(connection, run.key),
    )
    before = fetch(connection, "department/last_year", **vars(run.key))
    former = fetch(connection, "intake/former_export", run_id=run.run_id)
    return Mark(
        layers,
        hash_of(
            *(f"{row['territory']} {row['fingerprint']}" for row in before),
            *(f"after {row['run_id']}" for row in former),
        ),
    )


def setting_of(connection: Connection, run: Run, declared: Collection) -> Setting:
    """All that rules look at beside the export itself.

    Raises:
        WarehouseError: the register that says who is asked is not loaded.
    """
    key = run.key
    scope, register = None, REGISTER_SCHEMA.to_frame()
    if declared.register_collection:
        scope = pl.DataFrame(fetch(connection, "reference/scope", **vars(key)), schema=SCOPE_SCHEMA)
    if declared.rests_on:
        known = fetch(
            connection, "reference/register", **vars(key), register_collection=declared.rests_on
        )
        register = pl.DataFrame(known, schema=REGISTER_SCHEMA)
        if register.is_empty():
            raise WarehouseError(
                f"Le registre des structures du territoire {key.territory} n'est pas chargé pour "
                f"{key.data_year} : collectez d'abord « {declared.rests_on} »."
            )
    before = fetch(connection, "department/last_year", **vars(key))
    last_year = []
    if declared.thresholds:  # without them nothing is held against it
        last_year = fetch(
            connection,
            "national/last_year",
            **vars(key),
            territories=[row["territory"] for row in before],
        )
    return Setting(
        declared,
        key.territory,
        key.data_year,
        declared.campaign(key.data_year).territory(key.territory).departements,
        scope,
        register,
        pl.DataFrame(last_year, schema=LAST_YEAR_SCHEMA),
        next((row["records"] for row in before if row["territory"] == key.territory), None),
        _former(connection, run),
    )


def _former(connection: Connection, run: Run) -> FormerExport | None:
    found = fetch(connection, "intake/former_export", run_id=run.run_id)
    if not found:
        return None
    filled = fetch(connection, "intake/run_columns", run_id=found[0]["run_id"])
    return FormerExport(found[0]["records"], pl.DataFrame(filled, schema=FILLED_SCHEMA))
