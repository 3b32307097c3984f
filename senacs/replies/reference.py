"""The reference of an item in a spreadsheet: which item of which territory, in which version."""

import re
from dataclasses import dataclass

from senacs.deliveries import TerritoryYear
from senacs.fingerprint import hash_of

_FORM = re.compile(r"([a-z0-9_]+)/([^/\s]+)/(\d{4})/([0-9a-f]{16})/(\d+)/([0-9a-f]{8})")


@dataclass(frozen=True)
class Reference:
    """What a line of the sheet of findings is about.

    Attributes:
        key: whose it is.
        item_key: the item.
        version: how many events it had had when the sheet was made.
    """

    key: TerritoryYear
    item_key: str
    version: int

    def __str__(self) -> str:
        return f"{self._said()}/{self._check()}"

    def _said(self) -> str:
        key = self.key
        return f"{key.collection}/{key.territory}/{key.data_year}/{self.item_key}/{self.version}"

    def _check(self) -> str:
        return hash_of("senacs reference", self._said())[:8]

    @classmethod
    def parsed(cls, text: str) -> "Reference | None":
        """The reference that a text is; None if it is none, or has been changed."""
        parts = _FORM.fullmatch(text.strip())
        if parts is None:
            return None
        collection, territory, year, item_key, version, check = parts.groups()
        made = cls(TerritoryYear(collection, territory, int(year)), item_key, int(version))
        return made if made._check() == check else None
