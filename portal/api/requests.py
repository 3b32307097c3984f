"""Reruns, and rehearsals that say what one would change."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, HTTPException, Request, Response
from pydantic import BaseModel, Field

from portal.api.answering import YEAR, also, router
from portal.api.words import said
from portal.authorisation import Act, Requires
from portal.database import acting, as_account
from portal.dossiers import Dossier, Named
from senacs.accounts import Account
from senacs.errors import RequestError
from senacs.findings import Severity
from senacs.rehearsal import REHEARSAL, Rehearsal
from tasks.requests import Request as Asking
from tasks.requests import RequestKind, RequestState, ask, progress, request_of, requests_of

requests = router()
_ONCE = (
    "Une seule demande de ce genre est ouverte à la fois pour un territoire et une année : "
    "demander dix fois, c’est demander une fois, et chaque réponse donne la même adresse. "
    "202 : suivez `Location`."
)


class NewRequest(BaseModel):
    """What is asked for."""

    model_config = said("Ce qui est demandé.")
    upload_id: UUID | None = Field(
        None, description="L’export à prendre ; nul : ce qui est arrivé en dernier."
    )


class StepDone(BaseModel):
    """One step of a rerun."""

    model_config = said("Une étape d’une relance.")
    name: str = Field(description="L’étape.", examples=["lu et contrôlé"])
    state: str = Field(description="à venir, en cours, fait, échec.")


class Asked(BaseModel):
    """A request, as recorded."""

    model_config = said("Une demande de relance ou d’essai.")
    request_id: UUID = Field(description="Son identifiant.")
    state: RequestState = Field(description="open (en cours), done (terminée), failed (échec).")
    message: str = Field(description="Comment elle s’est terminée.")
    upload_id: UUID | None = Field(description="L’export dont il s’agit.")
    author: str = Field(description="Qui a demandé le premier.")
    asked_at: datetime = Field(description="Quand.")
    ended_at: datetime | None = Field(description="Quand elle s’est terminée.")


class Rerun(Asked):
    """A rerun with its steps."""

    model_config = said("Une relance, et où elle en est.")
    steps: list[StepDone] = Field(description="Ses étapes, dans l’ordre.")


class FindingsMoved(BaseModel):
    """How many findings of one rule come and go."""

    model_config = said("Combien de constats d’une règle apparaissent et disparaissent.")
    severity: Severity = Field(description="Leur gravité.")
    rule: str = Field(description="Code de la règle.")
    new: int = Field(description="Nouveaux.")
    gone: int = Field(description="Disparus.")


class FigureMoved(BaseModel):
    """One headline figure before and after."""

    model_config = said("Un chiffre avant et après, avec sa base. Les nombres sont exacts.")
    label: str = Field(description="Le chiffre.")
    population: str = Field(description="De quelles structures.")
    area: str = Field(description="De quel territoire.")
    statistic: str = Field(description="total, mean, median, share ou ratio.")
    unit: str = Field(description="Son unité ; « share » va de 0 à 1.")
    value_before: Decimal | None = Field(description="Avant ; nul si inconnu ou confidentiel.")
    value_after: Decimal | None = Field(description="Après ; nul si inconnu ou confidentiel.")
    n_item_before: int | None = Field(description="Combien y répondaient.")
    n_item_after: int | None = Field(description="Combien y répondraient.")
    confidential: bool = Field(description="Vrai si le secret statistique le cache.")


class Changes(BaseModel):
    """What a rerun would change."""

    model_config = said("Ce qu’une relance changerait.")
    may_load: bool = Field(description="Faux si l’export serait refusé.")
    structures_before: int = Field(description="Structures chargées aujourd’hui.")
    structures_after: int = Field(description="Structures qui le seraient.")
    answers_before: int = Field(description="Réponses chargées aujourd’hui.")
    answers_after: int = Field(description="Réponses qui le seraient.")
    new: int = Field(description="Réponses nouvelles.")
    changed: int = Field(description="Réponses changées.")
    gone: int = Field(description="Réponses disparues.")
    findings: list[FindingsMoved] = Field(description="Constats, règle par règle.")
    figures: list[FigureMoved] = Field(description="Chiffres qui changeraient.")

    @classmethod
    def of(cls, found: Rehearsal) -> "Changes":
        """The same without what does not move."""
        names = set(cls.model_fields) - {"findings", "figures"}
        return cls(
            **{name: getattr(found, name) for name in names},
            findings=[FindingsMoved(**vars(one)) for one in found.findings],
            figures=[
                FigureMoved(
                    area=one.area_label,
                    **{
                        name: getattr(one, name)
                        for name in FigureMoved.model_fields
                        if name != "area"
                    },
                )
                for one in found.figures
                if one.moves
            ],
        )


class Rehearsed(Asked):
    """A rehearsal with what it found."""

    model_config = said("Un essai, et ce qu’une relance changerait.")
    result: Changes | None = Field(description="Ce qui changerait ; nul tant qu’il est en cours.")


@requests.get(
    f"{YEAR}/reruns",
    dependencies=[Depends(Requires(Act.TERRITORY))],
    summary="Les relances demandées",
    description="De la plus récente à la plus ancienne.",
)
def reruns(request: Request, dossier: Named) -> list[Asked]:
    """All reruns that were asked for."""
    return _listed(request, dossier, RequestKind.RERUN)


@requests.post(
    f"{YEAR}/reruns",
    status_code=202,
    summary="Demander une relance",
    description=f"Le territoire est collecté, contrôlé et chargé de nouveau, puis ses "
    f"indicateurs rafraîchis. {_ONCE}",
    responses=also(409, 503),
)
def rerun(
    request: Request,
    response: Response,
    dossier: Named,
    account: Annotated[Account, Depends(Requires(Act.CHANGE))],
    wanted: NewRequest,
) -> Asked:
    """Ask for a rerun."""
    return _asked_for((request, response), dossier, account, RequestKind.RERUN, wanted)


@requests.get(
    f"{YEAR}/reruns/{{request_id}}",
    dependencies=[Depends(Requires(Act.TERRITORY))],
    summary="Où en est une relance",
    description="Ses étapes, lues dans le registre des traitements.",
)
def rerun_progress(request: Request, dossier: Named, request_id: UUID) -> Rerun:
    """A rerun with its steps."""
    found = _found(request, dossier, request_id, RequestKind.RERUN)
    steps = progress(found, acting(request.state.session_value))
    return Rerun(
        **_said(found),
        steps=[StepDone(name=step.name, state=step.state.french) for step in steps],
    )


@requests.get(
    f"{YEAR}/rehearsals",
    dependencies=[Depends(Requires(Act.TERRITORY))],
    summary="Les essais demandés",
    description="Du plus récent au plus ancien.",
)
def rehearsals(request: Request, dossier: Named) -> list[Asked]:
    """All rehearsals that were asked for."""
    return _listed(request, dossier, RequestKind.REHEARSAL)


@requests.post(
    f"{YEAR}/rehearsals",
    status_code=202,
    summary="Essayer une relance",
    description=f"Dit ce qu’une relance changerait, et ne change rien. {_ONCE}",
    responses=also(409, 503),
)
def rehearsal(
    request: Request,
    response: Response,
    dossier: Named,
    account: Annotated[Account, Depends(Requires(Act.CHANGE))],
    wanted: NewRequest,
) -> Asked:
    """Ask for a rehearsal."""
    return _asked_for((request, response), dossier, account, RequestKind.REHEARSAL, wanted)


@requests.get(
    f"{YEAR}/rehearsals/{{request_id}}",
    dependencies=[Depends(Requires(Act.TERRITORY))],
    summary="Ce qu’un essai a trouvé",
    description="Réponses et constats nouveaux, changés, disparus ; chiffres avant et après.",
)
def rehearsal_result(request: Request, dossier: Named, request_id: UUID) -> Rehearsed:
    """A rehearsal with what it found."""
    found = _found(request, dossier, request_id, RequestKind.REHEARSAL)
    changes = None
    if found.result is not None:
        changes = Changes.of(REHEARSAL.validate_python(found.result))
    return Rehearsed(**_said(found), result=changes)


def _listed(request: Request, dossier: Dossier, kind: RequestKind) -> list[Asked]:
    with as_account(request.state.session_value) as connection:
        found = requests_of(connection, dossier.key)
    return [Asked(**_said(one)) for one in found if one.kind is kind]


def _asked_for(
    call: tuple[Request, Response],
    dossier: Dossier,
    account: Account,
    kind: RequestKind,
    wanted: NewRequest,
) -> Asked:
    request, response = call
    made = ask(
        dossier.key, kind, account.name, wanted.upload_id, acting(request.state.session_value)
    )
    response.headers["Location"] = f"{request.url.path}/{made.request_id}"
    return Asked(**_said(made))


def _found(request: Request, dossier: Dossier, request_id: UUID, kind: RequestKind) -> Asking:
    """The request of that identifier, if it is of this territory's data year and kind."""
    try:
        found = request_of(request_id, acting(request.state.session_value))
    except RequestError:
        raise HTTPException(404) from None
    if found.key != dossier.key or found.kind is not kind:
        raise HTTPException(404)
    return found


def _said(asked: Asking) -> dict[str, Any]:
    """What is told of every request."""
    names = ("request_id", "state", "message", "upload_id", "author", "asked_at", "ended_at")
    return {name: getattr(asked, name) for name in names}
