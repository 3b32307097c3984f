"""How two spellings of one word are found to be the same."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[^0-9a-z]+")


def folded(text: str) -> str:
    """The text without case, accents, punctuation or repeated spaces.

    >>> folded("  Nombre d’Équivalents-temps PLEIN ")
    'nombre d equivalents temps plein'
    """
    bare = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("’", " ")
    plain = unicodedata.normalize("NFKD", bare)
    return _NOT_WORD.sub(" ", plain.encode("ascii", "ignore").decode()).strip()


def spaceless(text: str) -> str:
    """The text without any white space, narrow and no-break ones included."""
    return "".join(text.split())
