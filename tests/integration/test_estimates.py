"""Estimates for all units in scope, against the register, exact arithmetic and worked examples."""

# ruff: noqa: S608 - the statements are our own

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
import svy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from benchmarks.estimation import MECHANISMS, judged, laboratory_of, studied
from benchmarks.laboratory import Asked, Laboratory
from senacs.codebook import load_collection
from senacs.settings import PROJECT_ROOT
from tests.support.estimates import Answerer, collection_name, part, rows
from tests.support.installation import Installation, installation

YEAR = 2019
ASKED = (
    Asked("nombre", "count", pooled=True),
    Asked("membres", "count", where_variable="membre", where_codes=("oui",)),
    Asked("total", "total", "y", pooled=True),
    Asked("total_rompu", "total", "y", breaks=True),
    Asked("moyenne", "mean", "y"),
    Asked("rapport", "ratio", "y", "x"),
    Asked("part", "share", "c", codes=("oui",)),
    Asked("mediane", "median", "y"),
)
Units = Sequence[Answerer]
Made = Callable[..., Laboratory]


@pytest.fixture(scope="module")
def house(server, prepared, tmp_path_factory) -> Iterator[Installation]:
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("estimates")) as made:
        yield made
    server.drop(url)


@pytest.fixture(scope="module")
def laboratory(house) -> Made:
    def make(*departements: str, **changes: object) -> Laboratory:
        made = Laboratory(
            house.engine,
            collection_name(),
            (YEAR - 1, YEAR),
            {code: (code,) for code in departements},
            ASKED,
            **changes,
        )
        made.declare()
        return made

    return make


def estimates(made: Laboratory) -> dict[tuple[str, str, str], dict[str, object]]:
    asked = made.ask(f"select * from indicator.estimate where {{own}} and data_year = {YEAR}")
    return {(row["area"], row["population"], row["indicator"]): row for row in asked}


def figures(made: Laboratory) -> dict[tuple[str, str, str], Decimal | None]:
    asked = made.ask(
        "select area, population, indicator, value from indicator.cell where {own} and "
        f"data_year = {YEAR} and breakdown = 'all'"
    )
    return {(row["area"], row["population"], row["indicator"]): row["value"] for row in asked}


def tables(made: Laboratory) -> dict[str, list[str]]:
    """Every row of what estimates are held in, as text without the collection's name."""
    return {
        table: sorted(
            row["line"].replace(made.collection, "")
            for row in made.ask(f"select t::text as line from {table} t where {{own}}")
        )
        for table in ("national.imputed", "indicator.estimate_part", "indicator.estimate")
    }


def people(
    prefix: str,
    departement: str,
    federated: bool | None,
    amounts: Sequence[int | None],
    silent: int,
    *,
    population: str = "CS",
) -> list[Answerer]:
    """A stratum: who responded with these amounts (None: left out), and who did not respond."""
    return [
        Answerer(
            f"{prefix}{number:03}", departement, population, federated, number < len(amounts),
            Fraction(amounts[number]) if number < len(amounts) and amounts[number] is not None
            else None,
        )
        for number in range(len(amounts) + silent)
    ]  # fmt: skip


# 6 members, 4 of which answered 10, 20, 30, 40; 9 others, 3 of which answered 3, 5, 10.
MEMBERS = people("m", "48", True, (10, 20, 30, 40), 2)
OTHERS = people("o", "48", False, (3, 5, 10), 6)


@pytest.fixture(scope="module")
def worked(laboratory) -> Laboratory:
    made = laboratory("48")
    made.load(YEAR, *rows(MEMBERS + OTHERS))
    made.refresh(YEAR)
    return made


