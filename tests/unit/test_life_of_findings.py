"""The life of items: every state × what a run finds, and what it knew of replies."""

from dataclasses import replace

import pytest

from senacs.deliveries import TerritoryYear
from senacs.findings import Severity
from senacs.replies.life import MACHINE, Seen, Standing, steps
from senacs.replies.model import Item, Place, Reply, ReplyKind, State, same_text
from senacs.replies.reference import Reference

KEY = TerritoryYear("senacs", "92", 2012)
PLACE = Place("FIN-01", "92-001", "budget_total")
ITEM = Item("k", PLACE, Severity.QUERY, "Message.", "Conseil.", row=3, raw="800", delivered="800")
CONFIRMATION = Reply(ReplyKind.CONFIRMED, PLACE, "800", None, "vu", "Mme A", "1")
CORRECTION = Reply(ReplyKind.CORRECTED, PLACE.answer, "800", "900", "", "Mme A", "1")
NOTHING = Seen({}, {})
CONFIRMED = Seen({"c": CONFIRMATION}, {})
CORRECTED = Seen({"x": CORRECTION}, {("92-001", "budget_total"): "x"})
EXPIRED = Seen({"x": CORRECTION}, {})


def stood(state: State, kind=None, reply_id=None, exception=None) -> dict[str, Standing]:
    return {"k": Standing("k", state, kind, reply_id, "92-001", "budget_total", exception)}


def states(before, found, seen=NOTHING, *, complete=True) -> list[str]:
    return [str(step.state) for step in steps(before, found, seen, complete=complete)]


def test_what_is_found_first_is_open():
    (step,) = steps({}, [ITEM], NOTHING, complete=True)
    assert (step.state, step.author, step.raw) == (State.OPEN, MACHINE, "800")


def test_what_was_confirmed_before_it_was_found_is_answered_at_once():
    opened, answered = steps({}, [replace(ITEM, confirmed_by="c")], CONFIRMED, complete=True)
    assert opened.state is State.OPEN
    assert (answered.state, answered.kind, answered.author, answered.reason) == (
        State.ANSWERED, ReplyKind.CONFIRMED, "Mme A", "vu")  # fmt: skip


