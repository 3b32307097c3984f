"""Findings: listed and filtered, and answered in place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from portal.authorisation import Act, Requires, own_form
from portal.database import acting, as_account
from portal.dossiers import ADDRESS, Dossier, Named
from portal.rendering import page
from senacs.accounts import Account
from senacs.errors import ReplyError
from senacs.findings import Severity
from senacs.replies.checking import wanted
from senacs.replies.constats import Constat, constat_of
from senacs.replies.model import ReplyKind, State
from senacs.replies.reference import Reference
from senacs.warehouse.statements import fetch
from tasks.returned import answer

router = APIRouter(prefix=f"{ADDRESS}/constats")
_SHOWN = 25
_LAST_PAGE = 100_000
_STATES: dict[str, tuple[str, Sequence[str] | None]] = {
    "a-traiter": ("à traiter", [State.OPEN, State.REOPENED]),
    "repondus": ("répondus", [State.ANSWERED, State.ACCEPTED]),
    "connus": ("erreurs connues", [State.KNOWN]),
    "information": ("pour information", ["told"]),
    "tous": ("tous", None),
}
"""What can be asked for, the word for it, and the states that it is."""
_CHANGED = (
    "Ce constat a changé depuis que vous avez ouvert cette page. Voyez ci-dessous où il en est, "
    "puis répondez de nouveau s'il le faut."
)


@dataclass(frozen=True)
class Line:
    """A finding on a page.

    Attributes:
        constat: with where it stands and what can be answered.
        item_key: None for information.
        version: how many events it has had.
        name: of the structure, where the register knows it.
        label: of the question; empty where it is about none.
        wanted: what an answer looks like, in French; empty likewise.
        proposed: the answers that the question proposes, if it does.
    """

    constat: Constat
    item_key: str | None
    version: int
    name: str
    label: str
    wanted: str
    proposed: tuple[str, ...]


@dataclass(frozen=True)
class Filter:
    """What the list is narrowed to; an empty text narrows nothing."""

    etat: str = "a-traiter"
    gravite: str = ""
    regle: str = ""
    structure: str = ""
    question: str = ""
    page: int = 1

    def parameters(self) -> dict[str, object]:
        """For `portal/shown_findings`."""
        states = _STATES.get(self.etat, _STATES["tous"])[1]
        return {
            "states": None if states is None else [str(state) for state in states],
            "severity": self.gravite or None,
            "rule": self.regle or None,
            "unit_id": self.structure or None,
            "question": self.question or None,
            "past": (self.page - 1) * _SHOWN,
        }

    def at(self, number: int) -> str:
        """The same list's page of that number, as the end of an address."""
        given = {**vars(self), "page": number}
        return urlencode({name: value for name, value in given.items() if value not in ("", 1)})


@dataclass(frozen=True)
class Typed:
    """What somebody has typed in the form.

    Attributes:
        version: of the item, as it was before the person's eyes.
        reponse: the kind of reply.
    """

    version: int = 0
    reponse: str = ""
    valeur: str = ""
    motif: str = ""

    def kind(self) -> ReplyKind:
        """Which reply it is.

        Raises:
            ReplyError: none, or two at once.
        """
        if self.reponse not in (ReplyKind.CORRECTED, ReplyKind.CONFIRMED):
            raise ReplyError("Choisissez « corriger » ou « confirmer ».")
        if self.reponse == ReplyKind.CONFIRMED and self.valeur.strip():
            raise ReplyError("« confirmer » et une nouvelle valeur : choisissez l'un ou l'autre.")
        return ReplyKind(self.reponse)


def typed_in(
    version: Annotated[int, Form()] = 0,
    reponse: Annotated[str, Form()] = "",
    valeur: Annotated[str, Form()] = "",
    motif: Annotated[str, Form()] = "",
) -> Typed:
    """A dependency: the form as it was sent."""
    return Typed(version, reponse, valeur, motif)


def filter_of(  # noqa: PLR0917 - one a field of the form
    etat: str = "a-traiter",
    gravite: str = "",
    regle: str = "",
    structure: str = "",
    question: str = "",
    page_number: Annotated[int, Query(alias="page", ge=1)] = 1,
) -> Filter:
    """A dependency: the filter that the address says."""
    return Filter(etat, gravite, regle, structure, question, min(page_number, _LAST_PAGE))


