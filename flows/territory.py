"""One territory's delivery about one data year, from its source to both layers."""

from prefect import State, flow

from senacs.codebook.parameters import CollectionName, DataYear, TerritoryCode
from senacs.deliveries import Outcome, Run, RunOutcome, TerritoryYear
from senacs.errors import SenacsError
from tasks.collect import collect
from tasks.identify import identify
from tasks.load import already_loaded, fingerprint_of, load, refuse
from tasks.locks import exclusive
from tasks.prepare import prepare
from tasks.read import read
from tasks.replies import take_replies
from tasks.report import report
from tasks.runs import close_run, final_state, open_run
from tasks.validate import validate
from tasks.workspace import workspace


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
    version = prepare(collection)
    with exclusive(key):
        ended = report(_delivered(open_run(key, version)))
    return final_state(ended)


def _delivered(run: Run) -> RunOutcome:
    """The road itself. What a person can mend ends the run as failed, with its sentence."""
    receipt = None
    try:
        with workspace(run) as folder:
            receipt = collect(run, folder)
            take_replies(run)
            mark = fingerprint_of(run, receipt)
            if already_loaded(run, mark):
                return close_run(run, Outcome.UNCHANGED, receipt)
            read(run, receipt, folder)
            identify(run, folder)
            if validate(run, folder):
                return load(run, receipt, mark, folder)
            return refuse(run, receipt, folder)
    except SenacsError as error:
        return close_run(run, Outcome.FAILED, receipt, str(error))
