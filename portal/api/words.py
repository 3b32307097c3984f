"""What the models of the interface share: French descriptions and texts with an end."""

from typing import Annotated

from pydantic import ConfigDict, StringConstraints

Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""One line of text: PostgreSQL takes no NUL, and nobody reads a page of it."""
Text = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
"""Text of several lines."""


def said(description: str) -> ConfigDict:
    """A model that says in French what it is, and takes nothing that it does not know."""
    return ConfigDict(extra="forbid", json_schema_extra={"description": description})