@router.get("", dependencies=[Depends(Requires(Act.TERRITORY))])
def listed(
    request: Request, dossier: Named, chosen: Annotated[Filter, Depends(filter_of)], fait: str = ""
) -> Response:
    """The findings that the filter lets through, a page of them."""
    key = vars(dossier.key)
    with as_account(request.state.session_value) as connection:
        rows = _rows(connection, dossier, **chosen.parameters(), most=_SHOWN)
        counts = fetch(connection, "portal/finding_counts", **key)
    total = rows[0]["total"] if rows else 0
    return page(
        request,
        "findings.html.j2",
        dossier=dossier,
        lines=[_line(dossier, row) for row in rows],
        chosen=chosen,
        states={name: word for name, (word, _) in _STATES.items()},
        severities=list(Severity),
        rules=[row for row in counts if row["rule"] is not None],
        units=[row for row in counts if row["unit_id"] is not None],
        questions=[row for row in counts if row["question"] is not None],
        total=total,
        pages=-(-total // _SHOWN),
        done=fait == "repondu",
    )


@router.get("/{item_key}", dependencies=[Depends(Requires(Act.TERRITORY))])
def one(
    request: Request,
    dossier: Named,
    item_key: str,
    chosen: Annotated[Filter, Depends(filter_of)],
) -> Response:
    """A finding, its life, and the form to answer it."""
    return _shown(request, dossier, item_key, chosen)


@router.post("/{item_key}", dependencies=[Depends(own_form)])
def reply(  # noqa: PLR0917 - FastAPI gives them by their names
    request: Request,
    account: Annotated[Account, Depends(Requires(Act.CHANGE))],
    dossier: Named,
    item_key: str,
    chosen: Annotated[Filter, Depends(filter_of)],
    typed: Annotated[Typed, Depends(typed_in)],
) -> Response:
    """Correct the answer or confirm it; what was typed is kept where it cannot be taken."""
    begin = acting(request.state.session_value)
    try:
        kind = typed.kind()
        reference = Reference(dossier.key, item_key, typed.version)
        answer(reference, kind, typed.valeur, typed.motif, account.name, begin)
    except ReplyError as error:
        return _shown(request, dossier, item_key, chosen, typed, str(error))
    end = "&".join(filter(None, (chosen.at(chosen.page), "fait=repondu")))
    return RedirectResponse(f"{dossier.address}/constats?{end}", 303)


def _shown(  # noqa: PLR0917 - the request, and what it has said
    request: Request,
    dossier: Dossier,
    item_key: str,
    chosen: Filter,
    typed: Typed | None = None,
    refused: str = "",
) -> Response:
    with as_account(request.state.session_value) as connection:
        rows = _rows(connection, dossier, item_key=item_key, most=1)
        life = fetch(connection, "query/history", item_key=item_key) if rows else []
    if not rows:
        raise HTTPException(404)
    line = _line(dossier, rows[0])
    if typed and typed.version != line.version:
        refused = _CHANGED
    return page(
        request,
        "finding.html.j2",
        422 if refused else 200,
        dossier=dossier,
        line=line,
        life=[{**event, "state": State(event["state"])} for event in life],
        chosen=chosen,
        refused=refused,
        typed=typed or Typed(),
        kinds=ReplyKind,
    )


def _rows(connection: Connection, dossier: Dossier, **given: object) -> list[Mapping[str, Any]]:
    nothing = dict.fromkeys(("item_key", "severity", "states", "rule", "unit_id", "question"))
    return fetch(
        connection, "portal/shown_findings", **{**nothing, "past": 0, **vars(dossier.key), **given}
    )


def _line(dossier: Dossier, row: Mapping[str, Any]) -> Line:
    declared = dossier.declared
    question = dossier.questions.get(row["question"] or "")
    codes = declared.codes_of(question.codes) if question else ()
    return Line(
        constat_of(
            dossier.key,
            row,
            dossier.questions,
            by_register=declared.identification is not None,
        ),
        row["item_key"],
        row["version"] or 0,
        row["name"] or "",
        question.label if question else "",
        wanted(question, codes) if question else "",
        tuple(code.label for code in codes),
    )
