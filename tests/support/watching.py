"""A stack on which nothing happens by itself that a test has not asked for."""

from contextlib import AbstractContextManager
from pathlib import Path

from senacs.services import prefect_client, prefect_env
from senacs.services.layout import Layout
from senacs.settings import settings


def without_prefect(home: Path) -> AbstractContextManager[None]:
    """Requests are kept and nobody takes them: no server listens on that port."""
    layout = Layout.of(home)
    layout.make()
    return prefect_client.directed(prefect_env.client(layout, 9))


def unwatched(port: int) -> None:
    """Pause the deployment `watch`: every ten minutes it does again what tests leave as dead."""
    server = prefect_env.rest(Layout.of(settings().home), port)
    wanted = {"deployments": {"name": {"any_": ["watch"]}}}
    for one in server.ask("POST", "/deployments/filter", wanted):
        server.ask("POST", f"/deployments/{one['id']}/pause_deployment")
