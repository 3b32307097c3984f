"""Disclosure control: protection withstands the attack, which finds what is not protected."""

import dataclasses
from itertools import product
from math import inf
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from senacs.disclosure.attack import EVERYTHING, Attack, Interval
from senacs.disclosure.audit import breaches, needed, release
from senacs.disclosure.protection import protect
from senacs.disclosure.rules import Facts, Kind, load_rules, verdict
from senacs.disclosure.table import Cell, Key, Standing, Sum, Table
from senacs.disclosure.witness import Witnesses
from senacs.errors import DisclosureError
from senacs.settings import PROJECT_ROOT
from tests.support.disclosed import Answer, campaign, cell, eight_of_nine, table, two_vintages

RULES = load_rules(PROJECT_ROOT / "codebook")


def key(row: str, column: str = "all") -> Key:
    return Key("x", "CS", "area", row, "all" if column == "all" else "by", column)


def square(values: dict[tuple[str, str], float], sensitive: dict[tuple[str, str], float]) -> Table:
    """A table with its margins; the weight of a cell is its value, `sensitive` says the margin."""
    rows = sorted({row for row, _ in values})
    columns = sorted({column for _, column in values})
    cells = []
    for row in (*rows, "total"):
        for column in (*columns, "all"):
            value = sum(
                v for (r, c), v in values.items() if row in (r, "total") and column in (c, "all")
            )
            margin = sensitive.get((row, column), 0.0)
            cells.append(
                Cell(key(row, column), value, weight=value, reason="SEC-03" if margin else "",
                     below=margin, above=margin)
            )  # fmt: skip
    sums = [Sum(key(r), tuple(key(r, c) for c in columns)) for r in (*rows, "total")]
    sums += [Sum(key("total", c), tuple(key(r, c) for r in rows)) for c in (*columns, "all")]
    return Table(tuple(cells), tuple(sums))


LITERATURE = {
    ("I", "A"): 20.0, ("I", "B"): 50.0, ("I", "C"): 10.0,
    ("II", "A"): 8.0, ("II", "B"): 19.0, ("II", "C"): 22.0,
    ("III", "A"): 17.0, ("III", "B"): 32.0, ("III", "C"): 12.0,
}  # fmt: skip
"""Investment by activity and region: Fischetti and Salazar (2001), their first example."""


def test_hides_what_the_literature_hides() -> None:
    cells = square(LITERATURE, {("II", "C"): 3.0})
    protection = protect(cells, bound_seconds=60)
    pattern = {key("II", "C"), key("II", "A"), key("III", "A"), key("III", "C")}
    assert protection.hidden == pattern
    assert protection.weight == protection.least == 59
    found = Attack(release(cells, pattern)).intervals({key("II", "C"): EVERYTHING})
    assert (found[key("II", "C")].low, found[key("II", "C")].high) == pytest.approx((5, 30))


def test_a_cell_hidden_alone_is_found_exactly() -> None:
    cells = square(LITERATURE, {("II", "C"): 3.0})
    alone = protect(cells, complementary=False)
    assert alone.hidden == {key("II", "C")}
    (breach,) = breaches(cells, alone.hidden)
    assert (breach.found.low, breach.found.high) == pytest.approx((22, 22))


def test_a_wide_margin_asks_for_heavier_cells() -> None:
    """In column C, row III can give 12: a margin of 20 needs more."""
    narrow = protect(square(LITERATURE, {("II", "C"): 3.0}))
    cells = square(LITERATURE, {("II", "C"): 20.0})
    wide = protect(cells)
    assert wide.weight > narrow.weight
    assert breaches(cells, wide.hidden) == []


def test_who_knows_one_of_two_hidden_cells_finds_the_other() -> None:
    values = {("I", "A"): 5.0, ("II", "A"): 7.0, ("III", "A"): 9.0}
    cells = square(values, {("I", "A"): 2.0, ("II", "A"): 2.0})
    known = tuple(
        dataclasses.replace(c, knower={"I": "one", "II": "two"}[c.key.area]) if c.reason else c
        for c in cells.cells
    )
    of_two = Table(known, cells.sums)
    assert {(b.key.area, b.reader) for b in breaches(of_two, of_two.primary)} >= {
        ("I", "two"),
        ("II", "one"),
    }
    protection = protect(of_two)
    assert key("III", "A") in protection.hidden or key("total", "A") in protection.hidden
    assert breaches(of_two, protection.hidden) == []


def test_what_is_told_already_cannot_be_protected() -> None:
    values = {("I", "A"): 5.0, ("II", "A"): 7.0}
    cells = square(values, {("I", "A"): 2.0})
    told = Table(
        tuple(
            c if c.reason else dataclasses.replace(c, standing=Standing.TOLD) for c in cells.cells
        ),
        cells.sums,
    )
    protection = protect(told)
    assert protection.unprotected == {key("I", "A")}
    assert [b.key for b in breaches(told, protection.hidden)] == [key("I", "A")]


