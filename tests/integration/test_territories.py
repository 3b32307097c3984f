"""The dated territories, on the shipped reference data: real communes, mergers and splits."""

import csv
import gzip
import io
from collections import defaultdict
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import errors
from sqlalchemy import create_engine
from sqlalchemy.exc import IntegrityError

from senacs.access import Role
from senacs.errors import ConfigurationError
from senacs.settings import PROJECT_ROOT
from senacs.warehouse.statements import execute
from tasks.prepare import prepare
from tests.support.installation import installation
from tests.support.postgres import PORTAL_ROLES, name_of

REFERENCE = PROJECT_ROOT / "reference"
COUNTS = {
    2012: 36_700, 2013: 36_681, 2014: 36_682, 2015: 36_658, 2016: 35_885, 2017: 35_416,
    2018: 35_357, 2019: 34_970, 2020: 34_968, 2021: 34_965, 2022: 34_955, 2023: 34_945,
    2024: 34_935, 2025: 34_875, 2026: 34_875,
}  # fmt: skip
EPCI = {
    2012: 2581, 2013: 2456, 2014: 2145, 2015: 2134, 2016: 2063, 2017: 1267, 2019: 1259, 2020: 1255,
    2021: 1254, 2022: 1255, 2023: 1255, 2024: 1255, 2025: 1255, 2026: 1255,
}  # fmt: skip
ISLANDS = {"22016", "29083", "29155", "85113"}


@pytest.fixture(scope="module")
def here(server, prepared, tmp_path_factory):
    """The shipped reference data, for reading only."""
    url = server.create(prepared)
    with installation(url, tmp_path_factory.mktemp("territories")) as made:
        yield made
    server.drop(url)


