"""A territory's data year at a glance, its files, and who did what."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse

from portal.authorisation import Act, Requires
from portal.database import as_account
from portal.dossiers import ADDRESS, Dossier, Named
from portal.rendering import page
from senacs.findings import Severity
from senacs.warehouse.statements import fetch
from tasks.report import place_of
from tasks.requests import RequestState, requests_of
from tasks.uploads import uploads_of

router = APIRouter(prefix=ADDRESS)
_RUNS_SHOWN = 5
_HISTORY_SHOWN = 50


@router.get("", dependencies=[Depends(Requires(Act.TERRITORY))])
def overview(request: Request, dossier: Named) -> Response:
    """What came in, what is in place, what is wrong, what is under way."""
    key = vars(dossier.key)
    with as_account(request.state.session_value) as connection:
        runs = fetch(connection, "portal/runs", **key, most=_RUNS_SHOWN)
        counts = fetch(connection, "portal/finding_counts", **key)
        uploads = uploads_of(connection, dossier.key)
        asked = requests_of(connection, dossier.key)
    return page(
        request,
        "dossier.html.j2",
        dossier=dossier,
        runs=runs,
        counted=counted(counts),
        in_place=next((one for one in uploads if one.in_place), None),
        under_way=[one for one in asked if one.state is RequestState.OPEN],
        files=[
            (kind, title) for kind, (_, _, title) in FILES.items() if _path(dossier, kind).is_file()
        ],
    )


@router.get("/historique", dependencies=[Depends(Requires(Act.TERRITORY))])
def history(
    request: Request, dossier: Named, page_number: Annotated[int, Query(alias="page", ge=1)] = 1
) -> Response:
    """Who did what about it."""
    page_number = min(page_number, _LAST_PAGE)
    with as_account(request.state.session_value) as connection:
        lines = fetch(
            connection,
            "portal/history",
            **vars(dossier.key),
            most=_HISTORY_SHOWN,
            past=(page_number - 1) * _HISTORY_SHOWN,
        )
    total = lines[0]["total"] if lines else 0
    return page(
        request,
        "history.html.j2",
        dossier=dossier,
        lines=lines,
        number=page_number,
        pages=-(-total // _HISTORY_SHOWN),
    )


_LAST_PAGE = 100_000
FILES = {
    "rapport": (".html", "text/html; charset=utf-8", "Compte rendu de réception"),
    "classeur": (
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Classeur annoté, à remplir",
    ),
    "constats": ("-constats.csv", "text/csv; charset=utf-8", "Tous les constats, en tableau (CSV)"),
}
"""What a run writes for the correspondent: end of its name, type, and what it is in French."""


@router.get("/fichiers/{kind}", dependencies=[Depends(Requires(Act.TERRITORY))])
def file(dossier: Named, kind: str) -> Response:
    """One of the files that the last run wrote, to be kept: never shown as a page of ours."""
    if kind not in FILES or not (path := _path(dossier, kind)).is_file():
        raise HTTPException(404)
    key = dossier.key
    ending, media_type, _ = FILES[kind]
    return FileResponse(
        path,
        media_type=media_type,
        filename=f"{key.collection}-{key.territory}-{key.data_year}{ending}",
        content_disposition_type="attachment",
    )


def _path(dossier: Dossier, kind: str) -> Path:
    """Of the key as PostgreSQL has it, not as the address says."""
    report = place_of(dossier.key)
    return report.with_name(f"{dossier.key.data_year}{FILES[kind][0]}")


def counted(counts: list[Mapping[str, Any]]) -> dict[Severity, dict[str, int]]:
    """How many findings of each severity are in which state."""
    made: dict[Severity, dict[str, int]] = {severity: {} for severity in Severity}
    for row in counts:
        if row["severity"] is not None:
            made[Severity(row["severity"])][row["state"]] = row["findings"]
    return made
