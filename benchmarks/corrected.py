"""`python -m benchmarks.corrected`: from an uploaded export to refreshed indicators, France loaded.

A simulated year of all France is loaded; then one territory's corrected export is uploaded,
rehearsed and put in place through Prefect and its worker, as the portal's buttons do. Takes some
minutes, most of which make the year.
"""

import csv
import io
import os
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.table import Table

from benchmarks.warehouse import YEAR
from flows.campaign import campaign
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
from tasks import archive
from tasks.requests import Request, RequestKind, RequestState, ask, follow, request_of
from tasks.uploads import take_upload

TERRITORY = "59"
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
    seconds: dict[str, float] = {}
    start = time.perf_counter()
    outcomes = [ended for name in ("registre", "senacs") for ended in campaign(name, YEAR)]
    seconds["all of France collected and computed"] = time.perf_counter() - start

    key = TerritoryYear("senacs", TERRITORY, YEAR)
    start = time.perf_counter()
    upload = take_upload(key, _corrected(key), f"{TERRITORY}-corrige.csv", "Mme Essai")
    if not isinstance(upload, UUID):
        raise TypeError("a corrected export is no spreadsheet of replies")
    seconds["upload archived"] = time.perf_counter() - start
    result = _awaited(ask(key, RequestKind.REHEARSAL, "Mme Essai", upload), "rehearsal", seconds)
    said = REHEARSAL.validate_python(result)
    _awaited(ask(key, RequestKind.RERUN, "Mme Essai", upload), "rerun", seconds)
    seconds["upload to refreshed indicators"] = seconds["upload archived"] + seconds["rerun"]

    table = Table(title=f"A corrected export among the SIMULATED France of {YEAR}")
    table.add_column("what")
    table.add_column("seconds", justify="right")
    for what, took in seconds.items():
        table.add_row(what, f"{took:.2f}")
    table.caption = (
        f"{sum(one.answers for one in outcomes):,} answers loaded; the rehearsal said "
        f"{said.changed} changed, {said.new} new, {said.gone} gone answers and "
        f"{sum(one.moves for one in said.figures)} headline figures. "
        f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )
    return table


def _awaited(request: Request, what: str, seconds: dict[str, float]) -> object:
    """What a request found, once its worker has done it; how long that took is noted."""
    start = time.perf_counter()
    while (now := request_of(request.request_id)).state is RequestState.OPEN:
        follow(datetime.now(UTC))
        time.sleep(_LOOK_EVERY)
    seconds[what] = time.perf_counter() - start
    if now.state is not RequestState.DONE:
        raise RuntimeError(f"the {what} failed: {now.message}")
    return now.result


def _corrected(key: TerritoryYear) -> bytes:
    """The territory's last export as CSV, without its last ten rows: a correction that shows."""
    with warehouse().connect() as connection:
        (last,) = fetch(connection, "intake/last_received", **vars(key))
    declared = load_collection(settings().codebook, key.collection)
    data = archive.load(last["sha256"])
    table = delivered_table(data, last["file_name"], declared, key.territory, key.data_year)
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(
        [table.header, *(cells for _, cells in table.rows[:-10])]
    )
    return out.getvalue().encode()


if __name__ == "__main__":
    main()
