"""The static check of a collection: what its files say must fit together."""

from senacs.codebook.checks.breakdowns import breakdown_problems
from senacs.codebook.checks.campaigns import campaign_problems
from senacs.codebook.checks.headers import header_problems
from senacs.codebook.checks.identification import identification_problems
from senacs.codebook.checks.indicators import indicator_problems
from senacs.codebook.checks.lists import list_problems
from senacs.codebook.checks.pay import pay_problems
from senacs.codebook.checks.plausibility import plausibility_problems
from senacs.codebook.checks.questions import question_problems
from senacs.codebook.checks.respondents import respondent_problems
from senacs.codebook.checks.series import series_problems
from senacs.codebook.checks.sheets import sheet_problems
from senacs.codebook.model import Collection
from senacs.errors import CodebookError


def check(collection: Collection, register: Collection | None = None) -> None:
    """Refuse a collection that contradicts itself.

    Args:
        collection: as its files declare it.
        register: its register's collection, where something of it is declared by the register's
            variables; None else.

    Raises:
        CodebookError: with every contradiction found, one a line.
    """
    problems = [
        *list_problems(collection),
        *question_problems(collection),
        *sheet_problems(collection),
        *series_problems(collection),
        *plausibility_problems(collection),
        *header_problems(collection),
        *campaign_problems(collection),
        *identification_problems(collection),
        *breakdown_problems(collection, register),
        *indicator_problems(collection),
        *respondent_problems(collection),
        *pay_problems(collection),
    ]
    if problems:
        listed = "\n  ".join(problems)
        raise CodebookError(f"codebook of {collection.collection!r}:\n  {listed}")
