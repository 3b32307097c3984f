"""What a correspondent sends back: taken, then applied by a rerun of that territory alone."""

from prefect import State, flow

from flows.rerun import rerun
from senacs.codebook.parameters import CollectionName, DataYear, TerritoryCode
from senacs.deliveries import RunOutcome
from tasks.campaigns import outcome_of
from tasks.prepare import prepare
from tasks.returned import returned_file, take_file
from tasks.runs import final_state


@flow(name="returned", flow_run_name="returned-{collection}-{territory}-{data_year}")
def returned(
    collection: CollectionName,
    territory: TerritoryCode,
    data_year: DataYear,
    file: str,
    author: str,
) -> State[RunOutcome]:
    """Reprend les réponses d'un fichier renvoyé, puis relance ce seul territoire.

    Args:
        collection: Nom de la collecte, par exemple senacs.
        territory: Code du territoire de collecte ; un fichier d'un autre territoire est refusé.
        data_year: Année de l'activité décrite (et non année de la campagne).
        file: Chemin du classeur annoté ou du fichier YAML, tel que le voit celui qui exécute.
        author: Qui répond, là où une ligne ne le dit pas.
    """
    prepare(collection)
    name, data, key = returned_file(file, collection, territory, data_year)
    take_file(data, name, author, key)
    ended = outcome_of(key, rerun(collection, territory, data_year, return_state=True))
    return final_state(ended)
