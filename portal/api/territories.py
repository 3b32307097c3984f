"""What is open to a token, and where a territory's data year stands."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import Depends, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from portal.api.answering import YEAR, router
from portal.api.words import said
from portal.authorisation import Act, Requires
from portal.database import as_account
from portal.dossiers import Named
from portal.pages.dossier import file as written
from senacs.warehouse.statements import fetch
from tasks.requests import RequestState, requests_of
from tasks.uploads import uploads_of

territories = router()
_PARIS = ZoneInfo("Europe/Paris")


class AskedTerritory(BaseModel):
    """A territory and the years that a collection asks it about."""

    model_config = said("Un territoire, et les années sur lesquelles une collecte l’interroge.")
    territory: str = Field(description="Code du territoire.", examples=["92"])
    collection: str = Field(description="Code de la collecte.", examples=["senacs"])
    label: str = Field(description="Nom de la collecte.")
    simulated: bool = Field(description="Vrai si ses données sont simulées.")
    data_years: list[int] = Field(description="Années de données.", examples=[[2011, 2012]])


class RunSummary(BaseModel):
    """One run of the territory."""

    model_config = said("Un traitement du territoire.")
    outcome: str = Field(
        description="running (en cours), loaded (chargé), unchanged (inchangé), refused (refusé), "
        "failed (échec)."
    )
    message: str = Field(description="Une phrase sur son issue.")
    file_name: str | None = Field(description="Le fichier reçu.")
    records: int | None = Field(description="Lignes lues.")
    answers: int | None = Field(description="Réponses chargées.")
    rejected_answers: int | None = Field(description="Réponses écartées.")
    started: datetime = Field(description="Début, heure de France.")


class Counted(BaseModel):
    """How many findings of a severity are in a state."""

    model_config = said("Combien de constats d’une gravité sont dans un état.")
    severity: str = Field(description="blocking, error, query ou info.")
    state: str = Field(description="open, answered, accepted, reopened, known ; told : dit.")
    findings: int = Field(description="Nombre de constats.")


class Done(BaseModel):
    """One thing that was done."""

    model_config = said("Une chose faite, par une personne ou par un traitement.")
    at: datetime = Field(description="Quand, heure de France.")
    who: str = Field(description="Qui.")
    what: str = Field(
        description="sent, chosen, ended (un envoi), rerun, rehearsal, returned, corrected, "
        "confirmed, withdrawn, accepted, reopened, run."
    )
    about: str = Field(description="De quoi il s’agit.")
    detail: str = Field(description="Précision.")


class Standing(BaseModel):
    """Where a territory's data year stands."""

    model_config = said("Où en est l’année de données d’un territoire.")
    territory: str = Field(description="Code du territoire.")
    collection: str = Field(description="Code de la collecte.")
    data_year: int = Field(description="Année de l’activité décrite.")
    label: str = Field(description="Nom de la collecte.")
    simulated: bool = Field(description="Vrai si ses données sont simulées.")
    last_run: RunSummary | None = Field(
        description="Le dernier traitement ; nul s’il n’y en a pas."
    )
    upload_in_place: str | None = Field(
        description="L’envoi que les traitements prennent à la place de la source."
    )
    under_way: list[str] = Field(description="Demandes en cours, par leur identifiant.")
    findings: list[Counted] = Field(description="Constats, comptés.")


@territories.get(
    "/territories",
    dependencies=[Depends(Requires(Act.OWN))],
    summary="Ce qui est ouvert à ce jeton",
    description="Les territoires, les collectes qui les interrogent et leurs années.",
)
def open_territories(request: Request) -> list[AskedTerritory]:
    """Every territory that the token opens."""
    with as_account(request.state.session_value) as connection:
        return [AskedTerritory(**row) for row in fetch(connection, "portal/asked_years")]


@territories.get(
    YEAR,
    dependencies=[Depends(Requires(Act.TERRITORY))],
    summary="Où en est une année",
    description="Le dernier traitement, l’envoi en place, les demandes en cours, les constats "
    "comptés.",
)
def standing(request: Request, dossier: Named) -> Standing:
    """Where it stands."""
    key = dossier.key
    with as_account(request.state.session_value) as connection:
        runs = fetch(connection, "portal/runs", **vars(key), most=1)
        counts = fetch(connection, "portal/finding_counts", **vars(key))
        in_place = [one for one in uploads_of(connection, key) if one.in_place]
        asked = requests_of(connection, key)
    return Standing(
        **vars(key),
        label=dossier.label,
        simulated=dossier.simulated,
        last_run=_run(runs[0]) if runs else None,
        upload_in_place=str(in_place[0].upload_id) if in_place else None,
        under_way=[str(one.request_id) for one in asked if one.state is RequestState.OPEN],
        findings=[
            Counted(severity=row["severity"], state=row["state"], findings=row["findings"])
            for row in counts
            if row["severity"] is not None
        ],
    )


@territories.get(
    f"{YEAR}/runs",
    dependencies=[Depends(Requires(Act.TERRITORY))],
    summary="Les derniers traitements",
    description="Du plus récent au plus ancien.",
)
def runs(
    request: Request,
    dossier: Named,
    limit: Annotated[int, Query(ge=1, le=500, description="Combien au plus.")] = 20,
) -> list[RunSummary]:
    """The last runs."""
    with as_account(request.state.session_value) as connection:
        found = fetch(connection, "portal/runs", **vars(dossier.key), most=limit)
    return [_run(row) for row in found]


@territories.get(
    f"{YEAR}/history",
    dependencies=[Depends(Requires(Act.TERRITORY))],
    summary="Qui a fait quoi",
    description="Envois, demandes, réponses, décisions et traitements, du plus récent au plus "
    "ancien.",
)
def history(
    request: Request,
    dossier: Named,
    limit: Annotated[int, Query(ge=1, le=500, description="Combien au plus.")] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000, description="Combien en passer.")] = 0,
) -> list[Done]:
    """Who did what about it."""
    with as_account(request.state.session_value) as connection:
        lines = fetch(connection, "portal/history", **vars(dossier.key), most=limit, past=offset)
    return [
        Done(
            at=in_france(line["at"]),
            who=line["who"],
            what=line["what"],
            about=line["about"] or "",
            detail=line["detail"] or "",
        )
        for line in lines
    ]


@territories.get(
    f"{YEAR}/files/{{kind}}",
    dependencies=[Depends(Requires(Act.TERRITORY))],
    response_class=FileResponse,
    summary="Le compte rendu, le classeur annoté ou les constats",
    description="Ce que le dernier traitement a écrit : `rapport` (HTML), `classeur` (XLSX, à "
    "remplir et à renvoyer), `constats` (CSV).",
)
def file(dossier: Named, kind: Literal["rapport", "classeur", "constats"]) -> Response:
    """One of the files that the last run wrote."""
    return written(dossier, kind)


def in_france(moment: datetime) -> datetime:
    """A time of day in France, with its offset."""
    return moment.replace(tzinfo=_PARIS)


def _run(row: Mapping[str, Any]) -> RunSummary:
    return RunSummary(**{**row, "started": in_france(row["started"])})
