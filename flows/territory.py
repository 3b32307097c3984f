"""The road of exports from their sources to both layers, of one territory or of several."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from prefect import State, flow

from senacs.codebook.parameters import CollectionName, DataYear, TerritoryCode
from senacs.deliveries import Receipt, Run, RunOutcome, TerritoryYear
from tasks.collect import collect
from tasks.identify import identify
from tasks.load import already_loaded, fingerprint_of, load, refuse
from tasks.locks import exclusive
from tasks.prepare import prepare
from tasks.read import read
from tasks.replies import take_replies
from tasks.report import report
from tasks.runs import close_unchanged, concluded, fail_run, final_state, open_run
from tasks.steps import steps_noted
from tasks.validate import judged_together, validate
from tasks.workspace import Arrived, Came, workspace


@flow(name="territory", flow_run_name="{collection}-{territory}-{data_year}")
def territory(
    collection: CollectionName, territory: TerritoryCode, data_year: DataYear
) -> State[RunOutcome]:
    """Collecte, lit, contrôle et charge l'export d'un seul territoire, sans toucher aux autres.

    Args:
        collection: Nom de la collecte, par exemple senacs.
        territory: Code du territoire de collecte, par exemple 92.
        data_year: Année de l'activité décrite (et non année de la campagne).
    """
    key = TerritoryYear(collection, territory, data_year)
    (ended,) = road([key], prepare(collection))
    return final_state(ended)


def road(keys: Sequence[TerritoryYear], codebook_version: str) -> list[RunOutcome]:
    """Take the exports of some territories of one campaign along the road; how each ended.

    They are judged together, since what the rules cost hardly depends on how many rows they look
    at. Each is loaded in a transaction of its own, and what fails with one ends that one alone.
    """
    with exclusive(keys), steps_noted(), ExitStack() as folders:
        runs = [open_run(key, codebook_version) for key in keys]
        came = [_came(run, folders.enter_context(workspace(run))) for run in runs]
        ended = [end for end in came if isinstance(end, RunOutcome)]
        to_read = [one for one in came if isinstance(one, Came)]
        arrived = list(map(_arrived, to_read, read(to_read) if to_read else []))
        ended += [end for end in arrived if isinstance(end, RunOutcome)]
        for group in judged_together([one for one in arrived if isinstance(one, Arrived)]):
            ended += _judged(group)
        place = {key: number for number, key in enumerate(keys)}
        in_order = sorted(ended, key=lambda end: place[end.key])
        return [_shown(report(end)) for end in in_order]


def _shown(ended: RunOutcome) -> RunOutcome:
    concluded(ended, return_state=True)  # a territory that failed is red, and no fault of the flow
    return ended


def _came(run: Run, folder: Path) -> Came | RunOutcome:
    """What came; or how the run ended, where nothing did or what did is loaded already."""
    receipt: Receipt | None = None
    try:
        receipt = collect(run, folder)
        take_replies(run)
        mark = fingerprint_of(run, receipt)
        if already_loaded(run, mark):
            return close_unchanged(run, receipt)
        return Came(run, receipt, mark, folder)
    except Exception as error:  # whatever it is, the other territories go on; so below
        return fail_run(run, receipt, error)


def _arrived(one: Came, read_as: int | Exception) -> Arrived | RunOutcome:
    """The export as read, under the register's identifiers; or how the run ended."""
    if isinstance(read_as, Exception):
        return fail_run(one.run, one.receipt, read_as)
    try:
        identify(one.run, one.folder)
        return Arrived(**vars(one), answers=read_as)
    except Exception as error:
        return fail_run(one.run, one.receipt, error)


def _judged(group: Sequence[Arrived]) -> list[RunOutcome]:
    """How the runs of exports that are judged together end."""
    try:
        accepted = validate(group)
    except Exception as error:
        if len(group) == 1:
            return [fail_run(group[0].run, group[0].receipt, error)]
        # One of them is at fault, and no other is to fail for it.
        return [end for one in group for end in _judged([one])]
    return [_settled(one, may_load=may) for one, may in zip(group, accepted, strict=True)]


def _settled(one: Arrived, *, may_load: bool) -> RunOutcome:
    try:
        return load(one) if may_load else refuse(one)
    except Exception as error:
        return fail_run(one.run, one.receipt, error)