class TestByHand:
    def test_a_respondent_counts_for_those_like_it_that_did_not(self, worked):
        found = estimates(worked)
        # 6/4 × 100 + 9/3 × 18 = 204 for 15 units, where the respondents' own are 118 and 118/7.
        assert found["48", "CS", "total"]["value"] == Decimal("204.000000")
        assert found["48", "CS", "moyenne"]["value"] == Decimal("13.600000")
        assert figures(worked)["48", "CS", "total"] == 118
        assert figures(worked)["48", "CS", "moyenne"] == Decimal("16.857143")

    def test_the_interval_is_that_of_a_stratified_sample(self, worked):
        # Variances of the amounts 500/3 and 13; 6²(1-4/6)/4 × 500/3 + 9²(1-3/9)/3 × 13 = 734.
        # 7 answers less 2 strata: 5 degrees of freedom, 2.570582.
        reach = Decimal("2.570582") * Decimal(734).sqrt()
        row = estimates(worked)["48", "CS", "total"]
        assert row["low"] == pytest.approx(204 - reach, abs=Decimal("1e-6"))
        assert row["high"] == pytest.approx(204 + reach, abs=Decimal("1e-6"))
        row = estimates(worked)["48", "CS", "moyenne"]
        assert row["high"] == pytest.approx((204 + reach) / 15, abs=Decimal("1e-6"))

    def test_a_partial_collection_is_estimated_for_the_territories_asked_only(self, worked):
        asked = worked.ask("select distinct level, area from indicator.estimate where {own}")
        areas = {(row["level"], row["area"]) for row in asked}
        assert areas == {("departement", "48"), ("surveyed", "*")}

    def test_what_is_counted_of_the_register_is_the_registers_count(self, worked):
        found = estimates(worked)
        assert [found["48", "CS", n][end] for n in ("nombre", "membres") for end in
                ("value", "low", "high")] == [15, 15, 15, 6, 6, 6]  # fmt: skip
        assert figures(worked)["48", "CS", "membres"] == 4

    def test_a_ratio_below_zero_has_its_interval_below_zero(self, laboratory):
        """Of a balance, say: a bound at zero for what cannot be negative must not touch it."""
        made = laboratory("48")
        made.load(YEAR, *rows([replace(unit, weight=Fraction(-2)) for unit in MEMBERS + OTHERS]))
        made.refresh(YEAR)

        row = estimates(made)["48", "CS", "rapport"]
        assert row["low"] < row["value"] < row["high"] < 0

    def test_a_median_has_no_estimate(self, worked):
        assert ("48", "CS", "mediane") not in estimates(worked)
        assert figures(worked)["48", "CS", "mediane"] is not None


class TestImputation:
    def test_an_item_left_out_takes_last_years_value_and_the_trend(self, laboratory):
        made = laboratory("48")
        now = people("m", "48", True, (11, 22, 33, 44, 55, None), 0)
        before = people("m", "48", True, (10, 20, 30, 40, 50, 60), 0)
        made.load(YEAR - 1, *rows(before))
        made.load(YEAR, *rows(now))
        made.refresh(YEAR)

        row = estimates(made)["48", "CS", "total"]
        # 165/150 of 60.
        assert row["value"] == 165 + 66
        assert (row["n_item"], row["n_imputed"], row["n_last_year"]) == (5, 1, 1)
        assert row["share_imputed"] == round(Decimal(66) / 231, 6)
        # Where the series breaks, last year says nothing: the mean of the others, 33.
        broken = estimates(made)["48", "CS", "total_rompu"]
        assert (broken["value"], broken["n_last_year"]) == (198, 0)
        imputed = made.ask(
            "select indicator, unit_id, method, value from national.imputed where {own} order by 1"
        )
        assert [tuple(row.values()) for row in imputed] == [
            ("moyenne", "m005", "last_year", 66),
            ("part", "m005", "stratum", None),
            ("rapport", "m005", "last_year", 66),
            ("total", "m005", "last_year", 66),
            ("total_rompu", "m005", "stratum", None),
        ]
        assert figures(made)["48", "CS", "total"] == 165

    @pytest.mark.parametrize(
        ("now", "before", "by_last_year"),
        [
            ((1, 2, 3, 4, 5, None), (1, 2, 3, 4, 5, 6), True),
            ((1, 2, 3, 4, None), (1, 2, 3, 4, 6), False),  # four pairs
            ((1, 2, 3, 4, 5, None), (1, 2, 3, 4, 5, None), False),  # left out then too
            ((3, 6, 9, 9, 9, None), (1, 2, 3, 4, 5, 6), False),  # more than doubled
            ((0, 0, 0, 0, 0, None), (0, 0, 0, 0, 0, 6), False),
        ],
    )
    def test_last_year_is_used_where_it_can_say_something(
        self, laboratory, now, before, by_last_year
    ):
        made = laboratory("48")
        made.load(YEAR - 1, *rows(people("m", "48", True, before, 0)))
        made.load(YEAR, *rows(people("m", "48", True, now, 0)))
        made.refresh(YEAR)
        assert estimates(made)["48", "CS", "total"]["n_last_year"] == by_last_year

    def test_a_unit_that_did_not_respond_is_weighted_for_not_imputed(self, laboratory):
        made = laboratory("48")
        made.load(YEAR - 1, *rows(people("m", "48", True, (1,) * 9, 0)))
        made.load(YEAR, *rows(people("m", "48", True, (1,) * 6, 3)))
        made.refresh(YEAR)
        assert made.ask("select 1 from national.imputed where {own}") == []
        assert estimates(made)["48", "CS", "total"]["value"] == 9