def shipped(name: str) -> list[dict[str, str]]:
    data = (REFERENCE / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


class TestCommunes:
    @pytest.mark.parametrize(("year", "count"), COUNTS.items())
    def test_as_many_as_insee_counts_on_the_first_of_january(self, here, year, count):
        assert here.ask(
            "select count(*) from reference.commune c join reference.departement d "
            "on d.code = c.departement where d.zone <> 'com' and c.period @> %s::date",
            f"{year}-01-01",
        ) == [(count,)]

    @pytest.mark.parametrize(
        ("code", "on", "name"),
        [
            ("49144", "2017-12-31", "Freigné"),
            ("14712", "2016-12-31", "Troarn"),
            ("14712", "2017-01-01", "Saline"),
            ("14712", "2019-12-30", "Saline"),
            ("14712", "2019-12-31", "Troarn"),
            ("2a004", "2012-01-01", "Ajaccio"),
            ("97801", "2012-01-01", "Saint-Martin"),
            ("97133", "2012-01-01", "Vieux-Fort"),
        ],
    )
    def test_a_code_names_one_commune_at_a_date(self, here, code, on, name):
        assert here.ask("select name from reference.commune_at(%s, %s)", code, on) == [(name,)]

    @pytest.mark.parametrize(("code", "on"), [("49144", "2018-01-01"), ("99999", "2018-01-01")])
    def test_a_code_that_nobody_bears_gives_nothing(self, here, code, on):
        assert here.ask("select * from reference.commune_at(%s, %s)", code, on) == []

    def test_every_end_has_successors_alive_that_day_and_every_successor_is_one(self, here):
        """No territory is lost between two days, whatever the file says."""
        assert here.ask(
            "select c.code, c.valid_from from reference.commune c where c.valid_to is not null "
            "and not exists (select from reference.commune_successor s "
            "join reference.commune n on n.code = s.successor and n.period @> s.ended "
            "where s.code = c.code and s.valid_from = c.valid_from and s.ended = c.valid_to)"
        ) == []  # fmt: skip

    def test_a_commune_begins_where_another_ended(self, here):
        assert here.ask(
            "select c.code, c.valid_from from reference.commune c "
            "join reference.departement d on d.code = c.departement and d.zone <> 'com' "
            "where c.valid_from > '2010-01-01' and not exists (select from "
            "reference.commune_successor s where s.successor = c.code and s.ended = c.valid_from)"
        ) == []  # fmt: skip

    def test_mergers_and_splits_are_in_the_log_of_insee(self, here):
        """Each read edge to another code is backed by a line (or two) of the movements."""
        known = {
            (row["code_av"], row["date_eff"], row["code_ap"])
            for row in shipped("mouvements_communes.csv.gz")
        }
        after = defaultdict(set)
        for before, day, code in known:
            after[before, day].add(code)
        edges = here.ask(
            "select code, ended::text, successor from reference.commune_successor "
            "where not guessed and code <> successor"
        )
        unexplained = [
            (code, day, successor)
            for code, day, successor in edges
            if successor not in after[code, day]
            and not any(successor in after[middle, day] for middle in after[code, day])
        ]
        assert len(edges) > 1700
        assert unexplained == []


class TestBecame:
    @pytest.mark.parametrize(
        ("code", "as_of", "on", "expected"),
        [
            # Changed département and merged: Freigné, Pont-Farcy, Gernicourt, Le Fresne-sur-Loire.
            ("49144", "2017-01-01", "2018-01-01", {"44180"}),
            ("14513", "2017-01-01", "2018-01-01", {"50592"}),
            ("02344", "2016-01-01", "2016-12-31", {"51664"}),
            ("02344", "2016-01-01", "2017-01-01", {"51171"}),
            ("44060", "2015-01-01", "2015-12-31", {"49382"}),
            ("44060", "2015-01-01", "2016-01-01", {"49160"}),
            ("49144", "2012-01-01", "2017-12-31", {"49144"}),
            # Saline: merged in 2017, split again in 2019.
            ("14666", "2016-01-01", "2018-01-01", {"14712"}),
            ("14712", "2018-01-01", "2020-01-01", {"14666", "14712"}),
            ("14666", "2016-01-01", "2020-01-01", {"14666"}),
            ("14712", "2016-01-01", "2020-01-01", {"14712"}),
            ("14666", "2020-01-01", "2018-01-01", {"14712"}),
            ("14712", "2018-01-01", "2016-01-01", {"14666", "14712"}),
            ("14666", "2020-01-01", "2016-01-01", {"14666"}),
            # Essarts en Bocage: two of four came back, the two others stayed together.
            ("85084", "2015-01-01", "2024-01-01", {"85084"}),
            ("85030", "2015-01-01", "2024-01-01", {"85084"}),
            ("85165", "2015-01-01", "2024-01-01", {"85165"}),
            ("85084", "2024-01-01", "2015-01-01", {"85030", "85084"}),
            # A part left and the rest kept code and name; all came back.
            ("52332", "2011-01-01", "2012-01-01", {"52033", "52332", "52465"}),
            ("76601", "2020-01-01", "2016-01-01", {"76676"}),
            ("15141", "2024-01-01", "2025-01-01", {"15031", "15035", "15047", "15141", "15171"}),
            ("15035", "2016-01-01", "2025-01-01", {"15035"}),
            # A code that went away and came back.
            ("27676", "2018-01-01", "2022-01-01", {"27058"}),
            ("27676", "2018-01-01", "2024-01-01", {"27676"}),
            ("60694", "2018-01-01", "2024-01-01", {"60694"}),
            ("76108", "2013-01-01", "2014-01-01", {"76095", "76108"}),
            ("75056", "2012-01-01", "2026-01-01", {"75056"}),
            ("49144", "2020-01-01", "2026-01-01", set()),
        ],
    )
    def test_what_became_of_it(self, here, code, as_of, on, expected):
        found = here.ask(
            "select commune from reference.commune_became(%s, %s, %s)", code, as_of, on
        )
        assert {commune for (commune,) in found} == expected

    def test_one_by_one_and_all_at_once_agree(self, here):
        """The function for one code and the passage of all find the same, both ways."""
        for earlier, later in (("2015-01-01", "2024-01-01"), ("2024-01-01", "2015-01-01")):
            assert here.ask(
                "with p as (select from_code, to_code from reference.commune_passage(%s, %s)), "
                "one as (select c.code, b.commune from (select distinct from_code as code from p "
                "where from_code like any (array['14%%', '85%%', '49%%', '60%%', '27%%'])) c, "
                "reference.commune_became(c.code, %s, %s) b) "
                "(select * from one except select * from p) union all (select * from p where "
                "from_code in (select code from one) except select * from one)",
                earlier, later, earlier, later,
            ) == []  # fmt: skip

    @pytest.mark.parametrize(
        ("code", "on", "expected"),
        [
            ("49144", "2020-01-01", {("44180", "ancien code")}),
            ("49144", "2015-06-01", {("49144", "en vigueur")}),
            ("14712", "2018-06-01", {("14712", "en vigueur")}),
            ("14666", "2018-06-01", {("14712", "ancien code")}),
            ("50592", "2012-01-01", {("50592", "en vigueur")}),
            ("75114", "2012-01-01", {("75056", "arrondissement")}),
            ("13201", "2012-01-01", {("13055", "arrondissement")}),
            ("97150", "2012-01-01", {("97801", "code postal")}),
            ("97127", "2012-01-01", {("97801", "ancien code")}),
            ("97133", "2012-01-01", {("97133", "en vigueur")}),
            ("44225", "2020-01-01", {("44180", "commune associée ou déléguée")}),
            ("14472", "2012-01-01", {("14697", "code futur")}),
            ("92999", "2012-01-01", set()),
            ("", "2012-01-01", set()),
        ],
    )
    def test_a_code_without_a_date_is_resolved_and_says_how(self, here, code, on, expected):
        found = here.ask("select commune, how from reference.commune_resolved(%s, %s)", code, on)
        assert set(found) == expected

    @pytest.mark.parametrize(
        ("code", "before", "change", "after"),
        [
            ("49144", "49", "2018-01-01", "44"),
            ("14513", "14", "2018-01-01", "50"),
            ("02344", "02", "2016-12-31", "51"),
            ("44060", "44", "2015-12-31", "49"),
        ],
    )
    def test_a_commune_that_changes_departement(self, here, code, before, change, after):
        question = "select reference.departement_of(%s, %s::date - %s)"
        assert here.ask(question, code, change, 1) == [(before,)]
        assert here.ask(question, code, change, 0) == [(after,)]

    def test_the_departement_of_every_old_code_is_that_of_what_it_became(self, here):
        """`commune_moved`, which loads use, and the walk along the successors are two paths."""
        assert here.ask(
            "select c.code from (select distinct code from reference.commune) c "
            "where not exists (select from reference.commune_at(c.code, '2026-01-01')) "
            "and reference.departement_of(c.code, '2026-01-01') is distinct from coalesce("
            "(select m.departement from reference.commune_moved m where m.code = c.code "
            "and m.period @> date '2026-01-01'), "
            "left(c.code, case when c.code like '97%%' then 3 else 2 end))"
        ) == []  # fmt: skip


class TestRegions:
    def test_27_old_and_18_new_regions_strictly_nested(self, here):
        pairs = here.ask(
            "select d.code, reference.region_of(d.code, '2015-12-31'), "
            "reference.region_of(d.code, '2016-01-01') from reference.departement d "
            "where d.zone <> 'com'"
        )
        into = {}
        for _, old, new in pairs:
            assert into.setdefault(old, new) == new
        assert (len(pairs), len(into), len(set(into.values()))) == (101, 27, 18)

    @pytest.mark.parametrize(
        ("departement", "on", "region"),
        [
            ("59", "2015-12-31", "31"), ("59", "2016-01-01", "32"),
            ("61", "2015-12-31", "25"), ("67", "2015-12-31", "42"),
            ("45", "2015-01-16", "24"), ("45", "2015-01-17", "24"),
            ("2A", "2012-01-01", "94"), ("2b", "2020-01-01", "94"),
            ("976", "2010-01-01", None), ("976", "2011-12-31", "06"),
            ("978", "2020-01-01", None), ("977", "2020-01-01", None), ("00", "2020-01-01", None),
        ],
    )  # fmt: skip
    def test_the_region_of_a_departement_at_a_date(self, here, departement, on, region):
        assert here.ask("select reference.region_of(%s, %s)", departement, on) == [(region,)]


class TestIntercommunal:
    @pytest.mark.parametrize(("year", "count"), EPCI.items())
    def test_as_many_as_read(self, here, year, count):
        assert here.ask(
            "select count(distinct epci) from reference.commune_epci where years @> %s::integer",
            year,
        ) == [(count,)]

    def test_every_membership_is_in_a_body_of_that_year(self, here):
        assert here.ask(
            "select count(*) from reference.commune_epci m where not exists (select from "
            "reference.epci e where e.siren = m.epci and e.years && m.years)"
        ) == [(0,)]  # fmt: skip

    def test_every_membership_is_of_communes_in_force(self, here):
        assert here.ask(
            "select m.commune, y.year from reference.commune_epci m "
            "join reference.epci_year y on m.years @> y.year::integer where y.status = 'lu' "
            "and not exists (select from reference.commune_at(m.commune, make_date(y.year, 1, 1)))"
        ) == []  # fmt: skip

    def test_four_islands_have_none(self, here):
        assert {
            code for (code,) in here.ask(
                "select c.code from reference.commune c join reference.departement d "
                "on d.code = c.departement and d.zone <> 'com', "
                "reference.epci_of(c.code, 2026) e "
                "where c.period @> date '2026-01-01' and e.status = 'sans EPCI'")
        } == ISLANDS  # fmt: skip

    @pytest.mark.parametrize(
        ("code", "year", "nature", "status"),
        [
            ("69123", 2014, "CU", "lu"), ("69123", 2015, "MET69", "lu"),
            ("69123", 2018, "MET69", "présumé"), ("01012", 2018, None, "inconnu"),
            ("92050", 2016, "METRO", "lu"), ("92050", 2011, None, "inconnu"),
            ("85113", 2019, None, "sans EPCI"), ("49144", 2020, None, "inconnu"),
            ("99999", 2020, None, "inconnu"),
        ],
    )  # fmt: skip
    def test_the_epci_of_a_commune_in_a_year(self, here, code, year, nature, status):
        found = here.ask("select nature, status from reference.epci_of(%s, %s)", code, year)
        assert found == [(nature, status)]

    @pytest.mark.parametrize(
        ("code", "on", "body"),
        [
            ("69123", "2014-12-31", "69D"), ("69123", "2015-01-01", "69M"),
            ("69264", "2015-01-01", "69D"), ("69382", "2020-01-01", "69M"),
            ("2A004", "2017-12-31", "2AD"), ("2A004", "2018-01-01", "20R"),
            ("2B033", "2018-01-01", "20R"), ("92050", "2018-01-01", "92D"),
        ],
    )  # fmt: skip
    def test_who_has_the_powers_of_a_departement(self, here, code, on, body):
        found = here.ask("select collectivite from reference.collectivite_of(%s, %s)", code, on)
        assert found == [(body,)]

    def test_lyon_is_one_departement_in_statistics(self, here):
        assert here.ask(
            "select reference.departement_of('69123', d) from unnest(array['2014-01-01', "
            "'2020-01-01']::date[]) d"
        ) == [("69",), ("69",)]  # fmt: skip

    def test_arrondissements_of_three_cities(self, here):
        assert here.ask(
            "select commune, count(*) from reference.arrondissement_municipal group by 1 order by 1"
        ) == [("13055", 16), ("69123", 9), ("75056", 20)]


class TestRecast:
    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2012-01-01", "2026-01-01"), ("2026-01-01", "2015-01-01"),
            ("2018-01-01", "2020-01-01"), ("2016-01-01", "2026-01-01"),
            ("2015-01-01", "2015-01-01"),
        ],
    )  # fmt: skip
    def test_the_passage_leaves_nobody_out(self, here, start, end):
        """Every commune of one date goes somewhere, every one of the other comes from one."""
        assert here.ask(
            "with p as (select * from reference.commune_passage(%s, %s)), "
            "a as (select code from reference.commune where period @> %s::date), "
            "b as (select code from reference.commune where period @> %s::date) "
            "select (select count(*) from a where code not in (select from_code from p)), "
            "(select count(*) from b where code not in (select to_code from p)), "
            "(select count(*) from p where from_code not in (select code from a)), "
            "(select count(*) from p where to_code not in (select code from b)), "
            "(select count(*) from (select from_code from p where share is not null "
            "group by from_code having sum(share) <> 1) x)",
            start, end, start, end,
        ) == [(0, 0, 0, 0, 0)]  # fmt: skip

    def test_the_way_back_is_the_same_pairs(self, here):
        assert here.ask(
            "with p as (select from_code, to_code from "
            "reference.commune_passage('2013-01-01', '2024-01-01')), "
            "q as (select to_code, from_code from "
            "reference.commune_passage('2024-01-01', '2013-01-01')) "
            "(select * from p except select * from q) union all "
            "(select * from q except select * from p)"
        ) == []  # fmt: skip

    def test_what_is_merged_is_added_and_is_exact(self, here):
        assert here.ask(
            "select * from reference.recast_sum(array['49144', '44180', '44180', '92050'], "
            "array[10, 5, 2.5, 1], '2017-01-01', '2018-01-01')"
        ) == [
            ("44180", 17.5, 2, 0, False, ["44180", "49144"]),
            ("92050", 1, 1, 0, False, ["92050"]),
        ]

    def test_what_is_split_is_shared_by_inhabitants_and_says_so(self, here):
        populations = {
            row["code_insee"]: int(row["population"])
            for row in shipped("communes_populations.csv.gz")
            if row["annee"] == "2019" and row["code_insee"] in {"14666", "14712"}
        }
        whole = sum(populations.values())
        found = here.ask(
            "select commune, amount, estimated from "
            "reference.recast_sum(array['14712'], array[100], '2018-01-01', '2020-01-01')"
        )
        assert [(code, estimated) for code, _, estimated in found] == [
            ("14666", True), ("14712", True),
        ]  # fmt: skip
        for code, amount, _ in found:
            assert float(amount) == pytest.approx(100 * populations[code] / whole)
        assert sum(amount for _, amount, _ in found) == 100

    def test_a_missing_amount_is_no_zero(self, here):
        assert here.ask(
            "select amount, n_sources, n_missing from reference.recast_sum(array['49144', "
            "'44180'], array[null, 5], '2017-01-01', '2018-01-01')"
        ) == [(None, 2, 1)]

    def test_what_no_census_can_divide_is_unknown_and_not_lost(self, here):
        """Baugé-en-Anjou was merged before the geography of the oldest census shipped."""
        found = here.ask(
            "select amount, n_missing from "
            "reference.recast_sum(array['49018'], array[15], '2026-01-01', '2012-01-01')"
        )
        assert len(found) == 15
        assert set(found) == {(None, 1)}

    def test_from_2015_on_everything_divided_has_a_share(self, here):
        assert here.ask(
            "select count(*) from unnest(array[2015, 2016, 2018]) y, "
            "reference.commune_passage('2026-01-01', make_date(y, 1, 1)) where share is null"
        ) == [(0,)]

    def test_what_lived_too_short_for_a_census_file_is_the_sum_of_its_parts(self, here):
        """Tessy Bocage, 2016 and 2017 only: Fervaches and Tessy-sur-Vire."""
        populations = {
            row["code_insee"]: int(row["population"])
            for row in shipped("communes_populations.csv.gz")
            if row["annee"] == "2013"
        }
        tessy = populations["50180"] + populations["50592"]
        pont_farcy = populations["14513"]
        found = here.ask(
            "select commune, amount from "
            "reference.recast_sum(array['50592'], array[1000], '2020-01-01', '2016-01-01')"
        )
        assert {code: float(amount) for code, amount in found} == pytest.approx(
            {
                "50592": 1000 * tessy / (tessy + pont_farcy),
                "14513": 1000 * pont_farcy / (tessy + pont_farcy),
            }
        )

    def test_arrondissements_and_unknown_codes_are_kept(self, here):
        assert here.ask(
            "select commune, amount, sources from reference.recast_sum(array['75114', '44060', "
            "'nowhere'], array[1, 2, 4], '2017-01-01', '2018-01-01')"
        ) == [("75114", 1, ["75114"]), (None, 6, ["44060", "NOWHERE"])]

    @settings(
        max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(data=st.data(), start=st.sampled_from([2012, 2015, 2017, 2019]),
           end=st.sampled_from([2016, 2018, 2020, 2026]))  # fmt: skip
    def test_a_recast_keeps_the_total(self, here, data, start, end):
        codes = sorted(
            code for (code,) in here.ask(
                "select code from reference.commune where period @> %s::date "
                "and departement in ('14', '49', '85', '60', '75', '50')", f"{start}-01-01")
        )  # fmt: skip
        chosen = data.draw(st.lists(st.sampled_from([*codes, "xxxxx"]), min_size=1, max_size=40))
        amounts = data.draw(
            st.lists(st.integers(0, 10**6), min_size=len(chosen), max_size=len(chosen))
        )
        found = here.ask(
            "select amount, n_missing from reference.recast_sum(%s, %s, %s, %s)",
            chosen, amounts, date(start, 1, 1), date(end, 1, 1),
        )  # fmt: skip
        if not any(missing for _, missing in found):
            assert sum(amount for amount, _ in found) == sum(amounts)

    def test_a_class_is_kept_where_all_agree(self, here):
        old = ["44017", "44093", "44180", "44191", "44219", "49144"]
        found = here.ask(
            "select class, largest_class, agreed, n_sources, n_missing from "
            "reference.recast_class(%s, %s, '2017-01-01', '2018-01-01')", old, ["rural"] * 6
        )  # fmt: skip
        assert found == [("rural", "rural", True, 6, 0)]

    def test_a_class_that_differs_is_told_with_that_of_most_inhabitants(self, here):
        old = ["44017", "44093", "44180", "44191", "44219", "49144"]
        classes = ["rural", "rural", "bourg", "rural", "rural", "bourg"]
        populations = {
            row["code_insee"]: int(row["population"])
            for row in shipped("communes_populations.csv.gz")
            if row["annee"] == "2013" and row["code_insee"] in old
        }
        by_class: dict[str, int] = defaultdict(int)
        for code, kind in zip(old, classes, strict=True):
            by_class[kind] += populations[code]
        found = here.ask(
            "select class, largest_class, agreed from "
            "reference.recast_class(%s, %s, '2017-01-01', '2018-01-01')", old, classes
        )  # fmt: skip
        assert found == [(None, max(by_class, key=by_class.__getitem__), False)]

    def test_a_class_that_one_source_lacks_is_not_agreed(self, here):
        assert here.ask(
            "select class, largest_class, agreed, n_missing from "
            "reference.recast_class(array['49144', '44180', '92050', 'nowhere'], "
            "array['a', 'a', 'b', 'c'], '2017-01-01', '2018-01-01')"
        ) == [(None, None, False, 4), ("b", "b", True, 0), (None, None, False, 0)]


class TestZonings:
    @pytest.mark.parametrize(
        ("family", "code", "on", "expected"),
        [
            ("qpv", "92050", "2016-01-01", True),
            ("qpv", "92012", "2016-01-01", None),  # not on a list that is not complete
            ("qpv", "92050", "2014-12-31", None),  # before it
            ("qpv", "92050", "2024-06-01", None),  # QPV 2024: no file yet
            ("qpv", "97411", "2016-01-01", None),  # mainland only
            ("qpv", "13201", "2016-01-01", None),  # the list speaks of Marseille only
            ("qpv", "13055", "2016-01-01", True),
            ("zus", "92012", "2014-12-31", True),
            ("zus", "92051", "2014-12-31", False),
            ("zus", "93066", "2014-12-31", None),  # only the 92 is there
            ("zus", "92012", "2015-01-01", None),
            ("zrr", "01060", "2023-06-01", True),
            ("zrr", "92050", "2023-06-01", False),
            ("zrr", "01060", "2024-07-01", None),
            ("frr", "01060", "2025-01-01", None),
            ("qpv", "97801", "2016-01-01", None),
            ("qpv", "99999", "2016-01-01", None),
        ],
    )
    def test_in_it_not_in_it_or_unknown(self, here, family, code, on, expected):
        assert here.ask("select reference.in_zoning(%s, %s, %s)", family, code, on) == [(expected,)]

    def test_four_communes_of_the_92_lost_their_zone_in_2015(self, here):
        """A break of series: 13 communes had a ZUS."""
        rows = here.ask(
            "select distinct commune, reference.in_zoning('qpv', commune, '2015-06-01') "
            "from reference.zoning_commune where zoning = 'zus_1996'"
        )
        assert len(rows) == 13
        assert {code for code, now in rows if not now} == {"92012", "92014", "92032", "92071"}

    def test_the_list_says_whether_it_is_there_and_complete(self, here):
        assert here.ask(
            "select zoning, loaded, complete from reference.zoning where family = 'qpv' order by 1"
        ) == [
            ("qpv_2015", True, False), ("qpv_2015_drom", False, True), ("qpv_2024", False, True),
            ("qpv_2024_drom", False, True),
        ]  # fmt: skip


class TestAddedZoning:
    HEADER = "code_qp,lib_qp,insee_com\n"

    def add(
        self, desk, text: str, name: str = "zonage_qpv_2024.csv", encoding: str = "utf-8"
    ) -> None:
        folder = desk.home / "reference"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding=encoding)

    def test_an_operator_adds_qpv_2024_and_takes_it_away(self, desk):
        question = (
            "select reference.in_zoning('qpv', '92050', '2024-06-01'), "
            "reference.in_zoning('qpv', '92012', '2024-06-01'), "
            "reference.in_zoning('qpv', '92050', '2016-06-01')"
        )
        self.add(desk, self.HEADER + 'QN09201M,Le Parc,92050\nQN09202M,A et B,"92002, 92004"\n')
        prepare.fn("senacs")

        assert desk.ask(question) == [(True, False, True)]
        assert desk.ask(
            "select line_no, commune, area, name from reference.zoning_commune "
            "where zoning = 'qpv_2024' order by 1, 2"
        ) == [
            (2, "92050", "QN09201M", "Le Parc"), (3, "92002", "QN09202M", "A et B"),
            (3, "92004", "QN09202M", "A et B"),
        ]  # fmt: skip

        (desk.home / "reference" / "zonage_qpv_2024.csv").unlink()
        prepare.fn("senacs")

        assert desk.ask(question) == [(None, None, True)]

    def test_a_list_with_a_status_holds_the_classed(self, desk):
        self.add(
            desk,
            "\ufeffcodgeo;libgeo;codefrr\n01060;a;FRR+\n01080;b;NC\n01101;c;\n",
            "zonage_frr_2024.csv",
        )
        prepare.fn("senacs")

        assert desk.ask(
            "select code, reference.in_zoning('frr', code, '2025-01-01') "
            "from unnest(array['01060', '01080', '01101']) code"
        ) == [("01060", True), ("01080", False), ("01101", False)]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("nom;population\nx;1\n", r"zonage_qpv_2024.csv, line 2: no commune"),
            ("code_qp;insee_com\nQN1;Nanterre\n", r"line 2: 'Nanterre' is no commune's code"),
        ],
    )
    def test_a_list_without_communes_is_refused_and_changes_nothing(self, desk, text, said):
        before = desk.ask("select count(*) from reference.zoning_commune")
        self.add(desk, text)

        with pytest.raises(ConfigurationError, match=said):
            prepare.fn("senacs")

        assert desk.ask("select count(*) from reference.zoning_commune") == before

    def test_a_list_in_another_encoding_is_refused(self, desk):
        self.add(desk, self.HEADER + "QN1;Cité;92050\n", encoding="cp1252")

        with pytest.raises(ConfigurationError, match=r"zonage_qpv_2024.csv: not in UTF-8"):
            prepare.fn("senacs")

    def test_one_that_takes_a_shipped_list_s_place(self, desk):
        self.add(desk, "code_insee\n92012\n", "zonage_qpv_2015.csv")
        prepare.fn("senacs")

        assert desk.ask(
            "select reference.in_zoning('qpv', '92012', '2016-01-01'), "
            "reference.in_zoning('qpv', '92050', '2016-01-01')"
        ) == [(True, None)]


