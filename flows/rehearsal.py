"""What a rerun of one territory would change, with nothing changed."""

from uuid import UUID

from prefect import flow

from senacs.codebook.parameters import CollectionName
from tasks.prepare import prepare
from tasks.rehearsal import rehearse


@flow(name="rehearsal", flow_run_name="rehearsal-{request}")
def rehearsal(collection: CollectionName, request: UUID) -> None:
    """Dit ce qu'une relance changerait, sans rien changer ; le résultat est joint à la demande.

    Args:
        collection: Nom de la collecte, par exemple senacs.
        request: Identifiant de la demande faite au portail.
    """
    rehearse(request, prepare(collection))
