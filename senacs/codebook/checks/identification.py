"""What identifies a record is asked, and there is a register to look it up in."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import unknown
from senacs.codebook.model import Collection


def identification_problems(collection: Collection) -> Iterator[str]:
    """Contradictions between `identification` and the rest of the collection."""
    declared = collection.identification
    if declared is None:
        return
    if not collection.register_collection:
        yield "identification: the collection names no register"
    named = (declared.name, declared.siret, declared.commune)
    yield from unknown(
        "identification", "question", named, (q.question for q in collection.questions)
    )
    if declared.shown > declared.accepted:
        yield "identification: `shown` is above `accepted`"