class TestUpgrade:
    def test_a_warehouse_of_before_is_filled(self, desk):
        """Communes are loaded already, without what became of them."""
        with desk.engine.begin() as connection:
            connection.exec_driver_sql("delete from reference.commune_successor")
            connection.exec_driver_sql("delete from reference.departement_region")
            connection.exec_driver_sql("delete from reference.commune_moved")
            connection.exec_driver_sql("delete from reference.zoning")
            connection.exec_driver_sql(
                "delete from reference.shipped_file where name not in "
                "('regions.csv', 'departements.csv', 'structures_avs_reelles.csv')"
            )
        prepare.fn("senacs")

        assert desk.ask(
            "select reference.departement_of('49144', '2020-01-01'), "
            "reference.region_of('59', '2020-01-01'), "
            "reference.in_zoning('zus', '92050', '2010-01-01')"
        ) == [("44", "32", True)]


class TestCafAndCollections:
    def test_one_caf_a_departement_but_for_what_is_not_sure(self, here):
        assert here.ask(
            "select d.code, count(*) from reference.departement d, "
            "reference.caf_of(d.code, '2012-01-01') where d.zone <> 'com' "
            "group by 1 having count(*) <> 1"
        ) == [("64", 2)]
        assert here.ask(
            "select count(*), count(distinct departement) from reference.caf "
            "where period @> date '2026-01-01'"
        ) == [(101, 101)]
        assert {
            code for (code,) in here.ask("select departement from reference.caf where not verified")
        } == {"64", "971", "976"}

    @pytest.mark.parametrize(
        ("data_year", "territories", "departements"),
        [(2010, 8, 18), (2011, 10, 37), (2012, 13, 42)],
    )
    def test_the_pilot_territories(self, here, data_year, territories, departements):
        assert here.ask(
            "select count(distinct territory), count(*) from reference.collection_territory "
            "where data_year = %s", data_year
        ) == [(territories, departements)]  # fmt: skip

    def test_what_the_sources_do_not_say_is_not_filled_in(self, here):
        assert here.ask(
            "select data_year, territories_stated, departements_stated, membership "
            "from reference.collection_extent where data_year between 2010 and 2016 order by 1"
        ) == [
            (2010, 8, None, "listee"), (2011, 10, 35, "listee"), (2012, 13, None, "listee"),
            (2013, None, None, "inconnue"), (2014, None, 79, "inconnue"),
            (2015, None, None, "inconnue"), (2016, None, None, "toutes"),
        ]  # fmt: skip
        assert here.ask(
            "select count(*) from reference.collection_territory t join "
            "reference.collection_extent e using (data_year) where e.membership <> 'listee'"
        ) == [(0,)]

    def test_territories_are_of_known_departements(self, here):
        assert here.ask(
            "select departement from reference.collection_territory union "
            "select departement from reference.caf union "
            "select departement from reference.collectivite except "
            "select code from reference.departement"
        ) == []  # fmt: skip


