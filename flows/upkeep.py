"""The weekly check-up: what the doctor says, and what has had its time."""

from typing import Annotated

from prefect import State, flow
from prefect.states import Completed, Failed
from pydantic import Field

from tasks.upkeep.retention import Limits
from tasks.upkeep.steps import examined, tidied

_Days = Annotated[int, Field(ge=1)]


@flow(name="upkeep")
def upkeep(
    delete: bool = False,
    leftover_days: _Days = Limits.leftovers,
    log_days: _Days = Limits.logs,
    flow_run_days: _Days = Limits.flow_runs,
) -> State[list[str]]:
    """Contrôle l'installation et dit ce qui peut être effacé ; échoue s'il y a à faire.

    Ni l'archive ni une ligne de l'entrepôt n'est jamais effacée.

    Args:
        delete: Effacer vraiment ; sinon dire seulement ce qui serait effacé.
        leftover_days: Jours après lesquels les restes d'exécutions interrompues s'effacent.
        log_days: Jours après lesquels les journaux mis de côté s'effacent.
        flow_run_days: Jours après lesquels les exécutions terminées quittent les pages de Prefect.
    """
    todo = examined()
    tidied(Limits(leftover_days, log_days, flow_run_days), really=delete)
    if todo:
        return Failed(name="Todo", message="\n".join(todo), data=todo)
    return Completed(name="Well", data=todo)
