"""The indicators of a collection's data year."""

from prefect import flow

from senacs.codebook.parameters import CollectionName, DataYear
from tasks.prepare import prepare
from tasks.refresh import refresh, refresh_years


@flow(name="indicators", flow_run_name="indicators-{collection}-{data_year}")
def indicators(collection: CollectionName, data_year: DataYear | None = None) -> int:
    """Recalcule les indicateurs d'une année ou de toutes ; rend combien ont changé.

    Args:
        collection: Nom de la collecte, par exemple senacs.
        data_year: Année de l'activité décrite (et non année de la campagne) ; sans année, toutes.
    """
    prepare(collection)
    return refresh_years(collection) if data_year is None else refresh(collection, data_year)
