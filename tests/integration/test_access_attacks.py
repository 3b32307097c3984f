"""Who tries to read or write what is not theirs, by every way that SQL has, gets nothing."""

# ruff: noqa: S608 - the statements are our own

import re
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from psycopg import errors

from tests.support.attacked import MINE, SCHEMAS, THEIRS, YEAR, Attacked, attacked

SAID_BY_TERRITORY = (
    "reference.structure", "reference.campaign_departement", "intake.receipt", "intake.run",
    "department.delivery", "department.record", "department.answer", '"national".unit',
    '"national".observation', "query.item", "query.reply", "query.returned_file", "query.state",
    "query.reply_in_force", "quality.examined_run", "quality.finding_by_rule",
    "quality.unit_response", "quality.item_response", "quality.punctuality",
    "quality.campaign_calendar", "quality.campaign_state", "reference.campaign_territory",
    "intake.calendar_step", "intake.calendar_visit", "intake.calendar_decision",
)  # fmt: skip
"""What a correspondent may read of their own; the sweep must have seen both sides of each."""


@pytest.fixture(scope="module", params=["server", "other_server"])
def house(request, tmp_path_factory) -> Iterator[Attacked]:
    """On the newest PostgreSQL, and on the oldest that there is."""
    chosen = request.getfixturevalue(request.param)
    with attacked(chosen, tmp_path_factory.mktemp("attacked")) as made:
        yield made


@pytest.fixture
def me(house) -> Iterator[psycopg.Connection]:
    """The correspondent of the first territory, logged in."""
    with house.as_(house.correspondent) as connection:
        yield connection


def swept(house: Attacked, me: psycopg.Connection) -> dict[str, tuple[int, list[str]]]:
    """All that a session can read of the warehouse: rows of each relation, and those not its own.

    What is published is everybody's: `test_of_publications_what_is_released_and_no_more`.
    """
    secrets = house.secrets()
    found = {}
    for name, kind, says_territory in house.relations():
        if name.startswith("publication."):
            continue
        try:
            whole = "last_value::text" if kind == "S" else "t::text"
            rows = me.execute(f"select {whole} from {name} t").fetchall()
        except errors.InsufficientPrivilege:
            continue
        foreign = [row for (row,) in rows if any(secret in row for secret in secrets)]
        if says_territory:
            query = f"select t::text from {name} t where territory <> %s"
            foreign += [row for (row,) in me.execute(query, [MINE])]
        assert kind != "S", f"{name} is readable"
        found[name] = (len(rows), foreign)
    return found


def refused(me: psycopg.Connection, statement: str) -> psycopg.Error:
    """The error that a statement ends with; that it does is the point."""
    with pytest.raises(psycopg.Error) as raised:
        me.execute(statement)
    return raised.value


