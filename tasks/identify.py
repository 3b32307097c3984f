"""Settles which structure of the register each record of an export is about."""

from pathlib import Path

from sqlalchemy import Connection

from senacs.codebook import load_collection
from senacs.deliveries import Run
from senacs.register import Structure, identified
from senacs.settings import settings
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks.replies import replies_in_force
from tasks.steps import observed
from tasks.workspace import read_evidence, write_evidence


@observed("identify")
def identify(run: Run, folder: Path) -> None:
    """Put the register's identifiers in place of the delivered ones in the run's folder.

    Does nothing for a collection that does not say how its records are identified.
    """
    with warehouse().connect() as connection:
        identify_in(connection, run, folder)


def identify_in(connection: Connection, run: Run, folder: Path) -> None:
    """The same by the register and the replies that the caller's transaction sees."""
    key = run.key
    declared = load_collection(settings().codebook, key.collection)
    if declared.identification is None:
        return
    known = fetch(
        connection,
        "register/identities",
        **vars(key),
        register_collection=declared.register_collection,
    )
    replies = replies_in_force(connection, key)
    structures = [
        Structure(row["structure_id"], row["name"], row["siret"] or "", tuple(row["communes"]))
        for row in known
    ]
    evidence = read_evidence(folder)
    done = identified(evidence, declared, key.data_year, structures, replies.values())
    write_evidence(folder, done, former=evidence)
