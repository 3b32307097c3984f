"""A vintage: the figures of a data year, frozen and protected, for a person to release."""

from prefect import flow

from senacs.codebook.parameters import CollectionName, DataYear
from tasks.prepare import prepare
from tasks.refresh import refresh
from tasks.vintages import Proposal, propose_vintage


@flow(name="vintage", flow_run_name="vintage-{collection}-{data_year}")
def vintage(collection: CollectionName, data_year: DataYear) -> Proposal:
    """Prépare un millésime : fige les chiffres d'une année, protégés ; une personne en décide.

    Args:
        collection: Nom de la collecte, par exemple senacs.
        data_year: Année de l'activité décrite (et non année de la campagne).
    """
    prepare(collection)
    refresh(collection, data_year)
    return propose_vintage(collection, data_year)
