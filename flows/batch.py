"""One batch of a campaign on a work pool: what `SENACS_RUNNER=pool` submits."""

from prefect import flow

from flows.territory import road
from tasks.pool import agreed_territories
from tasks.prepare import prepare


@flow(name="batch")
def batch(collection: str, data_year: int, territories: list[str], codebook_version: str) -> None:
    """Collecte quelques territoires d'une campagne ; soumis par elle, rarement à la main.

    L'issue de chaque territoire est dans l'entrepôt (`intake.run`).

    Args:
        collection: Nom de la collecte, par exemple senacs.
        data_year: Année de l'activité décrite (et non année de la campagne).
        territories: Codes des territoires de collecte.
        codebook_version: Version du carnet de codes de celui qui soumet ; une autre est refusée.
    """
    keys = agreed_territories(collection, data_year, territories, codebook_version)
    road(keys, prepare(collection))
