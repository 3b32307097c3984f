"""YAML files of replies and exceptions: read strictly, faults name file and entry."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from senacs.errors import ReplyError

Model = TypeVar("Model", bound=BaseModel)


def entries(path: Path, model: type[Model]) -> list[Model]:
    """The entries of a file that is a list; an absent file has none.

    Raises:
        ReplyError: it is no list, or an entry has a fault.
    """
    if not path.is_file():
        return []
    content = loaded(path)
    if not content:
        return []
    if not isinstance(content, list):
        raise ReplyError(f"{path} : une liste est attendue.")
    return [made(model, one, f"{path}, entrée {n}") for n, one in enumerate(content, start=1)]


def loaded(path: Path) -> Any:  # noqa: ANN401 - what YAML holds is checked by the models
    """What a YAML file holds, every value as the text that was written.

    YAML would make a number of `012`, and a yes of `on`: what a text is, its question says.

    Raises:
        ReplyError: it is no YAML, or not in UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes texts only
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        where = " ".join(str(error).split())
        raise ReplyError(f"{path} : ce n'est pas un fichier YAML lisible ({where}).") from error


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
