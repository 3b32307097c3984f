"""What is wrong in an export, and the replies to it."""

from typing import Annotated, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from portal.api.answering import YEAR, also, router
from portal.api.words import Line, Text, said
from portal.authorisation import Act, Requires
from portal.database import acting, as_account
from portal.dossiers import Named
from senacs.accounts import Account
from senacs.errors import ReplyError
from senacs.findings import Severity
from senacs.replies.model import ReplyKind
from senacs.replies.reference import Reference
from senacs.warehouse.statements import fetch
from tasks.returned import answer

findings = router()
_LATEST = 1_000_000


class Finding(BaseModel):
    """What a rule found."""

    model_config = said("Un constat : ce qu’une règle a trouvé dans l’export.")
    reference: str | None = Field(
        description="À citer pour répondre ; nulle si rien n’est demandé."
    )
    state: str = Field(
        description="open (à traiter), answered (répondu), accepted (accepté), reopened (à "
        "revoir), known (erreur connue), told (information)."
    )
    severity: Severity = Field(
        description="blocking : l’export est refusé ; error : la réponse est écartée ; query : "
        "elle est gardée et demandée ; info : pour information."
    )
    rule: str = Field(description="Code de la règle.")
    structure: str | None = Field(description="Structure, ou ligne, concernée.")
    structure_name: str | None = Field(description="Son nom au registre.")
    question: str | None = Field(description="Question concernée.")
    header: str | None = Field(description="Colonne, telle que livrée.")
    row: int | None = Field(description="Première ligne de l’export concernée.")
    received: str | None = Field(description="Ce qui a été lu.")
    message: str = Field(description="Ce qui est trouvé.")
    advice: str = Field(description="Ce qu’il faut faire.")
    reply: str | None = Field(description="corrected ou confirmed, si une réponse est en vigueur.")
    value: str | None = Field(description="La valeur corrigée.")
    replied_by: str | None = Field(description="Qui a répondu.")
    reason: str | None = Field(description="Pourquoi.")


class Findings(BaseModel):
    """A page of findings."""

    model_config = said("Une page de constats.")
    total: int = Field(description="Combien il y en a en tout avec ces filtres.")
    offset: int = Field(description="Combien sont passés avant cette page.")
    findings: list[Finding] = Field(description="Les constats de cette page.")


class NewReply(BaseModel):
    """A reply to a finding."""

    model_config = said("Une réponse à un constat : une correction, ou une confirmation motivée.")
    reference: Line = Field(description="La référence du constat, telle que lue.")
    kind: Literal["corrected", "confirmed"] = Field(
        description="corrected : donner la bonne valeur ; confirmed : ce qui est livré est juste."
    )
    value: Text = Field("", description="La bonne valeur, écrite comme dans l’export.")
    reason: Text = Field("", description="Pourquoi ; obligatoire pour confirmer.")


class Reply(BaseModel):
    """What became of a reply."""

    model_config = said("Ce qu’est devenue une réponse.")
    new: bool = Field(description="Faux si elle était déjà enregistrée.")
    then: str = Field(description="Ce qui suit.")


@findings.get(
    f"{YEAR}/findings",
    dependencies=[Depends(Requires(Act.TERRITORY))],
    summary="Les constats",
    description="Ce qui ne va pas dans le dernier export, du plus grave au moins grave. Pour la "
    "page suivante, demandez avec `offset` augmenté de `limit`, jusqu’à `total`.",
)
def shown(
    request: Request,
    dossier: Named,
    *,
    state: Annotated[
        list[Literal["open", "answered", "accepted", "reopened", "known", "told"]] | None,
        Query(description="Seulement ces états."),
    ] = None,
    severity: Annotated[Severity | None, Query(description="Seulement cette gravité.")] = None,
    rule: Annotated[Line | None, Query(description="Seulement cette règle.")] = None,
    structure: Annotated[Line | None, Query(description="Seulement cette structure.")] = None,
    question: Annotated[Line | None, Query(description="Seulement cette question.")] = None,
    limit: Annotated[int, Query(ge=1, le=500, description="Combien au plus.")] = 100,
    offset: Annotated[int, Query(ge=0, le=_LATEST, description="Combien en passer.")] = 0,
) -> Findings:
    """A page of findings."""
    key = dossier.key
    with as_account(request.state.session_value) as connection:
        rows = fetch(
            connection,
            "portal/shown_findings",
            **vars(key),
            item_key=None,
            severity=severity,
            states=state,
            rule=rule,
            unit_id=structure,
            question=question,
            most=limit,
            past=offset,
        )
    return Findings(
        total=rows[0]["total"] if rows else 0,
        offset=offset,
        findings=[
            Finding(
                reference=str(Reference(key, row["item_key"], row["version"]))
                if row["item_key"]
                else None,
                state=row["state"],
                severity=row["severity"],
                rule=row["rule"],
                structure=row["unit_id"],
                structure_name=row["name"],
                question=row["question"],
                header=row["header"],
                row=row["row_number"],
                received=row["raw"],
                message=row["message"],
                advice=row["advice"],
                reply=row["kind"],
                value=row["value"],
                replied_by=row["replied_by"],
                reason=row["replied_because"] or row["reason"],
            )
            for row in rows
        ],
    )


@findings.post(
    f"{YEAR}/replies",
    status_code=201,
    summary="Répondre à un constat",
    description="Corriger la valeur, ou confirmer avec un motif. La même réponse deux fois n’en "
    "est qu’une (200). Elle s’applique au traitement suivant : demandez une relance.",
    responses={200: {"model": Reply, "description": "Déjà enregistrée."}, **also(409)},
)
def reply(
    request: Request,
    response: Response,
    dossier: Named,
    account: Annotated[Account, Depends(Requires(Act.CHANGE))],
    given: NewReply,
) -> Reply:
    """Record a reply."""
    reference = Reference.parsed(given.reference)
    if reference is None or reference.key != dossier.key:
        raise ReplyError("Cette référence n’est pas celle d’un constat de ce territoire et de "
                         "cette année : relisez les constats.")  # fmt: skip
    new = answer(
        reference,
        ReplyKind(given.kind),
        given.value,
        given.reason,
        account.name,
        acting(request.state.session_value),
    )
    if not new:
        response.status_code = 200
    return Reply(new=new, then="S’applique au traitement suivant : demandez une relance.")
