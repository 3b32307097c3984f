"""Many years of collections, oldest first."""

from prefect import flow

from flows.campaign import campaign
from senacs.codebook.parameters import CollectionName, DataYear
from senacs.deliveries import RunOutcome
from tasks.campaigns import campaigns_between, outcomes_in
from tasks.runners import workers


@flow(name="backfill", flow_run_name="backfill-{first_year}-{last_year}")
def backfill(
    collections: list[CollectionName], first_year: DataYear, last_year: DataYear
) -> list[RunOutcome]:
    """Rattrape plusieurs années, de la plus ancienne à la plus récente, registres d'abord.

    Interrompu puis relancé, il reprend où il en était : ce qui est déjà chargé reste inchangé.

    Args:
        collections: Noms des collectes ; le registre de chacune est collecté avec elle.
        first_year: Première année d'activité décrite.
        last_year: Dernière année d'activité décrite.
    """
    # One year after the other: the rules compare a year with the one before it.
    with workers():
        return [
            ended
            for collection, data_year in campaigns_between(collections, first_year, last_year)
            for ended in outcomes_in(campaign(collection, data_year, return_state=True))
        ]
