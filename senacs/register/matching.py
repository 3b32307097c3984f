"""Which structure of the register each record of an export is about.

By the identifier as delivered; else by the same identifier written otherwise; else by name, SIRET
and commune together, if one structure is like enough and no other nearly so. Whatever is left in
doubt is left to a person: a wrong match is worse than none. The order of records and of structures
changes nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np
from rapidfuzz import fuzz, process

from senacs.codebook.identification import Identification
from senacs.reading.folding import folded

_PARTS = re.compile(r"[a-z]+|[0-9]+")
_SIREN = 9
_AT_ONCE = 500
"""Records whose names are compared at once with those of all structures: bounds the memory."""
_NAMED = 3
"""Candidates that a person is shown."""
_SAME_COMMUNE = 95.0
"""Likeness of two names of communes that are one: `Marseille 3e` is in `Marseille`."""


class How(StrEnum):
    """How a record was brought to a structure, or why it was not."""

    EXACT = "exact"
    DOUBTFUL = "doubtful"
    """By the exact identifier, of a structure that is otherwise quite unlike."""
    CORRECTED = "corrected"
    """By a person."""
    FOLDED = "folded"
    """By its identifier, but for case, spaces, signs and leading zeros."""
    SCORED = "scored"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Structure:
    """A structure of the register, in the territory."""

    structure_id: str
    name: str = ""
    siret: str = ""
    communes: tuple[str, ...] = ()
    """Its commune's Insee code and names."""


@dataclass(frozen=True)
class Claim:
    """Who a unit of an export says it is.

    Attributes:
        unit_id: its identifier as delivered; where it gives none, what stands for it.
        has_id: whether it gives one.
    """

    unit_id: str
    has_id: bool = True
    name: str = ""
    siret: str = ""
    commune: str = ""


@dataclass(frozen=True, order=True)
class Candidate:
    """A structure that a record may be about, and how like they are, up to 100."""

    score: float
    structure: Structure
    likeness: float
    """Of their names alone."""


@dataclass(frozen=True)
class Match:
    """What was decided of a claim.

    Attributes:
        structure_id: the structure it is about; None if that is not known.
        score: likeness of the record and that structure, up to 100; None if nothing compares.
        candidates: who it may be about, the likest first, where it is ambiguous.
    """

    how: How
    structure_id: str | None = None
    score: float | None = None
    candidates: tuple[Candidate, ...] = ()


@lru_cache(maxsize=20_000)
def same_id(text: str) -> str:
    """What two writings of one identifier have in common.

    >>> same_id(" 2A - 0012 ") == same_id("2a_12") != same_id("2A-0102")
    True
    """
    parts = _PARTS.findall(folded(text))
    return "-".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def matches(
    claims: Iterable[Claim],
    structures: Iterable[Structure],
    declared: Identification,
    corrections: Mapping[str, str],
) -> dict[str, Match]:
    """What each claim was decided to be about, by its unit.

    Args:
        claims: one a unit.
        structures: those of the territory, one an identifier.
        declared: how likenesses are weighed.
        corrections: by unit, the identifier that a person gave in place of the delivered one.
    """
    by_id = {s.structure_id: s for s in structures}
    found: dict[str, Match] = {}
    open_claims = []
    for claim in claims:
        given = corrections.get(claim.unit_id)
        if given is not None:
            found[claim.unit_id] = Match(How.CORRECTED, given)
        elif claim.has_id and claim.unit_id in by_id:
            score = _own_score(claim, by_id[claim.unit_id], declared)
            unlike = score is not None and score < declared.doubtful
            how = How.DOUBTFUL if unlike else How.EXACT
            found[claim.unit_id] = Match(how, claim.unit_id, score)
        else:
            open_claims.append(claim)
    taken = {m.structure_id for m in found.values() if m.structure_id}
    by_writing = _by_writing(by_id.values())
    written = _written_otherwise(open_claims, by_writing, taken, declared)
    taken |= {m.structure_id for m in written.values() if m.structure_id}
    found |= written
    rest = [claim for claim in open_claims if claim.unit_id not in found]
    return found | _by_likeness(rest, by_id, by_writing, taken, declared)


def _by_writing(structures: Iterable[Structure]) -> dict[str, list[Structure]]:
    grouped: dict[str, list[Structure]] = defaultdict(list)
    for structure in structures:
        grouped[same_id(structure.structure_id)].append(structure)
    return grouped


def _written_otherwise(
    claims: Sequence[Claim],
    by_writing: Mapping[str, Sequence[Structure]],
    taken: set[str],
    declared: Identification,
) -> dict[str, Match]:
    """The claims whose identifier is that of one structure, which nobody else claims."""
    claimed: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.has_id:
            claimed[same_id(claim.unit_id)].append(claim)
    found = {}
    for writing, own in claimed.items():
        meant = by_writing.get(writing, ())
        if len(own) == len(meant) == 1 and meant[0].structure_id not in taken:
            score = _own_score(own[0], meant[0], declared)
            found[own[0].unit_id] = Match(How.FOLDED, meant[0].structure_id, score)
    return found


