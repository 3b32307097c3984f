"""Runs the statements of `sql/`: SQL lives there and nowhere else."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from psycopg import OperationalError
from sqlalchemy import Connection, CursorResult

from senacs.errors import WarehouseError
from senacs.settings import PROJECT_ROOT
from senacs.warehouse.lost import lost

SQL_FOLDER = PROJECT_ROOT / "sql"
_END = re.compile(r";\s*$", re.MULTILINE)


@cache
def statements(name: str) -> tuple[str, ...]:
    """The statements of `sql/<name>.sql`, in order, split at each `;` that ends a line.

    PostgreSQL takes one statement a call where parameters are bound, hence the split.
    """
    path = SQL_FOLDER / f"{name}.sql"
    if not path.is_file():
        raise WarehouseError(f"no SQL file {path}")
    parts = _END.split(path.read_text(encoding="utf-8"))
    return tuple(part.strip() for part in parts if part.strip())


def execute(connection: Connection, name: str, /, **parameters: object) -> CursorResult[Any]:
    """Run `sql/<name>.sql` with named parameters; the last statement's result."""
    *before, last = statements(name)
    for statement in before:
        connection.exec_driver_sql(statement, parameters)
    return connection.exec_driver_sql(last, parameters)


def execute_many(connection: Connection, name: str, rows: "list[dict[str, object]]", /) -> None:
    """Run the single statement of `sql/<name>.sql` once for each row of parameters."""
    (statement,) = statements(name)
    if rows:
        connection.exec_driver_sql(statement, rows)


def fetch(connection: Connection, name: str, /, **parameters: object) -> list[Mapping[str, Any]]:
    """The rows of `sql/<name>.sql`, each as a mapping by column name."""
    return [dict(row) for row in execute(connection, name, **parameters).mappings()]


def copy_csv(connection: Connection, name: str, csv: bytes, /) -> None:
    """Send CSV (no header, empty = null) through the COPY of `sql/<name>.sql`.

    Runs in the connection's transaction: nothing is visible before its commit.

    Raises:
        WarehouseError: PostgreSQL is gone.
    """
    (statement,) = statements(name)
    driver = connection.connection.driver_connection
    if driver is None:
        raise WarehouseError("the connection to the warehouse is closed")
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(csv)
    except OperationalError as error:
        # The driver's own call, which SQLAlchemy does not see fail.
        if driver.closed:
            raise lost(error) from error
        raise