class TestNoOverlap:
    """Two periods of one thing at one date cannot be written, whoever writes."""

    @pytest.mark.parametrize(
        "row",
        [
            "reference.commune (code, name, valid_from, departement) "
            "values ('92050', 'Nanterre bis', '2012-01-01', '92')",
            "reference.commune (code, name, valid_from, valid_to, departement) "
            "values ('49144', 'Freigné', '2012-01-01', '2012-02-01', '49')",
            "reference.commune_epci (commune, epci, first_year, last_year) "
            "values ('69123', '1', 2013, 2013)",
            "reference.epci (siren, name, nature, first_year, last_year) "
            "values ('200046977', 'x', 'CC', 2020, 2020)",
            "reference.departement_region (departement, region, valid_from) "
            "values ('92', '93', '2020-01-01')",
            "reference.region (code, name, valid_from) values ('11', 'x', '2020-01-01')",
            "reference.commune_moved (code, departement, valid_from) "
            "values ('49144', '85', '2020-01-01')",
            "reference.collectivite (code, name, departement, valid_from, verified, source) "
            "values ('20R', 'x', '2A', '2020-01-01', '', '')",
            "reference.caf (departement, name, verified) values ('92', 'Caf des Hauts-de-Seine', "
            "true)",
            "reference.zoning (zoning, family, label, valid_from, geography, scope, complete, "
            "file, source) values ('x', 'zrr', '', '2023-01-01', '2023-01-01', 'metro,drom', true, "
            "'', '')",
        ],
        ids=lambda row: row.split()[0],
    )
    def test_an_overlap_is_refused(self, here, row):
        with pytest.raises(IntegrityError) as raised, here.engine.begin() as connection:
            connection.exec_driver_sql(f"insert into {row}")
        assert isinstance(raised.value.orig, errors.ExclusionViolation)

    def test_what_only_touches_is_taken(self, here):
        with here.engine.connect() as connection:
            connection.exec_driver_sql(
                "insert into reference.commune (code, name, valid_from, departement) "
                "values ('49144', 'Freigné', '2018-01-01', '49')"
            )
            connection.rollback()

    def test_the_files_themselves_do_not_overlap(self):
        """By another path than the database's."""
        periods = defaultdict(list)
        for row in shipped("communes_historique.csv"):
            periods[row["code_insee"]].append((row["debut"], row["fin"] or "9999"))
        assert all(
            end <= begin
            for spans in periods.values()
            for (_, end), (begin, _) in pairwise(sorted(spans))
        )


