"""`kill -9` at random moments of a load, then a restart and a rerun: what must hold, and what did.

The product's own services (PostgreSQL that holds the warehouse and Prefect's database, Prefect's
server) run in a home of their own; flows run in processes that can be killed. Moments are drawn
from a seed and a number: a round is replayed with both.
"""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from senacs.services import prefect_env, processes
from senacs.services.layout import Layout
from senacs.services.postgres import Postgres
from senacs.services.prefect_server import PrefectServer
from senacs.services.stack import Stack, running
from senacs.settings import PROJECT_ROOT, Settings
from senacs.simulation.campaign.world import World, simulate
from tests.support import dumps
from tests.support.installation import installation
from tests.support.postgres import Server, name_of
from tests.support.victims import Calls, HangsError, Victim

YEAR = 2019
TERRITORIES = {"48": ("48",), "90": ("90",)}
FIRST: Calls = (("campaign", ("registre", YEAR)), ("campaign", ("senacs", YEAR)))
AGAIN: Calls = (("rerun", ("registre", "48", YEAR)), ("campaign", ("senacs", YEAR)))

WORKER = ("worker",)
POSTGRES = ("backend", "postmaster", "machine", "backend", "postmaster", "outage")
"""What is killed: one server process (all the others then start again), the server, all there is;
or the server, which comes back only when the run has ended without it."""

_PATIENCE = 60.0
_GOING_ON = """
select coalesce((select string_agg(n || ' ' || outcome, ', ' order by outcome)
                   from (select outcome, count(*) as n from intake.run group by outcome) r),
                'no run'),
       (select string_agg(left(regexp_replace(regexp_replace(query, '--[^\\n]*\\n', '', 'g'),
                                              '\\s+', ' ', 'g'), 50), ' | ')
          from pg_stat_activity
         where datname = current_database() and application_name = 'senacs' and state <> 'idle')
"""
_BACKENDS = """
select pid from pg_stat_activity
 where datname = current_database() and application_name = 'senacs' order by pid
"""


@dataclass(frozen=True)
class Load:
    """Something to load, and what it is to give.

    Attributes:
        name: what it is.
        database: the database that it begins with.
        home: the home that it begins with.
        exports: what is delivered.
        calls: the flows.
        former: the dump before.
        after: the dump after a run that nothing disturbed.
        archived: the archive after it.
        seconds: how long that took.
    """

    name: str
    database: str
    home: Path
    exports: Path
    calls: Calls
    former: dumps.Dump
    after: dumps.Dump
    archived: Mapping[str, bytes]
    seconds: float


@dataclass(frozen=True)
class Round:
    """One kill.

    Attributes:
        number: which round of its seed.
        killed: what was killed.
        load: what was being loaded.
        moment: after how many seconds.
        seconds: of how many that an undisturbed run takes.
        going_on: the runs there were, and what PostgreSQL was doing for them.
        ended: how the process that ran the flows ended.
        wrong: what does not hold; empty if all does.
    """

    number: int
    killed: str
    load: str
    moment: float
    seconds: float
    going_on: str
    ended: str
    wrong: Sequence[str]


