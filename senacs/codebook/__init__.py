"""The codebook: what each declared collection asks, how it is spelt, and what is made of it."""

from senacs.codebook.loading import (
    collection_names,
    declared_between,
    in_order,
    load_collection,
)
from senacs.codebook.model import (
    Campaign,
    Collection,
    Indicator,
    Sheet,
    Statistic,
    Territory,
)
from senacs.codebook.questionnaire import (
    CodeItem,
    Comparability,
    Kind,
    Question,
    Role,
    Variable,
)
from senacs.codebook.sources import Source

__all__ = [
    "Campaign",
    "CodeItem",
    "Collection",
    "Comparability",
    "Indicator",
    "Kind",
    "Question",
    "Role",
    "Sheet",
    "Source",
    "Statistic",
    "Territory",
    "Variable",
    "collection_names",
    "declared_between",
    "in_order",
    "load_collection",
]