def test_a_primary_cell_that_is_printed_is_a_breach() -> None:
    cells = square(LITERATURE, {("II", "C"): 3.0})
    assert [b.found for b in breaches(cells, ())] == [Interval(22.0, 22.0)]


def test_whole_numbers_leave_less_room() -> None:
    """Twice a number of pairs and one single are 5: the single is neither 0 nor 2, but 1."""
    total, pairs, single = key("total"), key("I"), key("II")
    cells = Table(
        (
            Cell(total, 5.0, standing=Standing.TOLD),
            Cell(pairs, 2.0, whole=True),
            Cell(single, 1.0, whole=True, upper=2.0),
        ),
        (Sum(total, (pairs, pairs, single)),),
    )
    found = Attack(release(cells, {pairs, single})).intervals({single: EVERYTHING})
    assert (found[single].low, found[single].high) == (1, 1)


@settings(max_examples=40, deadline=None)
@given(
    counts=st.lists(st.integers(0, 3), min_size=6, max_size=6),
    hidden=st.sets(st.integers(0, 5), min_size=1),
)
def test_the_attack_finds_what_trying_every_table_finds(
    counts: list[int], hidden: set[int]
) -> None:
    """Of two rows and three columns whose margins are printed, all tables of whole numbers."""
    places = list(product(("I", "II"), ("A", "B", "C")))
    true = square({place: float(n) for place, n in zip(places, counts, strict=True)}, {})
    cells = Table(tuple(dataclasses.replace(c, whole=True) for c in true.cells), true.sums)
    guesses = product(*(range(7) if n in hidden else (counts[n],) for n in range(6)))
    possible = [
        guess
        for guess in guesses
        if sum(guess[:3]) == sum(counts[:3])
        and all(guess[n] + guess[n + 3] == counts[n] + counts[n + 3] for n in range(3))
    ]
    targets = {key(*places[n]): n for n in hidden}
    found = Attack(release(cells, set(targets))).intervals(dict.fromkeys(targets, EVERYTHING))
    for one, n in targets.items():
        values = [guess[n] for guess in possible]
        assert (found[one].low, found[one].high) == (min(values), max(values))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), kind=st.sampled_from([Kind.AMOUNT, Kind.COUNT]))
def test_protection_withstands_the_attack(seed: int, kind: Kind) -> None:
    cells = table(campaign(seed, departements=4), RULES, kind)
    protection = protect(cells)
    assert protection.unprotected == frozenset()
    assert breaches(cells, protection.hidden) == []
    assert cells.primary <= protection.hidden
    assert protection.least <= protection.weight + 1e-6


def test_without_complementary_suppression_the_attack_finds() -> None:
    for seed in range(8):
        cells = table(campaign(seed, departements=4), RULES)
        assert breaches(cells, protect(cells, complementary=False).hidden)


def test_nothing_more_could_be_told() -> None:
    """Thinned out, no complementary cell can be printed without a breach."""
    cells = table(campaign(17, departements=4), RULES)
    protection = protect(cells)
    assert len(protection.hidden) < len(protect(cells, thin_out=False).hidden)
    assert protection.complementary
    for extra in protection.complementary:
        assert breaches(cells, protection.hidden - {extra})


def centres(*managers: str, departement: str, number: float = 40.0) -> list[Answer]:
    """One centre for each manager named, all federated associations of one size."""
    return [
        Answer(departement, manager, "oui", "associatif", "petite", "qpv", number + 7 * turn)
        for turn, manager in enumerate(managers)
    ]


EIGHT_OF_NINE = eight_of_nine(campaign(5))
LATE = centres("e", departement="000", number=300.0)


def test_eight_of_nine_answered_and_one_association_manages_five() -> None:
    cells = table(EIGHT_OF_NINE, RULES)
    whole = Key("x", "CS", "departement", "000", data_year=2023)
    assert cells[whole].reason == ""
    assert breaches(cells, protect(cells).hidden) == []


def test_the_ninth_is_not_found_between_two_vintages() -> None:
    first = table(EIGHT_OF_NINE, RULES)
    printed = first.tellable - protect(first).hidden
    both = two_vintages(EIGHT_OF_NINE, LATE, RULES, frozenset(printed))
    careless = protect(table([*EIGHT_OF_NINE, *LATE], RULES, vintage=1)).hidden
    whole = Key("x", "CS", "departement", "000", data_year=2023)
    assert whole in printed
    ninth = whole._replace(quantity="x: late")
    assert ninth in {breach.key for breach in breaches(both, careless)}
    careful = protect(both)
    assert whole._replace(vintage=1) in careful.hidden
    assert breaches(both, careful.hidden) == []


def test_a_vintage_hides_nothing_that_the_last_one_printed() -> None:
    """What has not changed is known; a rule that is stricter now comes too late, and says so."""
    first = table(EIGHT_OF_NINE, RULES)
    both = two_vintages(EIGHT_OF_NINE, LATE, RULES, frozenset(first.tellable))
    unprotected = protect(both).unprotected
    assert unprotected
    assert {breach.key for breach in breaches(both, protect(both).hidden)} >= unprotected


