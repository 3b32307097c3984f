"""All territories side by side, for the national team: where each stands in a campaign."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from markupsafe import Markup

from portal.authorisation import Act, Requires
from portal.database import acting
from portal.rendering import page
from senacs.calendar import paris_day
from senacs.codebook import Collection, in_order, load_collection
from senacs.errors import CodebookError
from senacs.pages.standing import StandingPage, map_html
from senacs.settings import settings
from senacs.standing import State
from tasks.standing import standing_of

router = APIRouter()


@dataclass(frozen=True)
class Choice:
    """What is looked at, and what else could be.

    Attributes:
        collections: all that are declared.
        years: data years of the chosen one's campaigns, the newest first.
        state: which territories are listed; None for all.
    """

    collections: tuple[Collection, ...]
    collection: Collection
    years: tuple[int, ...]
    data_year: int
    state: State | None


@router.get("/national", dependencies=[Depends(Requires(Act.NATIONAL))])
def territories(request: Request, collecte: str = "", annee: str = "", etat: str = "") -> Response:
    """Where every territory of a campaign stands: a map, and a table that can be narrowed."""
    choice = _choice(collecte, annee, etat)
    shown = standing_of(
        choice.collection.collection,
        choice.data_year,
        _today(request),
        acting(request.state.session_value),
    )
    return page(
        request,
        "national.html.j2",
        choice=choice,
        states=list(State),
        shown=shown,
        lines=_narrowed(shown, choice.state),
        # Made by our own template, which has escaped all that is in it.
        map=Markup(map_html(shown.map)) if shown.map else "",  # noqa: S704
    )


def _choice(collection: str, data_year: str, state: str) -> Choice:
    """What the address asks for; 404 for what is not declared."""
    codebook = settings().codebook
    names = in_order(codebook)[::-1]
    try:
        declared = load_collection(codebook, collection or names[0])
        years = sorted((campaign.data_year for campaign in declared.campaigns), reverse=True)
        year = declared.campaign(int(data_year) if data_year else years[0]).data_year
        chosen = State(state) if state else None
    except (CodebookError, ValueError, IndexError) as error:
        raise HTTPException(404) from error
    every = tuple(load_collection(codebook, name) for name in names)
    return Choice(every, declared, tuple(years), year, chosen)


def _narrowed(shown: StandingPage, state: State | None) -> list[object]:
    return [one for one in shown.lines if state is None or one.state is state]


def _today(request: Request) -> date:
    return paris_day(request.app.state.now())