class TestReading:
    def test_the_flows_ran_as_a_login_that_may_nothing_else(self, house):
        with house.as_(house.flows) as flows:
            # Without the role the login is under row-level security, and no policy is for it.
            assert flows.execute("select count(*) from department.answer").fetchone() == (0,)
            refused(flows, "create table department.mine (a integer)")
            refused(flows, "select * from access.holding")
            refused(flows, "alter table department.answer disable row level security")
            flows.execute("set role senacs_etl")
            refused(flows, "create role another")
            refused(flows, "grant senacs_national_analyst to current_user")
            refused(flows, "update query.event set reason = ''")

    def test_every_relation_of_the_catalogue(self, house, me):
        found = swept(house, me)

        assert {name for name, (_, foreign) in found.items() if foreign} == set()
        assert {name for name in SAID_BY_TERRITORY if not found[name][0]} == set()
        for name in SAID_BY_TERRITORY:
            assert house.made.ask(f"select 1 from {name} where territory = %s limit 1", THEIRS)
        assert not found.keys() & {
            "indicator.cell", "indicator.stored_cell", "indicator.figure",
            "indicator.part", "indicator.region_part", "indicator.panel_part",
            "indicator.panel", "indicator.change", "indicator.basis", "intake.export",
            "intake.sighting", "access.event", "reference.avs_place", "public.alembic_version",
        }  # fmt: skip

    @pytest.mark.parametrize("who", ["correspondent", "analyst", "public"])
    def test_of_publications_what_is_released_and_no_more(self, house, who):
        with house.as_(getattr(house, who)) as anyone:
            assert anyone.execute("select number from publication.vintage").fetchall() == [(1,)]
            (seen,) = anyone.execute("select count(*) from publication.stored_figure").fetchone()
            assert house.made.ask("select count(*) from publication.stored_figure") == [(seen + 1,)]
            assert anyone.execute(
                "select count(*) from publication.figure where status = 'hidden'"
            ).fetchone() > (0,)
            assert anyone.execute(
                "select count(*) from publication.figure where status = 'hidden' and "
                "coalesce(value, n_base, n_item, estimate) is not null"
            ).fetchone() == (0,)
            for table in ("cell", "unit", "answer", "checks"):
                assert isinstance(
                    refused(anyone, f"select from publication.{table}"),
                    errors.InsufficientPrivilege,
                )
            refused(anyone, "delete from publication.release")

    @pytest.mark.parametrize(
        ("hole", "mended"),
        [
            (
                "alter table department.answer disable row level security",
                "alter table department.answer enable row level security",
            ),
            (
                "alter view query.state set (security_invoker = false)",
                "alter view query.state set (security_invoker = true)",
            ),
            (
                "create policy hole on intake.finding for select to senacs_correspondent "
                "using (true)",
                "drop policy hole on intake.finding",
            ),
            (
                "grant select on intake.sighting to senacs_correspondent; "
                "alter table intake.sighting disable row level security",
                "alter table intake.sighting enable row level security; "
                "revoke select on intake.sighting from senacs_correspondent",
            ),
        ],
    )
    def test_the_sweep_sees_a_hole(self, house, me, hole, mended):
        def do(statements: str) -> None:
            with house.made.engine.begin() as connection:
                for statement in statements.split("; "):
                    connection.exec_driver_sql(statement)

        do(hole)
        try:
            assert [name for name, (_, foreign) in swept(house, me).items() if foreign]
        finally:
            do(mended)
        assert not [name for name, (_, foreign) in swept(house, me).items() if foreign]

    def test_the_owner_counts_more_than_the_correspondent(self, house, me):
        for table in ("department.answer", "national.observation", "intake.finding"):
            (all_rows,) = house.made.ask(f"select count(*) from {table}")[0]
            (own,) = me.execute(f"select count(*) from {table}").fetchone()
            assert 0 < own < all_rows

    @pytest.mark.parametrize(
        "query",
        [
            f"select count(*) from department.answer where territory = '{THEIRS}'",
            f"select count(*) filter (where territory <> '{MINE}') from national.unit",
            "select count(*) from department.answer a join department.record r "
            f"using (unit_id) where r.territory = '{THEIRS}' or a.territory = '{THEIRS}'",
            "select count(*) from codebook.collection c "
            "left join intake.run r on r.collection = c.collection "
            f"and r.territory = '{THEIRS}' where r.run_id is not null",
            "select count(*) from department.answer tablesample system (100) "
            f"where territory = '{THEIRS}'",
            f"select count(*) from (select ctid, tableoid from department.answer "
            f"where territory <> '{MINE}') t",
            "with recursive t as (select territory from department.delivery union "
            "select r.territory from t, intake.run r) "
            f"select count(*) from t where territory <> '{MINE}'",
            "select count(*) from ts_stat($$select to_tsvector('simple', territory) "
            f"from department.delivery$$) where word = '{THEIRS}'",
            "select count(*) from pg_stats where schemaname in "
            "('department', 'national', 'intake', 'query', 'access') "
            "or (schemaname, tablename) = ('reference', 'structure')",
            "select count(*) from pg_stats_ext",
            "select count(*) from pg_stat_activity where usename <> session_user "
            "and query not in ('', '<insufficient privilege>')",
            "select count(*) from pg_sequences where last_value is not null",
            "select count(*) from pg_prepared_statements",
            "select count(*) from pg_cursors where statement not like '%pg_cursors%'",
        ],
    )
    def test_a_question_about_others_counts_nothing(self, me, query):
        assert me.execute(query).fetchone() == (0,)

    def test_copy_gives_only_own_rows(self, me):
        with me.cursor().copy("copy department.delivery to stdout") as copy:
            lines = b"".join(copy).decode().splitlines()
        assert {line.split("\t")[2] for line in lines} == {MINE}

    def test_explain_analyze_passes_on_no_foreign_row(self, me):
        """How many rows a policy took away is told (docs/access.md says so), no row is."""
        (plan,) = me.execute(
            "explain (analyze, verbose, format json) select * from department.delivery"
        ).fetchone()
        (own,) = me.execute("select count(*) from department.delivery").fetchone()
        assert plan[0]["Plan"]["Actual Rows"] == own
        assert not re.search(r"[0-9a-f]{64}", str(plan))

    def test_what_the_planner_remembers_is_of_no_answer(self, house, me):
        """`explain` of a leakproof comparison would find a value by halves."""
        [(common,)] = house.made.ask(
            f"select raw from department.answer where territory = '{THEIRS}' "
            "and length(raw) > 3 group by 1 order by count(*) desc limit 1"
        )

        def guessed(condition: str) -> float:
            query = f"explain (format json) select 1 from department.answer where {condition}"
            (plan,) = me.execute(query).fetchone()
            return plan[0]["Plan"]["Plan Rows"]

        for operator in ("=", "<", ">"):
            assert guessed(f"raw {operator} $${common}$$") == guessed(f"raw {operator} 'zzz?'")
        assert guessed(f"starts_with(raw, $${common}$$)") == guessed("starts_with(raw, 'zzz?')")
        assert house.made.ask("select * from access.told_by_statistics") == []

        # With statistics it would be told: this is what is kept out.
        def do(*statements: str) -> None:
            with house.made.engine.begin() as connection:
                for statement in statements:
                    connection.exec_driver_sql(statement)

        do(
            "alter table department.answer alter raw set statistics 100",
            "analyze department.answer",
        )
        assert guessed(f"raw = $${common}$$") != guessed("raw = 'zzz?'")
        do("call access.keep_out_of_statistics()")
        assert guessed(f"raw = $${common}$$") == guessed("raw = 'zzz?'")

    @pytest.mark.parametrize(
        "statement",
        [
            "select raw::integer from department.answer where raw is not null",
            "select count(*) from department.answer where raw::integer / 0 = 1",
            "select 1 / (case when raw is null then 1 else 0 end) from department.answer",
            "select ('{' || raw)::json from department.answer where raw is not null",
            "do $$ declare r record; begin for r in select raw from department.answer "
            "where raw is not null loop perform r.raw::integer; end loop; end $$",
            "select raw::integer from intake.finding where raw is not null",
            "select message::integer from query.item",
        ],
    )
    def test_an_error_says_nothing_of_others(self, house, me, statement):
        """Own rows make it fail; nothing in what it says is a value that only others have."""
        theirs = {
            value
            for query in (
                "select raw from department.answer where territory {} '{}' and length(raw) > 5",
                "select message from query.item where territory {} '{}'",
            )
            for value in only(house, query)
        }
        error = refused(me, statement)
        told = " ".join(filter(None, (str(error), error.diag.message_detail, error.diag.context)))
        assert theirs
        assert not [value for value in theirs if value in told]

    def test_a_plan_is_not_kept_for_another_role(self, house, me):
        me.execute("prepare own as select count(*) from department.answer where territory <> $1")
        assert me.execute(f"execute own ('{MINE}')").fetchone() == (0,)
        me.execute("set role senacs_correspondent")
        assert me.execute(f"execute own ('{MINE}')").fetchone() == (0,)
        me.execute("reset role")
        # An administrator's own session, who takes the correspondent's role, is nobody's.
        with house.made.engine.connect() as connection:
            connection.exec_driver_sql("set local role senacs_correspondent")
            answer = connection.exec_driver_sql("select count(*) from department.answer")
            assert answer.scalar_one() == 0

    def test_others_are_told_nothing_of_holdings(self, me, house):
        rows = me.execute("select login, territory from access.holding").fetchall()
        assert rows == [(house.correspondent, MINE)]


