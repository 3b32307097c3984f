"""What an upgrade does to a Prefect server: nothing twice, and nothing that was paused wakes up."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from senacs.services.prefect_rest import PrefectRest

AUTOMATIONS = Path("deploy") / "automations"
_AT_ONCE = 200


@contextmanager
def paused_kept(server: PrefectRest) -> Iterator[None]:
    """Pause again, after the block, the deployments that were paused before it.

    `prefect deploy` says of each that it is not paused (seen in 3.8.8). Paused schedules need no
    help: they have a slug, and prefect.yaml does not say whether they are active. What falls due
    in the seconds between is begun.
    """
    before = [one["id"] for one in _deployments(server) if one["paused"]]
    try:
        yield
    finally:
        for deployment in before:
            server.ask("POST", f"/deployments/{deployment}/pause_deployment")


def apply_automations(server: PrefectRest, project: Path) -> list[str]:
    """Bring the server's automations to what the project's files say; their names.

    They are found by name, so that there is no second one. One that somebody has switched off
    stays switched off.

    Raises:
        ServiceError: the server does not answer, or refuses one.
    """
    names = []
    for file in sorted((project / AUTOMATIONS).glob("*.yaml")):
        declared: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        wanted = {"automations": {"name": {"any_": [declared["name"]]}}}
        found = server.ask("POST", "/automations/filter", wanted)
        if found:
            declared["enabled"] = found[0]["enabled"]
            server.ask("PUT", f"/automations/{found[0]['id']}", declared)
        else:
            server.ask("POST", "/automations/", declared)
        names.append(declared["name"])
    return names


def _deployments(server: PrefectRest) -> Iterator[dict[str, Any]]:
    offset = 0
    while found := server.ask("POST", "/deployments/filter", {"limit": _AT_ONCE, "offset": offset}):
        yield from found
        offset += len(found)