class TestInTheLayers:
    def test_a_structure_with_an_old_code_lies_where_its_commune_went(self, desk):
        """Freigné, 49144, is in the Loire-Atlantique from data year 2018 on."""
        with desk.engine.begin() as connection:
            for data_year in (2017, 2018):
                execute(connection, "department/open_year", data_year=data_year)
                connection.exec_driver_sql(
                    "insert into national.unit (collection, data_year, unit_id, territory, "
                    "population, departement, region, manager, in_scope, delivered, responded) "
                    "values "
                    "('registre', %s, '49-1', '49', 'CS', '49', '52', 'x', true, true, true)",
                    (data_year,),
                )
                connection.exec_driver_sql(
                    "insert into national.observation (collection, data_year, territory, unit_id, "
                    "variable, text, status) values "
                    "('registre', %s, '49', '49-1', 'commune', '49144', 'reported')",
                    (data_year,),
                )
                execute(
                    connection, "national/registre/structure",
                    collection="registre", territory="49", data_year=data_year,
                )  # fmt: skip

        assert desk.ask(
            "select data_year, departement, commune from reference.structure order by 1"
        ) == [(2017, "49", "49144"), (2018, "44", "49144")]

    @pytest.mark.parametrize(
        ("data_year", "departement", "region"),
        [(2015, "59", "31"), (2016, "59", "32"), (2011, "976", "06"), (2020, "978", "ZZ")],
    )
    def test_the_region_of_a_unit_is_that_of_its_data_year(
        self, desk, data_year, departement, region
    ):
        with desk.engine.begin() as connection:
            execute(connection, "department/open_year", data_year=data_year)
            connection.exec_driver_sql(
                "insert into department.record (collection, data_year, territory, row_number, "
                "unit_id, population, departement, accepted) values "
                "('fonjep', %s, 'x', 2, 'a', 'poste', %s, true)",
                (data_year, departement),
            )
            execute(
                connection, "national/unit_from_export",
                collection="fonjep", territory="x", data_year=data_year, population="poste",
            )  # fmt: skip

        assert desk.ask("select departement, region from national.unit") == [(departement, region)]