class TestPools:
    """The written rule: too few answers in a stratum, and it is estimated with others."""

    @pytest.mark.parametrize(
        ("strata", "total"),
        [
            # Two of three members answered, 3 of 6 others: together, 9/5 × 16.
            (((True, (5, 5), 1), (False, (2, 2, 2), 3)), Fraction(9, 5) * 16),
            # All two members answered: nothing to pool. 10 + 6/3 × 6.
            (((True, (5, 5), 0), (False, (2, 2, 2), 3)), 22),
            # A third of nine is enough, a quarter of twelve is not.
            (((True, (4, 4, 4), 6), (False, (1, 1, 1), 0)), 36 + 3),
            (((True, (4, 4, 4), 9), (False, (1, 1, 1), 0)), Fraction(15, 6) * 15),
            # Unknown members, too few, go with the smaller of the two others.
            (
                ((None, (9,), 1), (True, (3,) * 4, 0), (False, (1,) * 5, 5)),
                Fraction(6, 5) * 21 + 10,
            ),
            # Two that are too few are enough together.
            (((None, (4, 4), 1), (True, (2, 2), 1), (False, (1,) * 9, 9)), 6 * 3 + 18),
        ],
    )
    def test_strata(self, laboratory, strata, total):
        made = laboratory("48")
        units = [
            unit
            for number, (federated, amounts, silent) in enumerate(strata)
            for unit in people(f"s{number}", "48", federated, amounts, silent)
        ]
        made.load(YEAR, *rows(units))
        made.refresh(YEAR)
        assert estimates(made)["48", "CS", "total"]["value"] == round(
            Decimal(total.numerator) / total.denominator, 6
        )

    def test_a_departement_without_three_respondents_is_like_the_others(self, laboratory):
        made = laboratory("48", "09")
        full = people("a", "48", True, (2,) * 9, 0)
        poor = people("b", "09", True, (90, 90), 1)
        made.load(YEAR, *rows(full + poor))
        made.refresh(YEAR)
        found = estimates(made)
        assert found["09", "CS", "total"]["value"] is None
        assert found["09", "CS", "total"]["share_covered"] == 0
        row = found["*", "CS", "total"]
        # 9 units with 18: 12 with 24. 9 of 12 are under nine in ten: no interval.
        assert (row["value"], row["share_covered"], row["low"]) == (24, Decimal("0.75"), None)
        assert found["*", "CS", "moyenne"]["value"] == 2

    def test_a_population_without_an_answer_leaves_all_together_without_an_estimate(
        self, laboratory
    ):
        made = laboratory("48")
        made.load(YEAR, *rows(MEMBERS + people("e", "48", True, (), 4, population="EVS")))
        made.refresh(YEAR)
        found = estimates(made)
        assert found["48", "CS", "total"]["value"] == 150
        assert found["48", "EVS", "total"]["value"] is None
        assert found["48", "AVS", "total"]["value"] is None

    def test_populations_together_are_their_sum(self, laboratory):
        made = laboratory("48")
        made.load(YEAR, *rows(MEMBERS + people("e", "48", True, (1, 2, 3), 3, population="EVS")))
        made.refresh(YEAR)
        found = estimates(made)
        assert found["48", "AVS", "total"]["value"] == 150 + 12
        assert ("48", "AVS", "moyenne") not in found


amount = st.integers(0, 40).map(lambda n: Fraction(n, 4))


@st.composite
def one(draw: st.DrawFn, number: int) -> Answerer:
    responded = draw(st.booleans()) or draw(st.booleans())
    left_out = draw(st.integers(0, 4)) == 0
    return Answerer(
        f"u{number:03}",
        draw(st.sampled_from(("48", "09"))),
        draw(st.sampled_from(("CS", "EVS"))),
        draw(st.sampled_from((True, False, None))),
        responded,
        None if left_out else draw(amount),
        None if left_out else draw(amount),
        draw(st.integers(0, 5)) > 0,
    )


@st.composite
def country(draw: st.DrawFn) -> tuple[list[Answerer], list[Answerer]]:
    """Units of two départements, and what some of them said the year before, elsewhere perhaps."""
    size = draw(st.integers(1, 45))
    now = [draw(one(number)) for number in range(size)]
    before = [draw(one(number)) for number in range(size) if draw(st.integers(0, 3))]
    kept = [
        replace(unit, departement=now[int(unit.unit_id[1:])].departement,
                population=now[int(unit.unit_id[1:])].population)
        if draw(st.integers(0, 5)) else unit
        for unit in before
    ]  # fmt: skip
    return now, kept


