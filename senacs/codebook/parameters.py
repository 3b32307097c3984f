"""Types of flow parameters that a form can offer as choices, taken from the codebook."""

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from senacs.codebook.loading import collection_names, load_collection
from senacs.errors import CodebookError
from senacs.settings import settings


def _collections() -> tuple[str, ...]:
    return collection_names(settings().codebook)


def _territories() -> list[str]:
    return sorted(
        {
            territory.code
            for name in _collections()
            for campaign in load_collection(settings().codebook, name).campaigns
            for territory in campaign.territories
        }
    )


def _known(name: str) -> str:
    if name not in _collections():
        raise ValueError(f"no collection {name!r}; declared: {', '.join(_collections())}")
    return name


def _choices() -> tuple[list[str], list[str]]:
    """What the form offers; nothing where the codebook cannot be read (the run will say why)."""
    try:
        return list(_collections()), _territories()
    except CodebookError:
        return [], []


_NAMES, _CODES = _choices()

CollectionName = Annotated[
    str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": _NAMES})
]
TerritoryCode = Annotated[str, WithJsonSchema({"type": "string", "enum": _CODES})]
DataYear = Annotated[int, Field(ge=2000, le=2100)]
