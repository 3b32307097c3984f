"""`python -m benchmarks.corrected`: from an uploaded export to refreshed indicators, France loaded.

A simulated year of all France is loaded; then one territory's corrected export is uploaded,
rehearsed and put in place through Prefect and its worker, as the portal's buttons do, with nobody
at the portal, with fifty people who read its pages, and with fifty who never rest. Takes some
minutes, most of which make the year.
"""

import contextlib
import csv
import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.table import Table

from benchmarks.visiting import Visits, visited
from benchmarks.warehouse import YEAR
from flows.campaign import campaign
from senacs.accounts import Role
from senacs.codebook import load_collection
from senacs.deliveries import TerritoryYear
from senacs.reading.delivered import delivered_table
from senacs.rehearsal import REHEARSAL
from senacs.services import prefect_client, prefect_env, stack
from senacs.services.layout import Layout
from senacs.settings import PROJECT_ROOT, settings
from senacs.simulation.campaign.structures import departements
from senacs.simulation.campaign.world import World, simulate
from senacs.warehouse.engine import warehouse
from senacs.warehouse.statements import fetch
from tasks import accounts, archive
from tasks.requests import Request, RequestKind, RequestState, ask, follow, request_of
from tasks.uploads import take_upload

TERRITORY = "59"
PEOPLE = 50
_PASSWORD = "une phrase assez longue"  # noqa: S105 - of invented people
_PAUSE = (1.0, 3.0)
"""Seconds for which somebody reads a page."""
_LOOK_EVERY = 0.2


def main() -> None:
    """Simulate, load, correct, print."""
    console = Console()
    cache = PROJECT_ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="senacs-benchmark-", dir=cache))
    world = World(1, (YEAR,), {code: (code,) for code in departements()}, 0.002)
    os.environ |= {
        "SENACS_CODEBOOK": str(folder / "world" / "codebook"),
        "SENACS_DROP_FOLDER": str(folder / "world" / "exports"),
        "SENACS_HOME": str(folder / "home"),
    }
    settings.cache_clear()
    try:
        for _ in simulate(world, folder / "world", PROJECT_ROOT / "codebook"):
            pass
        running = stack.up(settings())
        port = int((running.prefect_api_url or "").rsplit(":", 1)[1].split("/")[0])
        with prefect_client.directed(prefect_env.client(Layout.of(settings().home), port)):
            console.print(_measured())
    finally:
        stack.down(settings())
        shutil.rmtree(folder, ignore_errors=True)


def _measured() -> Table:
    start = time.perf_counter()
    outcomes = [ended for name in ("registre", "senacs") for ended in campaign(name, YEAR)]
    loaded = time.perf_counter() - start
    key = TerritoryYear("senacs", TERRITORY, YEAR)
    cookies = [_signed_in(number) for number in range(PEOPLE)]

    table = Table(title=f"A corrected export among the SIMULATED France of {YEAR}")
    for name in ("at the portal", "rehearsal s", "upload to indicators s", "pages", "p50 ms"):
        table.add_column(name, justify="left" if name == "at the portal" else "right")
    for name in ("p95 ms", "longest ms", "refused"):
        table.add_column(name, justify="right")
    with _portal() as site:
        for number, (who, people, rest) in enumerate(
            (("nobody", 0, _PAUSE), ("50 people", PEOPLE, _PAUSE), ("50 restless", PEOPLE, (0, 0)))
        ):
            data = _corrected(key, number + 1)
            with visited(site, cookies[:people], _pages(key), rest) as visits:
                rehearsal, rerun = _corrected_through(key, data, f"{TERRITORY}-{number}.csv")
            table.add_row(who, f"{rehearsal:.2f}", f"{rerun:.2f}", *_told(visits))
    table.caption = (
        f"{sum(one.answers for one in outcomes):,} answers loaded in {loaded:.0f} s. Load of the "
        f"machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )
    return table


def _told(visits: Visits) -> list[str]:
    if not visits.waits:
        return ["0", "", "", "", ""]
    waits = [visits.within(share) * 1000 for share in (0.5, 0.95, 1)]
    return [str(len(visits.waits)), *(f"{one:.0f}" for one in waits), str(visits.refused)]


def _corrected_through(key: TerritoryYear, data: bytes, name: str) -> tuple[float, float]:
    """Seconds of the rehearsal, and from upload to refreshed indicators without it."""
    start = time.perf_counter()
    upload = take_upload(key, data, name, "Mme Essai")
    if not isinstance(upload, UUID):
        raise TypeError("a corrected export is no spreadsheet of replies")
    archived = time.perf_counter() - start
    result, rehearsal = _awaited(ask(key, RequestKind.REHEARSAL, "Mme Essai", upload))
    if not REHEARSAL.validate_python(result).gone:
        raise ValueError("the corrected export changes nothing: nothing was measured")
    _, rerun = _awaited(ask(key, RequestKind.RERUN, "Mme Essai", upload))
    return rehearsal, archived + rerun


def _pages(key: TerritoryYear) -> list[str]:
    dossier = f"/territoires/{key.territory}/{key.collection}/{key.data_year}"
    return ["/", f"/territoires/{key.territory}", dossier, f"{dossier}/constats"]


def _signed_in(number: int) -> str:
    """The cookie of a correspondent who holds the territory."""
    email, now = f"personne{number}@example.org", datetime.now(UTC)
    accounts.make_account(email, f"Personne {number}", Role.CORRESPONDENT, "x", now)
    accounts.set_password(email, _PASSWORD, "x")
    accounts.give_territory(email, TERRITORY, "x", now.date())
    return accounts.sign_in(email, _PASSWORD, "127.0.0.1", now)


@contextlib.contextmanager
def _portal() -> Iterator[str]:
    """The portal as a process of its own; its address."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    line = [Path(sys.executable).with_name("senacs"), "portal", "run", "--port", str(port)]
    with subprocess.Popen(line) as process:
        try:
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                    break
                time.sleep(_LOOK_EVERY)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _awaited(request: Request) -> tuple[object, float]:
    """What a request found, once its worker has done it, and how many seconds that took."""
    start = time.perf_counter()
    while (now := request_of(request.request_id)).state is RequestState.OPEN:
        follow(datetime.now(UTC))
        time.sleep(_LOOK_EVERY)
    if now.state is not RequestState.DONE:
        raise RuntimeError(f"the {request.kind} failed: {now.message}")
    return now.result, time.perf_counter() - start


def _corrected(key: TerritoryYear, tens: int) -> bytes:
    """What the territory sent first as CSV, without so many times ten rows: a correction shows."""
    with warehouse().connect() as connection:
        (last,) = fetch(connection, "intake/last_received", **vars(key))
    declared = load_collection(settings().codebook, key.collection)
    data = archive.load(last["sha256"])
    table = delivered_table(data, last["file_name"], declared, key.territory, key.data_year)
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(
        [table.header, *(cells for _, cells in table.rows[: -10 * tens])]
    )
    return out.getvalue().encode()


if __name__ == "__main__":
    main()
