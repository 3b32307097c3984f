"""The kinds of notices and who is told of each: data, in `notices/kinds.yml`."""

from enum import StrEnum
from functools import cache

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from senacs.codebook.declared import Declared
from senacs.errors import ConfigurationError
from senacs.settings import PROJECT_ROOT

FILE = PROJECT_ROOT / "notices" / "kinds.yml"


class Audience(StrEnum):
    """Whom a notice concerns."""

    TERRITORY = "territory"
    NATIONAL = "national"
    ENGINEERS = "engineers"


class NoticeKind(Declared):
    """A kind of notice.

    Attributes:
        label: what it is, in French; stands before the subject of a mail.
        audiences: who is told.
        after_days: how long what it tells of has to last; 0: at once.
    """

    label: str = Field(min_length=1)
    audiences: tuple[Audience, ...] = Field(min_length=1)
    after_days: int = Field(default=0, ge=0)


@cache
def notice_kinds() -> dict[str, NoticeKind]:
    """Every declared kind by its name.

    Raises:
        ConfigurationError: the file cannot be read.
    """
    try:
        content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
        return TypeAdapter(dict[str, NoticeKind]).validate_python(content)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise ConfigurationError(f"{FILE} cannot be read: {' '.join(str(error).split())}") from None


def notice_kind(name: str) -> NoticeKind:
    """The kind of that name.

    Raises:
        ConfigurationError: it is not declared.
    """
    if name not in notice_kinds():
        raise ConfigurationError(f"no notice is of the kind {name!r}: declare it in {FILE}")
    return notice_kinds()[name]
