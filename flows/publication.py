"""The results site, from the warehouse."""

from prefect import flow

from tasks.prepare import prepare
from tasks.publish import publish, published_collections


@flow(name="publication")
def publication(collections: list[str] | None = None) -> str:
    """Publie le site des résultats ; rend l'adresse de sa première page.

    Args:
        collections: Noms des collectes à publier ; toutes si rien n'est dit.
    """
    names = published_collections(collections)
    for name in names:
        prepare(name)
    return publish(names)
