"""A territory's data year of one collection, as the pages about it know it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from sqlalchemy import Connection

from portal.database import as_account
from senacs.codebook import Collection, Question, load_collection
from senacs.deliveries import TerritoryYear
from senacs.errors import CodebookError
from senacs.settings import settings
from senacs.warehouse.statements import fetch

ADDRESS = "/territoires/{territory}/{collection}/{data_year}"


@dataclass(frozen=True)
class Dossier:
    """What the pages of a territory's data year are about.

    Attributes:
        label: the collection's name, in French.
        simulated: whether its data is invented.
        campaign_year: when it is collected; None where the codebook's copy does not say.
    """

    key: TerritoryYear
    label: str
    simulated: bool
    campaign_year: int | None

    @property
    def address(self) -> str:
        """Where its first page is."""
        return ADDRESS.format(**vars(self.key))

    @cached_property
    def declared(self) -> Collection:
        """The collection, as the codebook has it."""
        return load_collection(settings().codebook, self.key.collection)

    @property
    def territory_label(self) -> str:
        """The territory's name."""
        return name_of(self.key)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions of the data year, by their code."""
        return {q.question: q for q in self.declared.questions_of(self.key.data_year)}


def name_of(key: TerritoryYear) -> str:
    """A territory's name; its code where the codebook has it no more."""
    try:
        campaign = load_collection(settings().codebook, key.collection).campaign(key.data_year)
        return campaign.territory(key.territory).label
    except CodebookError:
        return key.territory


def dossier_in(
    connection: Connection, territory: str, collection: str, data_year: int
) -> Dossier | None:
    """The data year of that territory; None where there is none, or not for this account."""
    found = fetch(
        connection,
        "portal/dossier",
        territory=territory,
        collection=collection,
        data_year=data_year,
    )
    if not found:
        return None
    row = found[0]
    key = TerritoryYear(row["collection"], row["territory"], row["data_year"])
    return Dossier(key, row["label"], row["simulated"], row["campaign_year"])


def named(request: Request, territory: str, collection: str, data_year: int) -> Dossier:
    """A dependency: the dossier that the address names; 404 where PostgreSQL gives no row of it."""
    if not 0 < data_year < _NO_YEAR:
        raise HTTPException(404)
    with as_account(request.state.session_value) as connection:
        dossier = dossier_in(connection, territory, collection, data_year)
    if dossier is None:
        raise HTTPException(404)
    return dossier


_NO_YEAR = 10_000
Named = Annotated[Dossier, Depends(named)]
