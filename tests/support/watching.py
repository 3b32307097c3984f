"""A stack on which nothing happens by itself that a test has not asked for."""

from senacs.services import prefect_env
from senacs.services.layout import Layout
from senacs.settings import settings


def unwatched(port: int) -> None:
    """Pause the deployment `watch`: every ten minutes it does again what tests leave as dead."""
    server = prefect_env.rest(Layout.of(settings().home), port)
    wanted = {"deployments": {"name": {"any_": ["watch"]}}}
    for one in server.ask("POST", "/deployments/filter", wanted):
        server.ask("POST", f"/deployments/{one['id']}/pause_deployment")