CASES = {
    # state before, kind, reply, found, seen -> states after
    "open, found": (State.OPEN, None, None, True, NOTHING, []),
    "open, gone": (State.OPEN, None, None, False, NOTHING, ["resolved"]),
    "reopened, gone": (State.REOPENED, None, None, False, NOTHING, ["resolved"]),
    "resolved, found": (State.RESOLVED, None, None, True, NOTHING, ["reopened"]),
    "resolved, gone": (State.RESOLVED, None, None, False, NOTHING, []),
    "known, found without exception": (State.KNOWN, None, None, True, NOTHING, ["reopened"]),
    "known, gone": (State.KNOWN, None, None, False, NOTHING, ["resolved"]),
    "confirmed, holds": (State.ANSWERED, "confirmed", "c", "holds", CONFIRMED, []),
    "confirmed, changed": (State.ANSWERED, "confirmed", "c", True, CONFIRMED, ["reopened"]),
    "confirmed and accepted, changed": (
        State.ACCEPTED, "confirmed", "c", True, CONFIRMED, ["reopened"]),
    "confirmed and accepted, holds": (State.ACCEPTED, "confirmed", "c", "holds", CONFIRMED, []),
    "confirmed, gone": (State.ANSWERED, "confirmed", "c", False, CONFIRMED, ["resolved"]),
    "confirmed while it ran": (State.ANSWERED, "confirmed", "new", True, NOTHING, []),
    "confirmed while it ran, gone": (State.ANSWERED, "confirmed", "new", False, NOTHING, []),
    "resolved, found, confirmation holds": (
        State.RESOLVED, "confirmed", "c", "holds", CONFIRMED, ["answered"]),
    "corrected, gone": (State.ANSWERED, "corrected", "x", False, CORRECTED, ["accepted"]),
    "corrected and accepted, gone": (State.ACCEPTED, "corrected", "x", False, CORRECTED, []),
    "corrected, still found": (State.ANSWERED, "corrected", "x", True, CORRECTED, ["reopened"]),
    "corrected, expired, found": (
        State.ACCEPTED, "corrected", "x", True, EXPIRED, ["reopened"]),
    "corrected, expired, gone": (State.ACCEPTED, "corrected", "x", False, EXPIRED, ["resolved"]),
    "corrected while it ran, found": (State.ANSWERED, "corrected", "new", True, CORRECTED, []),
    "corrected while it ran, gone": (State.ANSWERED, "corrected", "new", False, CORRECTED, []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_state_meets_each_finding(case):
    state, kind, reply_id, found, seen, expected = CASES[case]
    item = replace(ITEM, confirmed_by="c" if found == "holds" else None)
    before = stood(state, kind and ReplyKind(kind), reply_id)
    assert states(before, [item] if found else [], seen) == expected


@pytest.mark.parametrize("case", CASES)
def test_a_second_run_with_the_same_inputs_changes_nothing_more(case):
    state, kind, reply_id, found, seen, _ = CASES[case]
    items = [replace(ITEM, confirmed_by="c" if found == "holds" else None)] if found else []
    before = stood(state, kind and ReplyKind(kind), reply_id)
    for step in steps(before, items, seen, complete=True):
        before = stood(step.state, step.kind, step.reply_id)
    assert states(before, items, seen) == []


def test_a_refused_export_closes_nothing():
    assert states(stood(State.OPEN), [], complete=False) == []
    assert states({}, [ITEM], complete=False) == ["open"]


class TestKnownErrors:
    ITEM = replace(ITEM, exception="e")

    def test_it_is_not_asked(self):
        assert states({}, [self.ITEM]) == ["open", "known"]
        assert states(stood(State.OPEN), [self.ITEM]) == ["known"]
        assert states(stood(State.KNOWN, exception="e"), [self.ITEM]) == []

    def test_once_gone_it_is_an_error_like_any_other(self):
        before = stood(State.RESOLVED, exception="e")
        assert states(before, [self.ITEM]) == ["reopened"]
        assert states(stood(State.REOPENED, exception="e"), [self.ITEM]) == []

    def test_another_exception_covers_it_again(self):
        assert states(stood(State.REOPENED, exception="former"), [self.ITEM]) == ["known"]


def test_a_place_is_the_same_over_runs_and_another_elsewhere():
    address = PLACE.address(KEY)
    assert Place("FIN-01", "92-001", "budget_total", "Budget (k€)").address(KEY) == address
    others = [
        Place("FIN-02", "92-001", "budget_total"), Place("FIN-01", "92-002", "budget_total"),
        Place("FIN-01", "92-001"), PLACE.answer, Place("COL-01", header="A"),
        Place("COL-01", header="B"),
    ]  # fmt: skip
    assert len({address, *(p.address(KEY) for p in others)}) == 7
    assert PLACE.address(TerritoryYear("senacs", "93", 2012)) != address
    assert PLACE.address(TerritoryYear("senacs", "92", 2011)) != address


def test_a_reference_comes_back_as_it_went_or_not_at_all():
    reference = Reference(KEY, PLACE.address(KEY), 3)
    assert Reference.parsed(f" {reference} ") == reference
    for old, new in (("/92/", "/93/"), ("2012", "2011"), ("/3/", "/4/"), ("senacs", "registre")):
        assert Reference.parsed(str(reference).replace(old, new)) is None
    assert Reference.parsed("") is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("1 234", " 1\N{NO-BREAK SPACE}234 ", True), (None, "", True), ("12", "1 2", False)],
)
def test_white_space_makes_no_other_answer(one, other, same):
    assert same_text(one, other) is same
