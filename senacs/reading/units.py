"""Units as people write them, in a header (`Budget (k€)`, `Aide en k€`) or after a number."""

import re
from functools import lru_cache

from senacs.reading.folding import folded

_SPELLINGS = {
    "€": ("€", "euro", "euros", "eur", "en €", "ht", "ttc"),
    "k€": ("k€", "ke", "keuro", "keuros", "kilo euros", "kiloeuros", "milliers d euros",
           "millier d euros", "milliers €", "milliers d €", "milliers de €", "1000 €"),
    "M€": ("m€", "meuro", "meuros", "million d euros", "millions d euros", "millions €",
           "millions d €"),
    "%": ("%", "pourcentage", "pourcent", "pour cent", "pourcents"),
    "heures": ("h", "heure", "heures", "heures par an", "heures an"),
    "jours": ("j", "jour", "jours"),
    "ETP": ("etp", "etpt", "equivalent temps plein", "equivalents temps plein"),
    "personnes": ("personne", "personnes", "pers", "salarie", "salaries", "tete", "tetes"),
    "ans": ("an", "ans"),
    "mois": ("mois",),
    "m²": ("m2", "m²"),
}  # fmt: skip
_SHARES = frozenset({"%", "part", "share", "taux", "proportion"})
"""Units of a question in which a cell may say a percentage."""
_LONGEST = 500
_BRACKETED = re.compile(r"(.*\S)\s*[(\[]\s*(?:en\s+)?([^()\[\]]{1,40})[)\]]\s*\*?", re.IGNORECASE)
_IN_WORDS = re.compile(r"(.*\S)[\s,:–-]+en\s+(\S.{0,39})", re.IGNORECASE)


def _key(text: str) -> str:
    """As `folded`, but with the signs that are units."""
    held = text.replace("€", " zeuro ").replace("%", " zpourcent ").replace("²", "2")
    plain = folded(held)
    return re.sub(r"\s*zeuro\s*", "€", plain).replace("zpourcent", "%").strip()


_BY_KEY = {_key(s): unit for unit, spellings in _SPELLINGS.items() for s in spellings}


@lru_cache(maxsize=4096)
def unit_named(text: str) -> str:
    """The unit that this text is, in the codebook's writing; empty for none known.

    >>> [unit_named(text) for text in ("K€", "milliers d'euros", "Euros", "CDI")]
    ['k€', 'k€', '€', '']
    """
    return _BY_KEY.get(_key(text), "")


def parted(header: str) -> tuple[str, str]:
    """A header without its unit, and that unit; the whole header and nothing if it names none.

    >>> parted("Budget (k€)"), parted("Aide en milliers d'euros"), parted("Salariés en CDI")
    (('Budget', 'k€'), ('Aide', 'k€'), ('Salariés en CDI', ''))
    """
    return _parted(header) if len(header) <= _LONGEST else (header, "")


@lru_cache(maxsize=8192)
def _parted(header: str) -> tuple[str, str]:
    for pattern in (_BRACKETED, _IN_WORDS):
        if (match := pattern.fullmatch(header.strip())) and (unit := unit_named(match[2])):
            return match[1].rstrip(" ,:–-"), unit
    return header, ""


def is_share(unit: str) -> bool:
    """Whether a question of this unit is answered by a percentage."""
    return folded(unit) in _SHARES or unit in _SHARES