def only(house: Attacked, query: str) -> set[str]:
    """Values that the other territory has and the own one has not."""
    theirs, mine = (
        {value for (value,) in house.made.ask(query.format("=", code))} for code in (THEIRS, MINE)
    )
    return theirs - mine


class TestBecomingAnother:
    @pytest.mark.parametrize(
        "role", ["senacs", "senacs_etl", "senacs_national_analyst", "pg_read_all_data"]
    )
    def test_set_role(self, me, role):
        assert isinstance(refused(me, f"set role {role}"), errors.InsufficientPrivilege)
        refused(me, f"set session authorization {role}")
        refused(me, f"select set_config('role', '{role}', false)")
        refused(me, f"grant {role} to current_user")

    @pytest.mark.parametrize("how", ["set role senacs_correspondent", "reset role", "set role none",
                                     "reset session authorization"])  # fmt: skip
    def test_a_role_of_ones_own_gives_no_row_more(self, house, me, how):
        me.execute(how)
        assert not [name for name, (_, foreign) in swept(house, me).items() if foreign]

    def test_being_a_member_of_another_login_gives_no_row_more(self, house):
        """Even what an administrator does by mistake: accounts are personal."""
        other = f"other_{house.correspondent}"
        with house.made.engine.begin() as connection:
            connection.exec_driver_sql(f"create role {other} login")
            connection.exec_driver_sql(f"grant senacs_correspondent to {other}")
            connection.exec_driver_sql(f"grant {other} to {house.correspondent}")
            connection.exec_driver_sql(
                "insert into access.holding (login, territory, valid_from, given_by) "
                f"values ('{other}', '{THEIRS}', '2015-01-01', 'essai')"
            )
        try:
            with house.as_(house.correspondent) as me:
                me.execute(f"set role {other}")
                query = "select distinct territory from department.answer"
                assert me.execute(query).fetchall() == [(MINE,)]
        finally:
            with house.made.engine.begin() as connection:
                connection.exec_driver_sql(f"delete from access.holding where login = '{other}'")
                connection.exec_driver_sql(f"drop role {other}")

    def test_row_security_cannot_be_left(self, me):
        me.execute("set row_security = off")
        error = refused(me, "select * from department.answer")
        assert "row-level security" in str(error)

    @pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "<Far>-167:59"])
    def test_an_own_time_zone_moves_no_day(self, house, zone):
        """A right that begins tomorrow or ended yesterday stays that, wherever one says to be."""
        with house.made.engine.begin() as connection:
            connection.exec_driver_sql(
                "insert into access.holding (login, territory, collection, valid_from, "
                f"valid_until, given_by) values ('{house.correspondent}', '{THEIRS}', 'senacs', "
                "(now() at time zone 'Europe/Paris')::date + 1, null, 'essai'), "
                f"('{house.correspondent}', '{THEIRS}', 'registre', '2015-01-01', "
                "(now() at time zone 'Europe/Paris')::date - 1, 'essai')"
            )
        try:
            with house.as_(house.correspondent) as me:
                me.execute(f"set timezone = '{zone}'")
                assert not [name for name, (_, foreign) in swept(house, me).items()
                            if foreign and name != "access.holding"]  # fmt: skip
        finally:
            with house.made.engine.begin() as connection:
                connection.exec_driver_sql(
                    f"delete from access.holding where territory = '{THEIRS}'"
                )


