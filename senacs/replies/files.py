"""YAML files of replies and exceptions: read strictly, faults name file and entry."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from senacs.errors import ReplyError

MOST_BYTES = 5_000_000
"""Thousands of replies; beyond, a file holds something else."""

Model = TypeVar("Model", bound=BaseModel)


def entries(path: Path, model: type[Model]) -> list[Model]:
    """The entries of a file that is a list; an absent file has none.

    Raises:
        ReplyError: it is no list, or an entry has a fault.
    """
    if not path.is_file():
        return []
    content = loaded(path.read_bytes(), str(path))
    if not content:
        return []
    if not isinstance(content, list):
        raise ReplyError(f"{path} : une liste est attendue.")
    return [made(model, one, f"{path}, entrée {n}") for n, one in enumerate(content, start=1)]


def loaded(data: bytes, where: str) -> Any:  # noqa: ANN401 - what YAML holds is checked by the models
    """What a YAML file holds, every value as the text that was written.

    YAML would make a number of `012`, and a yes of `on`: what a text is, its question says.

    Raises:
        ReplyError: it is no YAML, not in UTF-8, or larger than any file of replies.
    """
    if len(data) > MOST_BYTES:
        raise ReplyError(f"{where} dépasse {MOST_BYTES // 1_000_000} Mo : ce n'en est pas un.")
    try:
        return yaml.load(data.decode("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        why = " ".join(str(error).split())
        raise ReplyError(f"{where} : ce n'est pas un fichier YAML lisible ({why}).") from error


def made(model: type[Model], fields: object, where: str) -> Model:
    """The model of an entry.

    Raises:
        ReplyError: all its faults in one sentence.
    """
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        said = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'entrée'} : {problem['msg']}"
            for problem in error.errors()
        )
        raise ReplyError(f"{where} : {said}") from error
