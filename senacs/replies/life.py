"""The life of items: what a run changes in it. Pure; who writes it down is `tasks.replies`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from senacs.replies.application import Answer
from senacs.replies.model import ANSWERED, ASKED, Item, Reply, ReplyKind, State

MACHINE = "senacs"
"""Who changes an item where no person does."""


@dataclass(frozen=True)
class Standing:
    """Where an item stood before the run: a row of `query.state`."""

    item_key: str
    state: State
    kind: ReplyKind | None
    reply_id: str | None
    unit_id: str | None
    question: str | None
    exception: str | None


@dataclass(frozen=True)
class Step:
    """One change in the life of an item."""

    item_key: str
    state: State
    reason: str
    author: str = MACHINE
    kind: ReplyKind | None = None
    reply_id: str | None = None
    raw: str | None = None


@dataclass(frozen=True)
class Seen:
    """What a run knew of replies.

    Attributes:
        replies: those in force when it began, by their identity.
        applied: identity of the correction that each changed answer has.
    """

    replies: Mapping[str, Reply]
    applied: Mapping[Answer, str]


def steps(
    before: Mapping[str, Standing], found: Iterable[Item], seen: Seen, *, complete: bool
) -> list[Step]:
    """What a run changes.

    A run that refuses its export (`complete` is false) has not looked for everything: it opens
    items and closes none. A reply that came in while it ran is left to the next run.
    """
    made: list[Step] = []
    present = set()
    for item in found:
        present.add(item.item_key)
        made += _found(before.get(item.item_key), item, seen)
    if complete:
        for key, standing in before.items():
            if key not in present:
                made += _gone(standing, seen)
    return made


def _found(standing: Standing | None, item: Item, seen: Seen) -> list[Step]:
    key, raw = item.item_key, item.raw
    made = []
    state = standing.state if standing else State.OPEN
    if standing is None:
        made.append(Step(key, State.OPEN, "constaté", raw=raw))
    if item.exception and not _spent(standing, item.exception):
        if state is not State.KNOWN:
            made.append(Step(key, State.KNOWN, item.exception_said or "déclarée", raw=raw))
        return made
    if item.confirmed_by:
        if state not in ANSWERED:
            made.append(_confirmed(key, raw, item.confirmed_by, seen))
        return made
    if state in ASKED or (standing and _came_meanwhile(standing, seen)):
        return made
    return [*made, Step(key, State.REOPENED, _why_again(standing, seen), raw=raw)]


def _confirmed(key: str, raw: str | None, reply_id: str, seen: Seen) -> Step:
    reply = seen.replies[reply_id]
    return Step(key, State.ANSWERED, reply.reason, reply.author, ReplyKind.CONFIRMED, reply_id, raw)


def _spent(standing: Standing | None, exception: str) -> bool:
    """Whether the known error had disappeared: it is then an error like any other."""
    return (
        standing is not None
        and standing.exception == exception
        and standing.state is not State.KNOWN
    )


def _came_meanwhile(standing: Standing, seen: Seen) -> bool:
    return standing.state in ANSWERED and standing.reply_id not in seen.replies


def _why_again(standing: Standing | None, seen: Seen) -> str:
    if standing is None or standing.state is State.RESOLVED:
        return "constaté de nouveau"
    if standing.state is State.KNOWN:
        return "l'exception ne vaut plus"
    if standing.kind is ReplyKind.CONFIRMED:
        return "la valeur a changé depuis qu'elle a été confirmée"
    if standing.reply_id in seen.applied.values():
        return "la valeur corrigée est encore signalée"
    return "la source livre autre chose que ce qui avait été corrigé"


def _gone(standing: Standing, seen: Seen) -> list[Step]:
    key = standing.item_key
    applied = standing.reply_id is not None and standing.reply_id in seen.applied.values()
    if standing.state is State.RESOLVED or _came_meanwhile(standing, seen):
        return []
    if standing.kind is ReplyKind.CORRECTED and standing.state in ANSWERED and applied:
        if standing.state is State.ACCEPTED:
            return []
        return [
            Step(
                key,
                State.ACCEPTED,
                "la correction est appliquée, plus rien n'est signalé",
                kind=ReplyKind.CORRECTED,
                reply_id=standing.reply_id,
            )
        ]
    by_correction = seen.applied.get((standing.unit_id or "", standing.question or ""))
    reason = "résolu par une correction" if by_correction else "l'export ne le montre plus"
    return [Step(key, State.RESOLVED, reason)]
