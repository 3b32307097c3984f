"""Personal contact data is in no output: what looks like it is masked before it is shown."""

import re

# Bounded as mail is: a long text without an @ would otherwise be searched again at each character.
_MAIL = re.compile(r"[^\s;,<>\"'|@]{1,64}@[^\s;,<>\"'|@]{1,255}")
_PHONE = re.compile(r"(?<![\d,.])(?:\+33|0033|0)\W?[1-9](?:[ .\-\u00a0\u202f]?\d\d){4}(?![\d,])")


def masked(text: str) -> str:
    """The text without e-mail addresses and French telephone numbers."""
    return _PHONE.sub("[téléphone masqué]", _MAIL.sub("[adresse masquée]", text))
