"""Which question an unknown header may stand for: a proposal with its score, never taken alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from senacs.codebook import Question
from senacs.reading.folding import folded

_LEAST = 75.0


@dataclass(frozen=True)
class Suggestion:
    """A question whose title is like the header, and how like, up to 100."""

    question: Question
    score: int


def suggested(header: str, questions: Sequence[Question]) -> Suggestion | None:
    """The likest of these questions by title or label; None if none is like enough."""
    wanted = folded(header)
    if not wanted:
        return None
    texts = [folded(text) for q in questions for text in (q.header, q.label)]
    found = process.extractOne(wanted, texts, scorer=_likeness, score_cutoff=_LEAST)
    if found is None:
        return None
    return Suggestion(questions[found[2] // 2], int(found[1]))


def _likeness(one: str, other: str, *, score_cutoff: float | None = None) -> float:
    """Words in another order are as like; a word more costs less than other letters."""
    best = max(
        fuzz.ratio(one, other),
        fuzz.token_sort_ratio(one, other),
        0.95 * fuzz.token_set_ratio(one, other),
    )
    return best if score_cutoff is None or best >= score_cutoff else 0.0