class TestOtherServers:
    """The same answers on the embedded PostgreSQL and on another, for an ordinary owner."""

    ROLE = "ordinary_owner"

    @pytest.fixture(params=["server", "other_server"])
    def owned(self, request, tmp_path):
        """A database of a role that is no superuser; everything is done as that role."""
        chosen = request.getfixturevalue(request.param)
        url = chosen.create()
        admin = create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"create role {self.ROLE} nosuperuser")
            # As the migration asks an administrator to: an ordinary owner makes no role.
            there = {n for (n,) in connection.exec_driver_sql("select rolname from pg_roles")}
            for role in (*(role.in_database for role in Role), *PORTAL_ROLES):
                if role not in there:
                    bypass = "bypassrls" if role == Role.FLOWS.in_database else ""
                    connection.exec_driver_sql(f"create role {role} nologin {bypass}")
                connection.exec_driver_sql(f"grant {role} to {self.ROLE} with admin option")
            connection.exec_driver_sql(f"alter database {name_of(url)} owner to {self.ROLE}")
            connection.exec_driver_sql(f"alter database {name_of(url)} set role to {self.ROLE}")
        with installation(url, tmp_path) as made:
            yield made
        chosen.drop(url)
        admin.dispose()
        admin = create_engine(chosen.url("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"drop role {self.ROLE}")
        admin.dispose()

    def test_no_superuser_is_needed(self, owned):
        prepare.fn("senacs")

        assert owned.ask("select rolname, rolsuper from pg_roles where rolname = current_user") == [
            (self.ROLE, False)
        ]
        assert owned.ask(
            "select (select string_agg(commune, ' ') from "
            "reference.commune_became('14712', '2018-01-01', '2020-01-01')), "
            "reference.departement_of('49144', '2020-01-01'), "
            "reference.region_of('59', '2015-12-31'), "
            "reference.in_zoning('qpv', '92050', '2016-01-01'), "
            "(select sum(amount) from reference.recast_sum(array['14712', '49144'], "
            "array[100, 7], '2017-06-01', '2020-01-01')), "
            "(select count(*) from reference.commune_passage('2012-01-01', '2026-01-01'))"
        ) == [("14666 14712", "44", "31", True, 107, 36_707)]
