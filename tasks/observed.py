"""What a monitor asks: whether the installation is well, and its measures for Prometheus.

Both ask PostgreSQL for counts alone, so the portal's login may ask too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from senacs.errors import SenacsError
from senacs.services.prefect_rest import PrefectRest
from senacs.warehouse.engine import warehouse
from senacs.warehouse.revisions import newest_revision
from senacs.warehouse.statements import fetch


class Wellness(StrEnum):
    """How well something is: `degraded` works, and somebody has to look."""

    OK = "ok"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True)
class Part:
    """One thing that is looked at, and a French sentence on it."""

    name: str
    state: Wellness
    message: str


@dataclass(frozen=True)
class Health:
    """The installation as it is now."""

    parts: tuple[Part, ...]

    @property
    def state(self) -> Wellness:
        """That of the part that is worst."""
        return max((part.state for part in self.parts), key=list(Wellness).index)


@dataclass(frozen=True)
class Sample:
    """One measure.

    Attributes:
        name: as `quality.observed` gives it.
        labels: what it is of.
    """

    name: str
    labels: Mapping[str, str]
    value: float


_HELP = {
    "revision": "Revision of the warehouse's tables.",
    "runs": "Runs of territories since ever, by how they ended.",
    "last_run": "When the last run ended, in seconds since 1970.",
    "dead_runs": "Runs that are open while nobody holds their territory's lock.",
    "steps": "Steps of the last 24 hours.",
    "step_seconds": "Seconds that steps of the last 24 hours took.",
    "longest_step": "Seconds of the longest step of the last 24 hours.",
    "notices": "Notices to addresses, by state.",
    "overdue_notices": "Notices that have waited for more than a day.",
    "open_requests": "Reruns and rehearsals that are asked for and not done.",
}


def health(engine: Engine | None = None, prefect: PrefectRest | None = None) -> Health:
    """How the installation is: warehouse, runs, notices, and Prefect's server where it is named.

    Args:
        engine: of a login that may execute `quality.observed`; default: the flows'.
        prefect: its server; None: it is not looked at.
    """
    try:
        found = {(one.name, *one.labels.values()): one.value for one in _samples(engine)}
    except (SenacsError, DBAPIError) as error:
        said = f"l'entrepôt ne répond pas ({type(error).__name__})"
        return Health((Part("warehouse", Wellness.DOWN, said), *_prefect(prefect)))
    revision, newest = int(found["revision",]), int(newest_revision())
    return Health(
        (
            Part(
                "warehouse",
                Wellness.OK if revision == newest else Wellness.DOWN,
                f"révision {revision}, ce programme attend {newest}",
            ),
            _counted("runs", found["dead_runs",], "exécutions interrompues à reprendre"),
            _counted("notices", found["overdue_notices",], "avis en attente depuis plus d'un jour"),
            *_prefect(prefect),
        )
    )


def metrics(engine: Engine | None = None) -> bytes:
    """Every measure as Prometheus reads it; `senacs_up` is 0 where the warehouse does not answer.

    Args:
        engine: of a login that may execute `quality.observed`; default: the flows'.
    """
    registry = CollectorRegistry()
    own = Gauge("senacs_version", "This program's version.", ["version"], registry=registry)
    own.labels(version("senacs")).set(1)
    up = Gauge("senacs_up", "Whether the warehouse answers.", registry=registry)
    try:
        samples = _samples(engine)
    except (SenacsError, DBAPIError):
        up.set(0)
        return generate_latest(registry)
    up.set(1)
    gauges: dict[str, Gauge] = {}
    for one in samples:
        if one.name not in gauges:
            name, names = f"senacs_{one.name}", sorted(one.labels)
            gauges[one.name] = Gauge(name, _HELP[one.name], names, registry=registry)
        gauge = gauges[one.name].labels(**one.labels) if one.labels else gauges[one.name]
        gauge.set(one.value)
    return generate_latest(registry)


def _samples(engine: Engine | None) -> Sequence[Sample]:
    with (engine or warehouse()).connect() as connection:
        return [Sample(**row) for row in fetch(connection, "observed/samples")]


def _counted(name: str, count: float, what: str) -> Part:
    return Part(name, Wellness.DEGRADED if count else Wellness.OK, f"{count:.0f} {what}")


def _prefect(server: PrefectRest | None) -> Sequence[Part]:
    if server is None:
        return ()
    try:
        server.ask("GET", "/health")
    except SenacsError:
        return (Part("prefect", Wellness.DEGRADED, "le serveur Prefect ne répond pas"),)
    return (Part("prefect", Wellness.OK, "le serveur Prefect répond"),)