class TestWriting:
    def test_no_relation_takes_a_row_or_gives_one_up(self, house):
        rights = "select oid, relacl::text from pg_class order by 1"
        before = house.made.state(), house.made.ask(rights)
        for login in (house.correspondent, house.analyst, house.public):
            with house.as_(login) as person:
                for name, kind, _ in house.relations():
                    tried = [
                        f"delete from {name}",
                        f"insert into {name} default values",
                        f"lock table {name} in row exclusive mode",
                        f"alter table {name} disable row level security",
                        f"create policy mine on {name} using (true)",
                        f"drop table {name}",
                    ]
                    # Refused by a warning only; the rights below are what they were.
                    with suppress(psycopg.Error):
                        person.execute(f"grant all on {name} to public")
                    if kind in "rp":
                        tried += [
                            f"truncate {name}",
                            f"copy {name} from stdin",
                            f"create trigger t before insert on {name} "
                            "execute function query.refuse_change()",
                        ]
                    if kind == "S":
                        tried = [f"select nextval('{name}')", f"select setval('{name}', 1)"]
                    for statement in tried:
                        assert refused(person, statement), statement
        assert (house.made.state(), house.made.ask(rights)) == before

    def test_an_update_needs_no_known_column(self, house, me):
        for name, kind, _ in house.relations():
            if kind in "rpvm":
                [(column,)] = house.made.ask(
                    "select attname from pg_attribute where attrelid = %s::regclass "
                    "and attnum > 0 order by attnum limit 1",
                    name,
                )
                assert refused(me, f"update {name} set {column} = {column}")

    @pytest.mark.parametrize(
        "statement",
        [
            # Whether a key is there, by the error that its second insertion would give.
            "insert into department.delivery select * from department.delivery",
            "insert into intake.export values (repeat('0', 64), 1, now()) on conflict do nothing",
            f"insert into access.holding (login, territory, valid_from, given_by) "
            f"values (session_user, '{THEIRS}', '2015-01-01', 'me')",
            "delete from access.event",
            "merge into department.delivery d using department.delivery s on true "
            "when matched then delete",
            "select * from department.answer for update",
        ],
    )
    def test_by_hand(self, me, statement):
        assert isinstance(refused(me, statement), errors.InsufficientPrivilege)

    def test_the_record_of_rights_is_not_even_the_owners_to_change(self, house):
        for statement in (
            "update access.event set author = 'x'",
            "delete from access.event",
            "truncate access.event",
            f"update access.holding set territory = '{THEIRS}'",
            "truncate access.holding",
        ):
            with house.made.engine.connect() as connection, pytest.raises(Exception, match="never"):
                connection.exec_driver_sql(statement)


