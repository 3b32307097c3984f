"""Rules that bring their own examples: each passes on the good one and fails on the bad one."""

import re

import pytest

from expectations.catalogue import rules_for
from expectations.examples import rows_of
from expectations.failures import failures
from expectations.rule import Rule
from expectations.wording import sentences
from senacs.codebook import collection_names, load_collection
from tests.support.exports import CODEBOOK

WITH_EXAMPLES: dict[str, tuple[str, Rule]] = {
    rule.rule: (collection, rule)
    for collection in sorted(collection_names(CODEBOOK))
    for rule in rules_for(collection)
    if rule.examples
}


def found(code: str, which: str) -> list[str]:
    """The sentences that a rule says of its own example."""
    collection, rule = WITH_EXAMPLES[code]
    rows = rows_of(rule, getattr(rule.examples, which))
    failing = failures([(rows, rule)], load_collection(CODEBOOK, collection))
    return [sentence for rule, rows in failing for sentence in sentences(rule, rows)]


@pytest.mark.parametrize("code", WITH_EXAMPLES)
def test_it_passes_on_its_good_example(code):
    assert found(code, "good") == []


@pytest.mark.parametrize("code", WITH_EXAMPLES)
def test_it_fails_on_its_bad_example_and_says_so(code):
    said = found(code, "bad")
    assert said
    assert not any(re.search(r"[{}]|None|\(vide\)", sentence) for sentence in said)
