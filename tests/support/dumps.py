"""A warehouse as sorted lines, and what of it must not depend on how it came about.

Tables are asked of the catalogue, so that a new one is compared from its first day. Those that keep
clocks and run identifiers are named in `RECORDS`, with what must hold of them all the same.
"""

# ruff: noqa: S608 - the statements are our own

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

Dump = Mapping[str, tuple[bytes, ...]]
"""By table, its rows as PostgreSQL's COPY writes them, each behind its part's name, sorted."""

REGISTER = "registre"
"""The collection of what is kept by territory and data year without naming one."""


@dataclass(frozen=True)
class Recorded:
    """A table that keeps what happened.

    Attributes:
        why: what in it differs between two ways to one state.
        same: the query on what does not.
        with_load: whether that changes in the transaction of a load, and at no other time.
    """

    why: str
    same: str
    with_load: bool = True


_EXAMINED = "quality.examined_run e join intake.run r using (run_id)"
_KEY = "r.collection, r.data_year, r.territory"

RECORDS: Mapping[str, Recorded] = {
    "intake.export": Recorded(
        "when a content first came", "select sha256, bytes from intake.export", with_load=False
    ),
    "intake.receipt": Recorded(
        "one a visit, with its clock; a file's mark holds its time",
        "select distinct collection, data_year, territory, sha256, source, file_name "
        "from intake.receipt",
        with_load=False,
    ),
    "intake.upload": Recorded(
        "one a file sent, numbered by chance, with its clocks",
        "select collection, data_year, territory, sha256, file_name, author from intake.upload",
        with_load=False,
    ),
    "intake.request": Recorded(
        "one a request, numbered by chance, with its clocks",
        "select collection, data_year, territory, kind, author, state from intake.request",
        with_load=False,
    ),
    "intake.sighting": Recorded(
        "when a file that was still arriving was seen",
        "select collection, data_year, territory, source from intake.sighting",
        with_load=False,
    ),
    "intake.run": Recorded(
        "one a run, with its clock; its context names the run before",
        f"select {_KEY}, r.outcome, r.sha256, r.codebook_version, r.fingerprint, r.message, "
        f"r.records, r.answers, r.rejected_answers from {_EXAMINED}",
    ),
    "intake.finding": Recorded(
        "bears its run; only the last examined one's say what is the matter now",
        f"select {_KEY}, finding_no, rule, severity, file_name, row_number, header, unit_id, "
        f"question, raw, f.message, advice from {_EXAMINED} join intake.finding f using (run_id)",
    ),
    "intake.run_column": Recorded(
        "bears its run",
        f"select {_KEY}, question, filled from {_EXAMINED} join intake.run_column using (run_id)",
    ),
    "intake.step": Recorded(
        "one a step, with its clock and how long it took",
        "select collection, data_year, territory from intake.step where false",
        with_load=False,
    ),
    "intake.calendar_step": Recorded(
        "when the calendar was asked; a backfill asks it nothing",
        "select collection, data_year, territory from intake.calendar_step where false",
        with_load=False,
    ),
    "intake.calendar_visit": Recorded(
        "the same",
        "select collection, data_year, territory from intake.calendar_visit where false",
        with_load=False,
    ),
    "intake.calendar_decision": Recorded(
        "numbered, with its clock",
        "select collection, data_year, territory, subject, day, author, reason "
        "from intake.calendar_decision",
        with_load=False,
    ),
    "notice.message": Recorded(
        "one an occasion, with its clock; a process that died is one",
        "select collection, data_year, territory from notice.message where false",
        with_load=False,
    ),
    "notice.delivery": Recorded(
        "one a message and address, with its clocks",
        "select collection, data_year, territory from notice.message where false",
        with_load=False,
    ),
    "notice.attempt": Recorded(
        "one a delivery, with its clock",
        "select collection, data_year, territory from notice.message where false",
        with_load=False,
    ),
    "indicator.series": Recorded(
        "names that any refresh has met stay; those of figures that are there are the same",
        "select distinct c.collection, c.data_year, series, s.indicator, s.population, "
        "s.breakdown, s.category from indicator.stored_cell c join indicator.series s "
        "using (series)",
        with_load=False,
    ),
    "indicator.change": Recorded(
        "what a figure was before depends on which territory came first, with its clock",
        "select collection, data_year from indicator.change where false",
        with_load=False,
    ),
    "query.event": Recorded(
        "every change, numbered, with its clock and run; an item stands where its last one says",
        "select collection, data_year, territory, item_key, state, kind, reply_id, author, reason "
        "from query.state",
    ),
    "query.reply": Recorded(
        "numbered, with its clock",
        "select collection, data_year, territory, reply_id, address, about from "
        "query.reply_in_force",
        with_load=False,
    ),
    "query.returned_file": Recorded(
        "numbered, with its clock",
        "select distinct collection, data_year, territory, sha256, file_name, bytes, author "
        "from query.returned_file",
        with_load=False,
    ),
}