def _as_asked(unit: Answerer, name: str) -> Answerer:
    """What a unit says to one of the figures."""
    if name == "rapport":
        return unit
    if name == "part" and unit.amount is not None:
        return replace(unit, amount=Fraction(unit.amount != 0), weight=Fraction(1))
    return replace(unit, weight=Fraction(1))


few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(country())
def test_every_part_is_what_exact_arithmetic_gives(laboratory, drawn):
    now, before = drawn
    made = laboratory("48", "09")
    made.load(YEAR - 1, *rows(before))
    made.load(YEAR, *rows(now))
    made.refresh(YEAR)
    own = defaultdict(list)
    for unit in now:
        own[unit.departement, unit.population].append(unit)
    found = {
        (row["departement"], row["population"], row["indicator"]): row
        for row in made.ask(
            "select * from indicator.estimate_part where {own} and data_year = 2019"
        )
    }
    flagged = made.ask(
        "select unit_id, indicator, method from national.imputed where {own} and data_year = 2019"
    )
    names = ("total", "moyenne", "rapport", "part", "total_rompu")
    for (departement, population), units in own.items():
        former = [b for b in before if b.departement == departement and b.population == population]
        for name in names:
            expected = part(
                [_as_asked(unit, name) for unit in units],
                [_as_asked(unit, name) for unit in former],
                by_last_year=name not in ("part", "total_rompu"),
            )
            row = found[departement, population, name]
            assert row["covered"] == expected.covered
            ids = {unit.unit_id for unit in units}
            assert {
                row["unit_id"]: row["method"] for row in flagged
                if row["indicator"] == name and row["unit_id"] in ids
            } == expected.imputed  # fmt: skip
            if not expected.covered:
                assert row["numerator"] is None
                continue
            for column in (
                "numerator", "denominator", "variance", "covariance", "denominator_variance"
            ):  # fmt: skip
                assert float(row[column]) == pytest.approx(
                    float(getattr(expected, column)), abs=1e-9, rel=1e-9
                )
            assert (row["degrees"], row["n_open"]) == (expected.degrees, expected.open)


@few
@given(country())
def test_a_full_response_is_its_own_estimate(laboratory, drawn):
    now, _ = drawn
    everyone = [
        replace(
            unit,
            responded=True,
            amount=unit.amount or Fraction(0),
            weight=unit.weight or Fraction(1),
        )
        for unit in now
    ]
    made = laboratory("48", "09")
    made.load(YEAR, *rows(everyone))
    made.refresh(YEAR)
    shown = figures(made)
    found = estimates(made)
    assert found
    for key, row in found.items():
        assert (row["value"], row["low"], row["high"]) == (shown[key],) * 3, key
        assert (row["n_imputed"], row["share_covered"]) == (0, 1)
        assert row["share_imputed"] in (None, 0)


@few
@given(country(), st.permutations(("48", "09")), st.data())
def test_territories_in_any_order_give_the_same_bytes(laboratory, drawn, order, data):
    now, before = drawn
    at_once, one_by_one = laboratory("48", "09"), laboratory("48", "09")
    at_once.load(YEAR - 1, *rows(before))
    at_once.load(YEAR, *rows(now))
    at_once.refresh(YEAR)
    # First something else of the same units; then each territory as it should be.
    other = [replace(unit, responded=not unit.responded) for unit in now]
    one_by_one.load(YEAR, *rows(other))
    one_by_one.refresh(YEAR)
    for code in order:
        if data.draw(st.booleans()):
            one_by_one.refresh(YEAR)
        one_by_one.replace(YEAR, (code,), *rows([u for u in now if u.departement == code]))
        one_by_one.replace(YEAR - 1, (code,), *rows([u for u in before if u.departement == code]))
    one_by_one.refresh(YEAR)

    assert tables(one_by_one) == tables(at_once)


