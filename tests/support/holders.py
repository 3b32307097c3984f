"""The process that has a territory under way, found by the lock that it holds in PostgreSQL."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psutil

from tests.support.installation import Installation

_HOLDERS = """
select distinct a.client_port
  from intake.run r
  join pg_locks l
    on (l.classid::bigint << 32) | l.objid::bigint
       = hashtextextended(r.collection || '/' || r.territory || '/' || r.data_year, 0)
  join pg_stat_activity a using (pid)
 where r.outcome = 'running' and r.collection = 'senacs' and l.locktype = 'advisory' and l.granted
   and a.datname = current_database()
   and exists (select 1 from intake.run where collection = 'senacs' and outcome = 'loaded')
"""
"""Of surveys, once one is loaded: the work is then half done."""
_LOOK_EVERY = 0.05


def holders(desk: Installation) -> Iterator[psutil.Process]:
    """The processes, started by this one, that have a territory under way."""
    ports = {port for (port,) in desk.ask(_HOLDERS)}
    if ports:
        for process in psutil.Process().children(recursive=True):
            try:
                own = {c.laddr.port for c in process.net_connections("tcp") if c.laddr}
            except psutil.Error:
                continue
            if ports & own and process.pid != os.getpid():
                yield process


@contextmanager
def killing_one(desk: Installation, workers: Sequence[psutil.Process] = ()) -> Iterator[list[int]]:
    """While the block runs, kill -9 the first process found to have a territory under way.

    Args:
        desk: whose territories.
        workers: the one of these that has started it is killed with it, and before it.

    Yields:
        What was killed: empty until then.
    """
    killed: list[int] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(_LOOK_EVERY):
            for process in holders(desk):
                started = {process.pid, *(parent.pid for parent in process.parents())}
                for doomed in (*(w for w in workers if w.pid in started), process):
                    doomed.kill()
                    killed.append(doomed.pid)
                return

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield killed
    finally:
        over.set()
        looking.join()
