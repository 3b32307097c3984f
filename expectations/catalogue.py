"""The rules: data in `rules/*.yml`, read and checked here; and what families are made of."""

import hashlib
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from expectations.rule import Rule
from senacs.errors import RuleError

RULES_FOLDER = Path(__file__).parent / "rules"
COMMON = "common"

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def rules_for(collection: str) -> tuple[Rule, ...]:
    """The common rules and the collection's own, in the order of their files.

    Raises:
        RuleError: a file has an unknown field, or a code is used twice.
    """
    names = dict.fromkeys((COMMON, collection))
    rules = [rule for name in names for rule in _read(RULES_FOLDER / f"{name}.yml")]
    codes = [rule.rule for rule in rules]
    if repeated := {code for code in codes if codes.count(code) > 1}:
        raise RuleError(f"rules of {collection!r}: codes used twice: {', '.join(sorted(repeated))}")
    return tuple(rules)


@cache
def rules_version(collection: str) -> str:
    """Twelve hex digits that change with any rule of the collection."""
    digest = hashlib.sha256()
    for rule in rules_for(collection):
        digest.update(rule.model_dump_json().encode())
    return digest.hexdigest()[:12]


def said_better(collection: str) -> frozenset[str]:
    """The members of families in whose place a rule is written."""
    return frozenset(code for rule in rules_for(collection) for code in rule.instead_of)


def _read(path: Path) -> list[Rule]:
    if not path.is_file():
        return []
    rules: list[Rule] = []
    entries = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - safe
    for number, entry in enumerate(entries, start=1):
        try:
            rules.append(Rule.model_validate(entry))
        except ValidationError as error:
            raise RuleError(f"{path}, rule {number}: {error}") from error
    return rules