class TestRunningCode:
    @pytest.mark.parametrize("schema", [*SCHEMAS, "public", "pg_temp", "pg_catalog"])
    def test_nothing_can_be_made(self, me, schema):
        """A cheap function of one's own would be asked about rows before the policy."""
        for statement in (
            f"create function {schema}.peek(text) returns boolean language plpgsql "
            "cost 0.0000001 as $$ begin raise notice '%', $1; return true; end $$",
            f"create table {schema}.mine (a text)",
            f"create view {schema}.mine as select 1",
            f"create operator {schema}.=== (leftarg = text, rightarg = text, "
            "function = pg_catalog.texteq)",
            f"create domain {schema}.mine as text check (value <> '')",
        ):
            assert refused(me, statement), statement

    @pytest.mark.parametrize(
        "statement",
        [
            "create temporary table answer (a text)",
            "create schema mine",
            "create extension dblink",
            "create extension postgres_fdw",
            "create extension adminpack",
            "copy (select 1) to program 'true'",
            "copy (select 1) to '/tmp/x'",
            "create publication p for all tables",
            "create server s foreign data wrapper postgres_fdw",
            "select pg_read_file('PG_VERSION')",
            "select pg_ls_dir('.')",
            "select lo_import('/etc/hostname')",
            "select * from pg_statistic",
            "select rolpassword from pg_authid",
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'senacs'",
            "alter system set row_security = off",
            "alter role senacs_correspondent bypassrls",
            "create role mine",
            "select department.open_year(1999)",
            "select reference.renew_statistics()",
            "call access.keep_out_of_statistics()",
            "create or replace view indicator.figure as select 1",
            "select pg_create_logical_replication_slot('s', 'test_decoding')",
            "set session_replication_role = replica",
        ],
    )
    def test_what_only_others_may(self, me, statement):
        assert refused(me, statement)

    def test_a_function_of_the_owner_is_not_led_astray(self, house):
        with house.as_(house.flows) as flows:
            # What a refresh works in may be named like what the owner's functions look at.
            flows.execute("create temporary table pg_class (oid oid, relname text)")
            flows.execute("create temporary table pg_attribute (attrelid oid)")
            flows.execute("set search_path = pg_temp, public")
            flows.execute("select department.open_year(1999)")
        assert house.made.ask("select to_regclass('department.answer_1999')::text") == [
            ("department.answer_1999",)
        ]

    def test_large_objects_hold_nothing(self, house, me):
        assert house.made.ask("select count(*) from pg_largeobject_metadata") == [(0,)]
        refused(me, "select * from pg_largeobject")

    def test_nobody_is_told_by_notification(self, house):
        sources = house.made.ask(
            "select count(*) from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
            f"where n.nspname in {SCHEMAS} and prosrc ~* 'notify'"
        )
        assert sources == [(0,)]


class TestOthers:
    def test_the_analyst_reads_all_and_no_right(self, house):
        with house.as_(house.analyst) as analyst:
            for table in ("department.answer", "indicator.cell", "intake.finding"):
                ours = house.made.ask(f"select count(*) from {table}")
                assert analyst.execute(f"select count(*) from {table}").fetchall() == ours
            refused(analyst, "select * from access.holding")
            refused(analyst, "select * from access.event")

    def test_the_public_reads_what_is_published(self, house):
        with house.as_(house.public) as anyone:
            readable = set()
            for name, _, _ in house.relations():
                try:
                    anyone.execute(f"select from {name} limit 1")
                except errors.InsufficientPrivilege:
                    continue
                readable.add(name)
            assert {name.split(".")[0] for name in readable} == {
                "reference", "codebook", "indicator", "publication",
            }  # fmt: skip
            assert {name for name in readable if name.startswith("indicator.")} == {
                "indicator.series",
            }  # fmt: skip
            assert "publication.figure" in readable
            assert not readable & {"reference.structure", "reference.avs_place"}

    def test_the_hidden_cells_are_there_to_be_hidden(self, house):
        assert house.made.ask("select 1 from indicator.cell where confidential limit 1")
        assert house.made.ask(f"select 1 from indicator.cell where area = '{THEIRS}' "
                              f"and data_year = {YEAR} limit 1")  # fmt: skip
