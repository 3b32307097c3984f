"""The items of a run: its findings that ask something, each with what has been said of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from senacs.deliveries import TerritoryYear
from senacs.findings import Finding, Severity
from senacs.replies.application import Answer
from senacs.replies.checking import takes_confirmation
from senacs.replies.known import KnownError, covering
from senacs.replies.model import Item, Reply, ReplyKind, place_of, same_text

_SEVERAL = " / "
VAIN = "COR-05"


def items_of(
    key: TerritoryYear,
    findings: Sequence[Finding],
    replies: Iterable[Reply],
    known: Sequence[KnownError],
    delivered: Mapping[Answer, str | None],
) -> list[Item]:
    """One item a place; several rows of one unit at which a rule finds the same are one."""
    confirmations = {r.place.address(key): r for r in replies if r.kind is ReplyKind.CONFIRMED}
    grouped: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity is not Severity.INFO:
            grouped.setdefault(place_of(finding).address(key), []).append(finding)
    made = []
    for item_key, members in grouped.items():
        item = _item(item_key, members, delivered)
        exception = covering(members[0], known)
        confirmation = confirmations.get(item_key)
        made.append(
            replace(
                item,
                exception=exception.exception_id if exception else None,
                exception_said=exception.said if exception else None,
                confirmed_by=confirmation.reply_id(key)
                if confirmation and _holds(confirmation, item)
                else None,
            )
        )
    return made


def vain_confirmations(
    key: TerritoryYear, items: Iterable[Item], replies: Iterable[Reply]
) -> list[Finding]:
    """What is said of confirmations of answers that are kept out: they let nothing in."""
    confirmed = {r.place.address(key): r for r in replies if r.kind is ReplyKind.CONFIRMED}
    return [
        Finding(
            rule=VAIN,
            severity=Severity.INFO,
            message=f"La confirmation de {item.place.rule} par {confirmed[item.item_key].author} "
            "est sans effet : une réponse écartée se corrige, elle ne se confirme pas.",
            advice="Corrigez la réponse ; si elle est juste, dites-le à l'équipe nationale.",
            row=item.row,
            header=item.place.header,
            unit_id=item.place.unit_id,
            question=item.place.question,
            raw=item.raw,
        )
        for item in items
        if item.item_key in confirmed and not takes_confirmation(item.severity)
    ]


def _holds(confirmation: Reply, item: Item) -> bool:
    """Whether what was confirmed is still what is found. What is kept out cannot be confirmed."""
    return (
        takes_confirmation(item.severity)
        and same_text(confirmation.received, item.raw)
        and confirmation.about in (None, item.about)
    )


def _item(
    item_key: str, members: Sequence[Finding], delivered: Mapping[Answer, str | None]
) -> Item:
    first = members[0]
    raw = _together(f.raw for f in members)
    return Item(
        item_key=item_key,
        place=place_of(first),
        severity=first.severity,
        message=first.message,
        advice=first.advice,
        row=first.row,
        raw=raw,
        about=_together(f.about for f in members),
        delivered=delivered.get((first.unit_id or "", first.question or ""), raw),
    )


def _together(texts: Iterable[str | None]) -> str | None:
    return _SEVERAL.join(dict.fromkeys(t for t in texts if t and t.strip())) or None
