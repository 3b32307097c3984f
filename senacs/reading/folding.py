"""How two spellings of one word are found to be the same."""

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^0-9a-z]+")


def folded(text: str) -> str:
    """The text without case, accents, punctuation or repeated spaces.

    >>> folded("  Nombre d’Équivalents-temps PLEIN ")
    'nombre d equivalents temps plein'
    """
    return _kept(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    bare = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("’", " ")
    plain = unicodedata.normalize("NFKD", bare)
    return _NOT_WORD.sub(" ", plain.encode("ascii", "ignore").decode()).strip()


_SHORT = 120
_kept = lru_cache(maxsize=50_000)(_folded)
"""Titles and answers come back in every file of a campaign; long texts do not."""


def spaceless(text: str) -> str:
    """The text without any white space, narrow and no-break ones included."""
    return "".join(text.split())
