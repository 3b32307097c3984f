"""`python -m benchmarks.loading PART FOLDER YEAR`: one process that loads a simulated world.

Prints one line of JSON; `benchmarks.warehouse` starts it for each measure, so that memory is each
one's own. FOLDER is what `senacs simulate` wrote.
"""

# ruff: noqa: S608 - the statements are our own

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from sqlalchemy import Engine

_T = TypeVar("_T")
Measures = dict[str, float]
_OTHER_YEARS = 14
_LAYERS = ("department.record", "department.answer", "national.unit", "national.observation")


def main(part: str, folder: Path, year: int) -> None:
    """Measure and print."""
    os.environ |= {
        "SENACS_CODEBOOK": str(folder / "codebook"),
        "SENACS_DROP_FOLDER": str(folder / "exports"),
        "SENACS_HOME": str(folder / "home"),
    }
    from senacs.cli.session import working  # noqa: PLC0415 - reads the settings

    with working(Console(stderr=True)) as session:
        import great_expectations  # noqa: F401, PLC0415 - once a process, and no part of the work

        from senacs.warehouse.engine import warehouse_as_owner  # noqa: PLC0415

        session.ready()
        found = _loaded(year)
        engine = warehouse_as_owner()
        if part == "year":
            found |= _room(engine, year)
            found |= _as_a_whole(engine, year) | _beside(engine, folder, year)
        if part in {"year", "rerun"}:
            found |= _again(engine, year)
        if part == "figures":
            from benchmarks.refreshing import measured  # noqa: PLC0415

            found |= measured(engine, year)
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(found))  # noqa: T201 - what the other process reads


def _loaded(year: int) -> Measures:
    """From the sources to both layers, and nothing after them."""
    from flows.campaign import campaign  # noqa: PLC0415

    with _left_out("flows.territory", "report", lambda ended: ended), _layers_only():
        campaign("registre", year)
        seconds, ended = _timed(lambda: campaign("senacs", year))
    return {"loaded": seconds, "answers": sum(one.answers for one in ended)}


def _as_a_whole(engine: Engine, year: int) -> Measures:
    """The same again, as if the code had changed; with reports, indicators and summary."""
    from flows.campaign import campaign  # noqa: PLC0415
    from flows.indicators import indicators  # noqa: PLC0415

    indicators("registre", year)
    _forget(engine, "collection = 'senacs'")
    return {
        "whole": _timed(lambda: campaign("senacs", year))[0],
        "unchanged": _timed(lambda: campaign("senacs", year))[0],
    }


def _room(engine: Engine, year: int) -> Measures:
    """What both layers take on disk once they are loaded, indexes included."""
    with engine.connect() as connection:
        run = connection.exec_driver_sql
        record, answer, unit, observation = (
            float(run(f"select pg_total_relation_size('{name}_{year}')").scalar_one())
            for name in _LAYERS
        )
    return {"bytes_department": record + answer, "bytes_national": unit + observation}


def _beside(engine: Engine, folder: Path, year: int) -> Measures:
    r"""The same answers by `psql \copy` and by plain code; and the room that they take."""
    from benchmarks import plainly  # noqa: PLC0415
    from tasks.upkeep.programs import program, way_in  # noqa: PLC0415

    part = f"department.answer_{year}"
    copied, wide = folder / "answers.csv", folder / "wide"
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run("create schema benchmark")
        run(f"create table benchmark.answer (like {part} including all)")
        run(f"create table benchmark.plain (like {part} including all)")
        run(
            "alter table benchmark.plain alter row_number drop not null, alter status drop not null"
        )
    where, environment = way_in(engine)
    own = f"(select * from {part} where collection = 'senacs' order by territory, row_number)"

    def psql(command: str) -> None:
        line = [program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", command, where]
        subprocess.run(line, env=environment, check=True)

    psql(f"\\copy {own} to '{copied}' with (format csv)")
    took = []
    for _ in range(3):
        psql("truncate benchmark.answer")
        took.append(
            _timed(lambda: psql(f"\\copy benchmark.answer from '{copied}' (format csv)"))[0]
        )
    seconds, answers = plainly.seconds_of(_wide(engine, part, wide), engine, "plain")
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run("drop schema benchmark cascade")
    return {
        "copied": statistics.median(took),
        "plain": seconds,
        "plain_answers": answers,
    }


def _wide(engine: Engine, part: str, folder: Path) -> list[Path]:
    """Every tenth territory's answers as a tidy file."""
    import pandas as pd  # noqa: PLC0415

    folder.mkdir()
    made = []
    with engine.connect() as connection:
        rows = pd.read_sql(
            f"select collection, data_year, territory, unit_id, question, raw from {part} "
            "where collection = 'senacs'",
            connection.connection.driver_connection,  # type: ignore[arg-type]
        )
    for territory in sorted(rows["territory"].unique())[::10]:
        own = rows[rows["territory"] == territory]
        keys = ["collection", "data_year", "territory", "unit_id"]
        path = folder / f"{territory}.csv"
        own.pivot(index=keys, columns="question", values="raw").reset_index().to_csv(
            path, index=False
        )
        made.append(path)
    return made


def _again(engine: Engine, year: int) -> Measures:
    """One territory again, with one year in the warehouse and with fifteen."""
    from flows.indicators import indicators  # noqa: PLC0415
    from flows.rerun import rerun  # noqa: PLC0415

    def one() -> float:
        took = []
        for _ in range(5):
            _forget(engine, f"collection = 'senacs' and territory = '92' and data_year = {year}")
            took.append(_timed(lambda: rerun("senacs", "92", year))[0])
        return statistics.median(took)

    indicators("senacs", year)
    first = one()
    _copy_years(engine, year)
    with engine.connect() as connection:
        held = connection.exec_driver_sql(
            "select count(*) from department.answer where collection = 'senacs'"
        ).scalar_one()
    return {"again": first, "again_among_all": one(), "answers_held": held}


def _copy_years(engine: Engine, year: int) -> None:
    """The same year as the fourteen before it, by SQL."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        run = connection.exec_driver_sql
        columns = {
            table: [
                name
                for (name,) in run(
                    "select attname from pg_attribute where attrelid = %s::regclass "
                    "and attnum > 0 and not attisdropped and attgenerated = '' order by attnum",
                    (table,),
                )
            ]
            for table in (*_LAYERS, "department.delivery", "reference.structure")
        }
        for before in range(1, _OTHER_YEARS + 1):
            run("select department.open_year(%s)", (year - before,))
            for table, names in columns.items():
                given = [f"data_year - {before}" if name == "data_year" else name for name in names]
                run(
                    f"insert into {table} ({', '.join(names)}) "
                    f"select {', '.join(given)} from {table} where data_year = {year}"
                )
        run("vacuum analyze")


def _forget(engine: Engine, which: str) -> None:
    """As if what is loaded had been loaded by another version of the code."""
    with engine.begin() as connection:
        connection.exec_driver_sql(f"update department.delivery set fingerprint = '' where {which}")


def _timed(act: Callable[[], _T]) -> tuple[float, _T]:
    start = time.perf_counter()
    result = act()
    return time.perf_counter() - start, result


@contextmanager
def _layers_only() -> Iterator[None]:
    with (
        _left_out("flows.campaign", "refresh", lambda *_: 0),
        _left_out("flows.campaign", "summarise", lambda *_: ""),
    ):
        yield


@contextmanager
def _left_out(module: str, name: str, instead: Callable[..., object]) -> Iterator[None]:
    home = sys.modules[module]
    own = getattr(home, name)
    setattr(home, name, instead)
    try:
        yield
    finally:
        setattr(home, name, own)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
