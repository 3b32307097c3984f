"""The figures of fifteen years: all of them, and what one load changes."""

# ruff: noqa: S608 - the statements are our own

import statistics
import time

from sqlalchemy import Engine

Measures = dict[str, float]
_COPIED = {
    "national.unit": "true",
    "national.observation": "true",
    "department.delivery": "true",
    "reference.structure": "true",
    "reference.campaign_departement": "true",
    # Every year answers what this one does: the most that there can be.
    "codebook.indicator_year": "true",
    "codebook.question": "collection = 'registre'",
}
"""What a refresh reads, and which of it."""
_DERIVED = (
    "part", "region_part", "stored_cell", "panel_part", "panel", "estimate_part", "estimate",
)  # fmt: skip
_FIRST, _LAST = 2010, 2024


def measured(engine: Engine, year: int) -> Measures:
    """Lay what is loaded of a year down as all the others, then refresh.

    The other years have the figures and, moved a little, the answers of this one.
    """
    for other in range(_FIRST, _LAST + 1):
        if other != year:
            _copied(engine, year, other)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze")
    found: Measures = {
        "years": _LAST - _FIRST + 1,
        "all_years": _all_refreshed(),
        "one_year": _rebuilt(engine, year),
        "again_last": _again(engine, _LAST),
        "again_middle": _again(engine, 2017),
        "unchanged": _refreshed(2017),
    }
    with engine.connect() as connection:
        ask = connection.exec_driver_sql
        found["cells"] = ask("select count(*) from indicator.stored_cell").scalar_one()
        found["parts"] = ask("select count(*) from indicator.part").scalar_one()
        found["indicators"] = ask(
            "select count(*) from codebook.indicator where collection = 'senacs'"
        ).scalar_one()
        found["bytes"] = float(
            ask(
                "select sum(pg_total_relation_size(inhrelid)) from pg_inherits "
                "where inhparent = any (%s::regclass[])",
                ([f"indicator.{name}" for name in _DERIVED],),
            ).scalar_one()
        )
    return found


def _copied(engine: Engine, year: int, other: int) -> None:
    """A year's layers again as another year's, with other numbers."""
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run("select department.open_year(%s)", (other,))
        for table, which in _COPIED.items():
            names = [
                name
                for (name,) in run(
                    "select attname from pg_attribute where attrelid = %s::regclass "
                    "and attnum > 0 and not attisdropped and attgenerated = ''",
                    (table,),
                )
            ]
            given = {
                "data_year": str(other),
                "number": f"round(number * {100 + other - year} / 100, 2)",
                "fingerprint": f"fingerprint || '{other}'",
            }
            run(
                f"insert into {table} ({', '.join(names)}) "
                f"select {', '.join(given.get(name, name) for name in names)} from {table} "
                f"where data_year = {year} and {which} on conflict do nothing"
            )


def _refreshed(year: int) -> float:
    from tasks.refresh import refresh  # noqa: PLC0415 - reads the settings

    start = time.perf_counter()
    refresh.fn("senacs", year)
    return time.perf_counter() - start


def _all_refreshed() -> float:
    from tasks.refresh import refresh_years  # noqa: PLC0415 - reads the settings

    start = time.perf_counter()
    refresh_years.fn("senacs")
    return time.perf_counter() - start


def _rebuilt(engine: Engine, year: int) -> float:
    """Every figure of a year again, as if the statements had changed."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "update indicator.basis set method = '' where collection = 'senacs' and data_year = %s",
            (year,),
        )
    return _refreshed(year)


def _again(engine: Engine, year: int) -> float:
    """After a load of one département that corrected every twentieth answer."""
    took = []
    for number in range(5):
        with engine.begin() as connection:
            which = f"collection = 'senacs' and territory = '69' and data_year = {year}"
            connection.exec_driver_sql(
                f"update national.observation set number = number + 1 where {which} "
                f"and mod(hashtext(unit_id || variable), 20) = {number}"
            )
            connection.exec_driver_sql(
                f"update department.delivery set fingerprint = md5(fingerprint) where {which}"
            )
        took.append(_refreshed(year))
    return statistics.median(took)