def _by_likeness(
    claims: Sequence[Claim],
    by_id: Mapping[str, Structure],
    by_writing: Mapping[str, Sequence[Structure]],
    taken: set[str],
    declared: Identification,
) -> dict[str, Match]:
    candidates = dict(_candidates(claims, list(by_id.values()), declared))
    best = {unit: own[0] for unit, own in candidates.items() if _stands_out(own, declared)}
    wanted: dict[str, int] = defaultdict(int)
    for candidate in best.values():
        wanted[candidate.structure.structure_id] += 1
    found = {}
    for claim in claims:
        own = candidates.get(claim.unit_id, [])
        top = best.get(claim.unit_id)
        name = top.structure.structure_id if top else ""
        if top and name not in taken and wanted[name] == 1:
            found[claim.unit_id] = Match(How.SCORED, name, top.score)
            continue
        near = [c for c in own if c.score >= declared.shown]
        meant = by_writing.get(same_id(claim.unit_id), ()) if claim.has_id else ()
        near += [
            Candidate(_own_score(claim, s, declared) or 0.0, s, 0.0)
            for s in meant
            if s not in {c.structure for c in near}
        ]
        how = How.AMBIGUOUS if near else How.UNKNOWN
        found[claim.unit_id] = Match(how, candidates=tuple(sorted(near, key=_rank)[:_NAMED]))
    return found


def _stands_out(own: Sequence[Candidate], declared: Identification) -> bool:
    """Whether the first candidate is like enough, and no other nearly so."""
    if not own or own[0].score < declared.accepted or own[0].likeness < declared.least_name:
        return False
    return len(own) == 1 or own[0].score - own[1].score >= declared.margin


def _candidates(
    claims: Sequence[Claim], structures: Sequence[Structure], declared: Identification
) -> Iterator[tuple[str, list[Candidate]]]:
    """For each claim with a name, the structures that are likest to it, the likest first."""
    named = [claim for claim in claims if _bare(claim.name, declared.generic)]
    known = [_bare(s.name, declared.generic) for s in structures]
    for start in range(0, len(named) if structures else 0, _AT_ONCE):
        some = named[start : start + _AT_ONCE]
        likeness = process.cdist(
            [_bare(claim.name, declared.generic) for claim in some],
            known,
            scorer=fuzz.token_sort_ratio,
        )
        for claim, row in zip(some, likeness, strict=True):
            # What the rest can add at most is not enough for names that have little in common.
            able = np.flatnonzero(row >= declared.least_name / 2).tolist()
            own = [
                Candidate(score, structures[i], float(row[i]))
                for i in able
                if (score := _score(claim, structures[i], float(row[i]), declared)) is not None
            ]
            yield claim.unit_id, sorted(own, key=_rank)


def _rank(candidate: Candidate) -> tuple[float, str]:
    return -candidate.score, candidate.structure.structure_id


def _own_score(claim: Claim, structure: Structure, declared: Identification) -> float | None:
    one, other = (_bare(text, declared.generic) for text in (claim.name, structure.name))
    likeness = fuzz.token_sort_ratio(one, other) if one and other else None
    return _score(claim, structure, likeness, declared)


def _score(
    claim: Claim, structure: Structure, likeness: float | None, declared: Identification
) -> float | None:
    """The weighed mean of what both sides say; None where that is less than two things.

    A name alone, or a manager's SIRET alone, says too little.
    """
    weights = declared.weights
    parts = [
        (weights.name, likeness),
        (weights.siret, _same_siret(claim.siret, structure.siret, declared.siren)),
        (weights.commune, _same_commune(claim.commune, structure.communes)),
    ]
    said = [(weight, part) for weight, part in parts if part is not None and weight]
    if len(said) < 2:  # noqa: PLR2004
        return None
    return round(sum(w * part for w, part in said) / sum(w for w, _ in said), 1)


def _same_siret(one: str, other: str, siren: float) -> float | None:
    if not one or not other:
        return None
    if one == other:
        return 100.0
    return siren if one[:_SIREN] == other[:_SIREN] else 0.0


def _same_commune(said: str, known: Sequence[str]) -> float | None:
    if not said or not known:
        return None
    like = max(fuzz.token_set_ratio(_place(said), _place(name)) for name in known)
    return 100.0 if like >= _SAME_COMMUNE else 0.0


@lru_cache(maxsize=20_000)
def _place(name: str) -> str:
    words = {"st": "saint", "ste": "sainte"}
    return " ".join(words.get(word, word) for word in folded(name).split())


@lru_cache(maxsize=20_000)
def _bare(name: str, generic: tuple[str, ...]) -> str:
    """The words of a name that tell it from others; all of them if it has no others."""
    words = folded(name).split()
    own = [word for word in words if word not in generic]
    return " ".join(own or words)