_TABLES = """
select n.nspname || '.' || c.relname,
       array(select a.attname::text from pg_attribute a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'p', 'm') and not c.relispartition
   and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
"""
"""A partitioned table is read through its parent: how it is cut is not what it says."""

_UNCLEAN = {
    "a run is still open": "select run_id from intake.run where outcome = 'running'",
    "a run that ended without a look at an export has findings": (
        "select run_id from intake.run join intake.finding using (run_id) "
        "where outcome not in ('loaded', 'refused')"
    ),
    "what is loaded is not what its last loading run says": (
        "select collection, data_year, territory, sha256, fingerprint from department.delivery "
        "except (select distinct on (collection, data_year, territory) collection, data_year, "
        "territory, sha256, fingerprint from intake.run where outcome = 'loaded' "
        "order by collection, data_year, territory, started_at desc)"
    ),
}


def dump(engine: Engine) -> Dump:
    """All that must be equal of two warehouses in one state, from one snapshot."""
    with engine.connect() as connection:
        connection.exec_driver_sql("set transaction isolation level repeatable read")
        found = list(connection.exec_driver_sql(_TABLES))
        forgotten = RECORDS.keys() - {name for name, _ in found}
        if forgotten:
            raise AssertionError(f"no such table: {', '.join(sorted(forgotten))}")
        lines = {}
        for name, columns in found:
            if name in RECORDS:
                result = connection.exec_driver_sql(
                    f"select * from ({RECORDS[name].same}) q limit 0"
                )
                query, names = f"({RECORDS[name].same})", list(result.keys())
            else:
                query, names = name, columns
            lines[name] = _lines(connection, query, _part_of(names))
    return lines


def layers(found: Dump) -> Dump:
    """What of a dump no history is part of: all but intake and the query loop."""
    return {
        name: lines
        for name, lines in found.items()
        if name not in RECORDS and not name.startswith("query.")
    }


def difference(found: Dump, expected: Dump, shown: int = 3) -> list[str]:
    """What is not equal, a line a table with some of its rows; none where all is."""
    said = []
    for name in sorted(found.keys() | expected.keys()):
        own, other = found.get(name, ()), expected.get(name, ())
        if own != other:
            more, less = _without(own, other), _without(other, own)
            said.append(
                f"{name}: {len(more)} rows too many {more[:shown]}, "
                f"{len(less)} missing {less[:shown]}"
            )
    return said


def parts(found: Dump) -> dict[bytes, Dump]:
    """What a load, or a refresh, replaces as a whole: by part, its rows of each table."""
    cut: dict[bytes, dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
    for name, lines in found.items():
        if name not in RECORDS or RECORDS[name].with_load:
            for line in lines:
                cut[line.partition(b"\t")[0]][name].append(line)
    return {
        part: {name: tuple(lines) for name, lines in tables.items()} for part, tables in cut.items()
    }


def torn(found: Dump, *states: Dump) -> list[str]:
    """The parts that are wholly as in none of these states: none, if nothing was done by halves."""
    own, known = parts(found), [parts(state) for state in states]
    names = {part for cut in (own, *known) for part in cut}
    return sorted(
        f"{part.decode()}: {'; '.join(difference(own.get(part, {}), cut.get(part, {})))}"
        for part in names
        if all(own.get(part, {}) != cut.get(part, {}) for cut in known)
        for cut in known
    )


def unclean(engine: Engine) -> list[str]:
    """What the record of runs must never say once a run has ended."""
    with engine.connect() as connection:
        return [
            what for what, query in _UNCLEAN.items() if connection.exec_driver_sql(query).first()
        ]


def _part_of(columns: Iterable[str]) -> str:
    """SQL of the name of the part that a row belongs to."""
    has = set(columns)
    if {"territory", "data_year"} <= has:
        collection = "q.collection" if "collection" in has else f"'{REGISTER}'"
        return f"concat_ws('/', {collection}, q.data_year, q.territory)"
    if {"collection", "data_year"} <= has:
        return "concat_ws('/', q.collection, q.data_year)"
    return "''"


def _lines(connection: Connection, query: str, part: str) -> tuple[bytes, ...]:
    driver = connection.connection.driver_connection
    assert driver is not None
    with (
        driver.cursor() as cursor,
        cursor.copy(f"copy (select {part}, q.* from {query} q) to stdout") as copy,
    ):
        data = b"".join(copy)
    return tuple(sorted(data.splitlines()))


def _without(some: Iterable[bytes], others: Iterable[bytes]) -> list[bytes]:
    taken = set(others)
    return [line for line in some if line not in taken]