class Workshop:
    """Services to be killed, and loads to be disturbed."""

    def __init__(self, folder: Path, own: Settings, stack: Stack):
        self._folder, self._settings, self._stack = folder, own, stack
        self._server = Server(stack.database_url)
        for name, defects in (("delivered", 0.004), ("changed", 0.03)):
            world = World(7, (YEAR,), TERRITORIES, defects, 0.0, ())
            list(simulate(world, folder / name, PROJECT_ROOT / "codebook"))
        for path in (folder / "changed" / "exports" / "registre").iterdir():
            path.write_bytes(path.read_bytes().rstrip().rpartition(b"\n")[0])  # one leaves
        self.loads = tuple(self._made())

    def close(self) -> None:
        self._server.close()

    def round(self, seed: int, number: int, killed: str) -> Round:
        """Kill at that round's moment, restart, rerun, and compare."""
        drawn = random.Random(f"{seed}/{number}")
        load = self.loads[number % len(self.loads)]
        while True:
            moment = drawn.uniform(0, load.seconds)
            url, home = self._begun(load)
            victim = Victim(self._environment(url, home, load.exports), load.calls, home / "log")
            if not victim.ends_within(moment):
                break
            self._forget(url, home)  # it was quicker than the measured run: no moment of it
        going_on = self._going_on(url)
        try:
            ended, wrong = self._killed(victim, killed, url, drawn)
            wrong += self._torn(load, url, went_on=ended != "killed")
            wrong += self._mended(load, url, home)
        except HangsError as error:
            ended, wrong = "hangs", [str(error)]
        self._forget(url, home)
        return Round(number, killed, load.name, moment, load.seconds, going_on, ended, tuple(wrong))

    def at_once(self, load: Load, *several: Calls) -> list[str]:
        """Run flows in as many processes at once; what is not as after an undisturbed run."""
        url, home = self._begun(load)
        environment = self._environment(url, home, load.exports)
        victims = [
            Victim(environment, calls, home / f"log-{number}")
            for number, calls in enumerate(several)
        ]
        wrong = []
        for victim in victims:
            ended = victim.end()
            if ended is None or ended.error or ended.fault:
                wrong.append(f"a run: {ended}")
            elif not {outcome for outcome, _ in ended.outcomes} <= {"loaded", "unchanged"}:
                wrong.append(f"a run: {ended.outcomes}")
        wrong += dumps.difference(self._dump(url), load.after)
        self._forget(url, home)
        return wrong

    def _made(self) -> Iterator[Load]:
        empty = self._server.create()
        home = self._folder / "homes" / "empty"
        home.mkdir(parents=True)
        with installation(empty, home, **self._sources("delivered")) as made:
            for collection in ("registre", "senacs"):
                made.refresh(collection, YEAR)
        full = self._server.create(name_of(empty))
        loaded = self._folder / "homes" / "full"
        shutil.copytree(home, loaded)
        with installation(full, loaded, **self._sources("delivered")) as made:
            made.run_all(*((c, t, YEAR) for c in ("registre", "senacs") for t in TERRITORIES))
        for name, database, begun, exports, calls in (
            ("first delivery", empty, home, "delivered", FIRST),
            ("changed exports", full, loaded, "changed", AGAIN),
        ):
            yield self._undisturbed(name, name_of(database), begun, self._folder / exports, calls)

    def _undisturbed(
        self, name: str, database: str, home: Path, exports: Path, calls: Calls
    ) -> Load:
        former = self._dump(self._server.url(database))
        load = Load(name, database, home, exports, calls, former, {}, {}, 0)
        url, own = self._begun(load)
        victim = Victim(self._environment(url, own, exports), calls, own / "log")
        began = time.monotonic()
        ended = victim.end()
        seconds = time.monotonic() - began
        assert ended is not None
        assert {outcome for outcome, _ in ended.outcomes} == {"loaded"}, ended
        after = self._dump(url)
        assert dumps.layers(former) != dumps.layers(after)
        return Load(name, database, home, exports, calls, former, after, _archived(own), seconds)

    def _begun(self, load: Load) -> tuple[str, Path]:
        """A database and a home for one run."""
        url = self._server.create(load.database)
        # Otherwise PostgreSQL would give numbers of a copied sequence twice after a crash: the copy
        # is logged with the last number given, not with those that were logged as given in advance.
        self._ask(url, "checkpoint")
        home = self._folder / "homes" / name_of(url)
        shutil.copytree(load.home, home)
        return url, home

    def _forget(self, url: str, home: Path) -> None:
        shutil.rmtree(home)
        self._server.drop(url)

    def _sources(self, exports: str) -> dict[str, Path]:
        return {
            "codebook": self._folder / "delivered" / "codebook",
            "drop_folder": self._folder / exports / "exports",
            "replies": self._folder / "none",
        }

    def _environment(self, url: str, home: Path, exports: Path) -> dict[str, str]:
        api = self._stack.prefect_api_url
        assert api is not None
        port = urlsplit(api).port
        assert port is not None
        own = {"home": home, "database_url": url, **self._sources(exports.name)}
        return {
            **prefect_env.client(Layout.of(self._settings.home), port),
            **{f"SENACS_{name.upper()}": str(value) for name, value in own.items()},
        }

    def _killed(
        self, victim: Victim, killed: str, url: str, drawn: random.Random
    ) -> tuple[str, list[str]]:
        """Kill, and start again what died: how the process ended, and what is wrong with that."""
        if killed == "worker":
            victim.kill()
        elif killed == "backend":
            self._kill_a_backend(url, drawn)
        else:
            self._kill_postgres(victim if killed == "machine" else None)
            if killed == "outage":
                victim.ends_within(_PATIENCE * 4)
            with running(self._settings) as stack:
                self._stack = stack
        ended = victim.end()
        self._await_recovery(url)
        if ended is None:
            return "killed", [] if killed in ("worker", "machine") else ["it was not to be killed"]
        return str(ended).splitlines()[-1], [ended.fault] if ended.fault else []

    def _kill_a_backend(self, url: str, drawn: random.Random) -> None:
        """Kill one that serves the run; before it has one, any process of PostgreSQL."""
        found = [pid for (pid,) in self._ask(url, _BACKENDS)]
        if not found:
            found = [child.pid for child in psutil.Process(self._postmaster.pid).children()]
        os.kill(drawn.choice(found), signal.SIGKILL)

    def _await_recovery(self, url: str) -> None:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self._ask(url, "select 1")
            except OperationalError:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    @property
    def _postmaster(self) -> processes.Record:
        record = Postgres.of(self._settings).running()
        assert record is not None
        return record

    def _kill_postgres(self, victim: Victim | None) -> None:
        """Kill the server; with a process that runs flows, all else there is as well."""
        record = self._postmaster
        doomed = [record.pid]
        if victim is not None:
            prefect = PrefectServer(Layout.of(self._settings.home)).running()
            assert prefect is not None
            children = psutil.Process(record.pid).children(recursive=True)
            doomed += [victim.pid, prefect.pid, *(child.pid for child in children)]
        for pid in doomed:
            os.kill(pid, signal.SIGKILL)
        assert processes.ended(record, _PATIENCE)

    def _mended(self, load: Load, url: str, home: Path) -> list[str]:
        """Run again, and compare; what is wrong."""
        wrong = []
        victim = Victim(self._environment(url, home, load.exports), load.calls, home / "log")
        ended = victim.end()
        if ended is None or ended.error or ended.fault:
            return [*wrong, f"the rerun: {ended}"]
        if not {outcome for outcome, _ in ended.outcomes} <= {"loaded", "unchanged"}:
            wrong.append(f"the rerun: {ended.outcomes}")
        wrong += dumps.difference(self._dump(url), load.after)
        with self._engine(url) as engine:
            wrong += dumps.unclean(engine)
        archived = _archived(home)
        if archived != load.archived:
            wrong.append(f"the archive: {sorted(archived)}, not {sorted(load.archived)}")
        wrong += [f"left behind: {path.name}" for path in (home / "work").iterdir()]
        return wrong

    def _torn(self, load: Load, url: str, *, went_on: bool) -> list[str]:
        """What the crash left that is neither wholly former nor wholly new.

        A run that went on without one territory has computed a year's cells from the others: only
        of a killed one must they be one of the two.
        """
        found = dumps.torn(self._dump(url), load.former, load.after)
        return [
            f"after the crash: {line}"
            for line in found
            if not went_on or line.partition(":")[0].count("/") == 2
        ]

    def _going_on(self, url: str) -> str:
        ((runs, statement),) = self._ask(url, _GOING_ON)
        return f"{runs}; {statement or 'no statement'}"

    def _dump(self, url: str) -> dumps.Dump:
        with self._engine(url) as engine:
            return dumps.dump(engine)

    def _ask(self, url: str, query: str) -> list[tuple]:
        with self._engine(url) as engine, engine.connect() as connection:
            found = connection.exec_driver_sql(query)
            return [tuple(row) for row in found] if found.returns_rows else []

    @contextmanager
    def _engine(self, url: str) -> Iterator:
        engine = create_engine(make_url(url), connect_args={"options": "-c timezone=UTC"})
        try:
            yield engine
        finally:
            engine.dispose()


@contextmanager
def workshop(folder: Path, prefect_port: int) -> Iterator[Workshop]:
    """Services of their own in an empty folder, and the loads made ready."""
    own = Settings(home=folder / "services", database_url=None, prefect_port=prefect_port)
    with running(own) as stack:
        made = Workshop(folder, own, stack)
        try:
            yield made
        finally:
            made.close()


def _archived(home: Path) -> dict[str, bytes]:
    folder = home / "archive"
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