def test_parts_that_do_not_add_up_are_refused() -> None:
    cells = square(LITERATURE, {})
    wrong = tuple(
        dataclasses.replace(c, value=c.value + 1) if c.key == key("I", "A") else c
        for c in cells.cells
    )
    with pytest.raises(DisclosureError, match="away from the sum"):
        Table(wrong, cells.sums)


def test_components_share_no_sum() -> None:
    one = square(LITERATURE, {})
    other = tuple(dataclasses.replace(c, key=c.key._replace(quantity="y")) for c in one.cells)
    sums = tuple(
        Sum(s.whole._replace(quantity="y"), tuple(p._replace(quantity="y") for p in s.parts))
        for s in one.sums
    )
    parts = Table((*one.cells, *other), (*one.sums, *sums)).components()
    assert [{c.key.quantity for c in part.cells} for part in parts] == [{"x"}, {"y"}]


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (Facts(Kind.AMOUNT, 90, 2, 2, 50, 90), "SEC-01"),
        (Facts(Kind.AMOUNT, 90, 3, 2, 50, 90), "SEC-02"),
        (Facts(Kind.AMOUNT, 100, 5, 5, 86, 100), "SEC-03"),
        (Facts(Kind.AMOUNT, 100, 5, 5, 85, 100), None),
        (Facts(Kind.PAY, 60_000, 3, 3, 30_000, 60_000, etp=2.0), "SEC-04"),
        (Facts(Kind.PAY, 60_000, 3, 3, 30_000, 60_000, etp=2.1), None),
        (Facts(Kind.COUNT, 1, 9, 9, 1, 1), "SEC-05"),
        (Facts(Kind.COUNT, 7, 9, 9, 1, 7), "SEC-05"),
        (Facts(Kind.COUNT, 0, 9, 9, 0, 0), None),
        (Facts(Kind.COUNT, 9, 9, 9, 1, 9), None),
        (Facts(Kind.AMOUNT, 0, 0, 0), None),
        (Facts(Kind.UNITS, 1, 1, 1), None),
    ],
)
def test_rules(facts: Facts, rule: str | None) -> None:
    said = verdict(RULES, facts)
    assert (said.rule if said else None) == rule


def test_a_margin_of_nothing_is_one_unit() -> None:
    said = verdict(RULES, Facts(Kind.AMOUNT, 0, 2, 2))
    assert said is not None
    assert said.margin == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- rule: SEC-01\n  threshold: 3\n", "entry 1, label: Field required"),
        ("[", "while parsing"),
        ("[]", "rules are needed"),
    ],
)
def test_rules_that_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "disclosure.yml").write_text(text, encoding="utf-8")
    with pytest.raises(DisclosureError, match=message):
        load_rules(tmp_path)


def test_a_zero_that_is_hidden_is_not_found() -> None:
    """Two centres with no volunteer: the zero is hidden, and could be more."""
    answers = [
        *(dataclasses.replace(a, number=0.0) for a in centres("a", "b", departement="000")),
        *centres("c", "d", "e", "f", departement="001"),
    ]
    cells = table(answers, RULES)
    nobody = Key("x", "CS", "departement", "000", data_year=2023)
    protection = protect(cells)
    found = Attack(release(cells, protection.hidden)).intervals({nobody: EVERYTHING})
    assert found[nobody].low == pytest.approx(0, abs=1e-6)
    assert found[nobody].high >= 1 - 1e-6


def test_a_cell_of_one_manager_names_its_knower() -> None:
    one = cell(key("I"), centres("a", "a", departement="000"), RULES, Kind.AMOUNT)
    assert (one.knower, one.reason, one.upper) == ("a", "SEC-01", inf)


def test_a_cell_in_no_sum_needs_no_other() -> None:
    alone = Table(
        (Cell(Key("x", "CS", "france", "FR"), 40.0, reason="SEC-01", below=6, above=6),), ()
    )
    assert protect(alone).hidden == alone.primary
    assert breaches(alone, alone.primary) == []


@pytest.mark.parametrize("kind", [Kind.AMOUNT, Kind.COUNT])
def test_what_a_witness_shows_the_attack_of_that_reader_finds_too(kind: Kind) -> None:
    shown = 0
    for seed in range(3):
        cells = table(campaign(seed), RULES, kind)
        hidden = protect(cells).hidden
        printed = release(cells, hidden)
        unprinted = {cell.key for cell in printed.cells if cell.value is None}
        witnesses, attack = Witnesses(cells, unprinted), Attack(printed)
        readers = {cells[key].knower for key in unprinted} - {""}
        for reader in sorted(readers)[:4]:
            known = {k: cells[k].value for k in unprinted if cells[k].knower == reader}
            targets = {
                key: needed(cells[key])
                for key in unprinted & cells.primary
                if cells[key].knower != reader
                and witnesses.show(cells[key], needed(cells[key]), known)
            }
            found = attack.intervals(targets, known)
            assert all(found[key].holds(wide) for key, wide in targets.items())
            shown += len(targets)
    assert shown
