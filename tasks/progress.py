"""How far campaigns have come, from the record of runs: the same wherever their batches run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from senacs.deliveries import Outcome
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch


@dataclass(frozen=True)
class Progress:
    """How far one campaign has come.

    Attributes:
        ended: territories by how their last run ended.
        seconds: from the beginning of its first run to the end of the last one, or to now.
    """

    collection: str
    data_year: int
    ended: Mapping[Outcome, int]
    seconds: float


def moment() -> datetime:
    """Now, by the clock that dates the runs.

    Raises:
        WarehouseError: PostgreSQL cannot be reached.
    """
    with warehouse().connect() as connection:
        found: datetime = fetch(connection, "intake/clock")[0]["now"]
    return found


def progress_of(campaigns: Iterable[tuple[str, int]], since: datetime) -> list[Progress]:
    """The campaigns of which a run was begun since then, in the order in which they began.

    A run that somebody else begins meanwhile is counted too: its territory is done.

    Raises:
        WarehouseError: PostgreSQL cannot be reached.
    """
    collections, data_years = zip(*campaigns, strict=True)
    with warehouse().connect() as connection:
        rows = fetch(
            connection,
            "intake/progress",
            since=since,
            collections=list(collections),
            data_years=list(data_years),
        )
    return [
        Progress(
            row["collection"],
            row["data_year"],
            {outcome: row[outcome.value] for outcome in Outcome},
            row["seconds"],
        )
        for row in rows
    ]
