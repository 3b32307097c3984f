"""What is somebody's wage: it names variables that exist."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import unknown
from senacs.codebook.model import Collection


def pay_problems(collection: Collection) -> Iterator[str]:
    """Variables of `pay` that are not declared."""
    named = [*collection.pay, *collection.pay.values()]
    yield from unknown("collection.yml, pay", "variable", named, collection.variable_by_name)