@few
@given(country())
def test_parts_add_up_to_wholes_and_weights_to_the_register(laboratory, drawn):
    now, _ = drawn
    made = laboratory("48", "09")
    made.load(YEAR, *rows(now))
    made.refresh(YEAR)
    found = estimates(made)
    for population in ("CS", "EVS"):
        own = [found.get((code, population, "total")) for code in ("48", "09")]
        if all(row and row["share_covered"] == 1 for row in own):
            whole = found["*", population, "total"]["value"]
            parts = sum(row["value"] or 0 for row in own)
            assert (whole or 0) == pytest.approx(parts, abs=Decimal("2e-6"))
    for (_, _, indicator), row in found.items():
        if indicator == "nombre" and row["value"] is not None:
            assert row["value"] == pytest.approx(row["n_scope"], abs=Decimal("1e-6"))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_svy_gives_the_same_estimates_and_intervals(laboratory, seed):
    """The successor of samplics, which is checked against R's survey, on a stratified sample."""
    drawn = random.Random(seed)
    units = [
        replace(
            unit,
            amount=Fraction(drawn.randint(80, 120)) if unit.responded else None,
            weight=Fraction(drawn.randint(8, 12)) if unit.responded else None,
        )
        for departement in ("48", "09")
        for federated in (True, False)
        for unit in people(
            f"{departement}{federated:d}", departement, federated, (1,) * drawn.randint(4, 9),
            drawn.randint(1, 6),
        )
    ]  # fmt: skip
    made = laboratory("48", "09")
    made.load(YEAR, *rows(units))
    made.refresh(YEAR)

    of_stratum = Counter((unit.departement, unit.federated) for unit in units)
    answered = Counter((u.departement, u.federated) for u in units if u.responded)
    sample = svy.Sample(
        data=pl.DataFrame(
            [
                {
                    "stratum": f"{unit.departement} {unit.federated}",
                    "size": of_stratum[unit.departement, unit.federated],
                    "weight": of_stratum[unit.departement, unit.federated]
                    / answered[unit.departement, unit.federated],
                    "y": float(unit.amount),
                    "x": float(unit.weight),
                }
                for unit in units
                if unit.responded
            ]
        ),
        design=svy.Design(stratum="stratum", wgt="weight", pop_size="size"),
    ).estimation
    found = estimates(made)
    for indicator, expected in (
        ("total", sample.total(y="y")),
        ("moyenne", sample.mean(y="y")),
        ("rapport", sample.ratio(y="y", x="x")),
    ):
        (theirs,) = expected.estimates
        row = found["*", "CS", indicator]
        ours = [float(row[name]) for name in ("value", "low", "high")]
        assert ours == pytest.approx([theirs.est, theirs.lci, theirs.uci], rel=1e-5)


def test_the_quantiles_of_student_are_right(house):
    asked = house.ask("select n, indicator.student(n) from generate_series(1, 2000) n")
    for degrees, reach in asked:
        assert float(reach) == pytest.approx(student.ppf(0.975, degrees), abs=2e-6)
    assert house.ask("select indicator.student(0)") == [(None,)]


@pytest.mark.parametrize(
    ("of_units", "answered", "poor"),
    [(0, 0, False), (1, 1, False), (2, 2, False), (1, 0, True), (3, 2, True), (4, 3, False),
     (9, 3, False), (10, 3, True), (30, 10, False), (31, 10, True)],
)  # fmt: skip
def test_three_and_a_third(house, of_units, answered, poor):
    assert house.ask("select indicator.too_few(%s, %s)", of_units, answered) == [(poor,)]


class TestDisclosure:
    def test_what_a_figure_hides_its_estimate_says_it_hides(self, laboratory):
        made = laboratory("48", disclosure="protected")
        made.load(YEAR, *rows([*people("m", "48", True, (1, 1, 1, 900), 2)]))
        made.refresh(YEAR)
        row = estimates(made)["48", "CS", "total"]
        assert row["confidential"]  # one unit is over 85 %
        assert not estimates(made)["48", "CS", "part"]["confidential"]

    def test_nobody_but_the_national_team_reads_them(self, house):
        may = house.ask(
            "select r.role, t.name from unnest(array['senacs_correspondent', 'senacs_public', "
            "'senacs_national_analyst']) r(role), unnest(array['national.imputed', "
            "'indicator.estimate_part', 'indicator.estimate']) t(name) "
            "where has_table_privilege(r.role, t.name, 'select')"
        )
        assert {role for role, _ in may} == {"senacs_national_analyst"}
        assert len(may) == 3


def test_strata_that_explain_non_response_cut_the_bias_of_totals(house):
    """Simulated campaigns where members answer more often, and are larger; the truth is known.

    `python -m benchmarks.estimation` does it a hundred times; these are its first ones.
    """
    survey = load_collection(PROJECT_ROOT / "codebook", "senacs")
    by_federation = {"federation": MECHANISMS["federation"]}
    found = pl.concat(studied(laboratory_of(house.engine), survey, range(1, 5), by_federation))
    result = judged(found.filter(level="surveyed"))
    (total,) = result.filter(statistic="total").iter_rows(named=True)
    assert total["of_respondents"] > 0.1
    assert total["cut"] > 0.8
    assert total["inside"] > 0.85
