"""The results site, from the warehouse, and beside it where the campaigns stand."""

from datetime import datetime

from prefect import flow

from senacs.calendar import PARIS
from tasks.edition_folder import published_years, write_edition
from tasks.prepare import prepare
from tasks.publish import publish, published_collections
from tasks.standing import newest_campaigns, show_standing


@flow(name="publication")
def publication(collections: list[str] | None = None, now: datetime | None = None) -> str:
    """Publie le site des résultats ; rend l'adresse de sa première page.

    Args:
        collections: Noms des collectes à publier ; toutes si rien n'est dit.
        now: Moment dont le suivi des campagnes dit l'état, avec son fuseau ; par défaut maintenant.
    """
    names = published_collections(collections)
    for name in names:
        prepare(name)
    for collection, data_year in newest_campaigns(names):
        show_standing(collection, data_year, now or datetime.now(PARIS))
    for name in names:
        for data_year in published_years(name):
            write_edition(name, data_year)
    return publish(names)
