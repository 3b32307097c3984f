"""Many years of collections, oldest first."""

from prefect import flow

from flows.campaign import campaign
from senacs.codebook.parameters import CollectionName, DataYear
from senacs.deliveries import RunOutcome
from tasks.campaigns import campaigns_between, outcomes_in
from tasks.refresh import refresh_year
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
    campaigns = campaigns_between(collections, first_year, last_year)
    outcomes, behind = [], []
    # One year after the other: the rules compare a year with the one before it.
    with workers():
        for collection, data_year in campaigns:
            done = campaign(collection, data_year, figures=False, return_state=True)
            outcomes += outcomes_in(done)
            # PostgreSQL computes a year's figures while the next year's exports are read.
            behind.append(refresh_year.submit(collection, data_year))
    # The evolution of the year after rests on the last one.
    behind += [refresh_year.submit(name, last + 1) for name, last in dict(campaigns).items()]
    for figures in behind:
        figures.result()
    return outcomes
