"""What is due by the calendar: any order of looks at it gives the same, each step once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senacs.calendar import (
    MEMORY,
    PARIS,
    CampaignDates,
    Received,
    Step,
    StepKind,
    TerritoryDates,
    campaign_steps_due,
    collection_due,
    day_begun,
    is_closed,
    paris_day,
    steps_due,
)

PATIENCE = 3
DATES = TerritoryDates(
    opens=date(2027, 1, 15),
    deadline=date(2027, 6, 1),
    closes=date(2027, 10, 31),
    reminders=(date(2027, 3, 1), date(2027, 3, 28), date(2027, 6, 15)),
    query_reminders=(date(2027, 4, 1), date(2027, 7, 1)),
)
LATE = Received(loaded=False, open_queries=2)
ALL_KEYS = {
    "open",
    *(f"remind:{day}" for day in DATES.reminders),
    *(f"remind_of_queries:{day}" for day in DATES.query_reminders),
    "close:2027-10-31",
}
MOMENTS = st.integers(0, 330 * 24 * 60).map(
    lambda minutes: datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
RECEIVED = st.builds(
    Received,
    loaded=st.booleans(),
    open_queries=st.integers(0, 3),
    silent_since=st.none() | st.dates(date(2027, 1, 1), date(2027, 12, 31)),
)
AFTER = datetime(2027, 11, 30, tzinfo=UTC)


def due(
    now: datetime, done: set[str], received: Received = LATE, dates: TerritoryDates = DATES
) -> tuple[Step, ...]:
    """The steps at a moment at which the source was just asked, as the round does."""
    asked = replace(received, collected=now)
    return steps_due(dates, done, asked, now, patience=PATIENCE)


def paris(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=PARIS)  # type: ignore[misc,arg-type]


@given(st.lists(st.tuples(MOMENTS, RECEIVED), max_size=30))
def test_any_looks_and_outages_settle_every_key_once(
    looks: list[tuple[datetime, Received]],
) -> None:
    settled: list[str] = []
    for now, received in sorted(looks, key=lambda look: look[0]):
        for step in due(now, set(settled), received):
            settled += step.settles
    for step in due(AFTER, set(settled)):
        settled += step.settles
    own = [key for key in settled if not key.startswith("silent")]
    assert sorted(own) == sorted(ALL_KEYS)
    assert len(settled) == len(set(settled))


@given(MOMENTS, RECEIVED)
def test_one_look_says_each_thing_once_and_its_second_nothing(
    now: datetime, received: Received
) -> None:
    steps = due(now, set(), received)
    kinds = [step.kind for step in steps]
    assert len(kinds) == len(set(kinds))
    done = {key for step in steps for key in step.settles}
    again = due(now, done, received)
    assert {key for step in again for key in step.settles} & done == set()
    assert StepKind.OPEN not in {step.kind for step in again}


@given(MOMENTS, st.sets(st.sampled_from(sorted(ALL_KEYS)), min_size=1))
def test_nobody_is_told_before_its_day(now: datetime, done: set[str]) -> None:
    for step in due(now, done):
        for key in step.settles:
            day = key.partition(":")[2]
            if step.kind is StepKind.CLOSE:
                assert paris_day(now) > DATES.closes
            elif day:
                assert date.fromisoformat(day) <= day_begun(now)


def test_missed_reminders_become_one() -> None:
    (step,) = due(paris(2027, 3, 29, 8), {"open"}, Received(loaded=False, open_queries=0))
    assert step == Step(StepKind.REMIND, ("remind:2027-03-01", "remind:2027-03-28"))


def test_a_late_opening_settles_the_reminders_before_it() -> None:
    (step,) = due(paris(2027, 3, 2, 8), set())
    assert step == Step(StepKind.OPEN, ("open", "remind:2027-03-01"))


def test_who_delivered_is_not_reminded_of_that_day_later_either() -> None:
    (step,) = due(paris(2027, 3, 2, 8), {"open"}, Received(loaded=True, open_queries=0))
    assert step == Step(StepKind.NOBODY, ("remind:2027-03-01",))
    assert due(paris(2027, 3, 3, 8), {"open", *step.settles}, LATE) == ()


@pytest.mark.parametrize(
    ("waiting", "kind"), [(0, StepKind.NOBODY), (1, StepKind.REMIND_OF_QUERIES)]
)
def test_who_has_answered_all_is_not_reminded(waiting: int, kind: StepKind) -> None:
    done = {"open", "remind:2027-03-01", "remind:2027-03-28"}
    (step,) = due(paris(2027, 4, 1, 8), done, Received(loaded=True, open_queries=waiting))
    assert step == Step(kind, ("remind_of_queries:2027-04-01",))


@pytest.mark.parametrize(("loaded", "kinds"), [
    (False, [StepKind.REMIND]),
    (True, [StepKind.NOBODY, StepKind.SILENT]),
])  # fmt: skip
def test_one_message_tells_of_a_missing_export(loaded: bool, kinds: list[StepKind]) -> None:
    silent = Received(loaded=loaded, open_queries=0, silent_since=date(2027, 2, 26))
    steps = due(paris(2027, 3, 1, 8), {"open"}, silent)
    assert [step.kind for step in steps] == kinds
    done = {"open", *(key for step in steps for key in step.settles)}
    assert due(paris(2027, 3, 2, 8), done, silent) == ()


def test_a_silence_is_told_once_and_the_next_one_again() -> None:
    def told(since: date, now: datetime, done: set[str]) -> tuple[Step, ...]:
        return due(now, done, Received(loaded=False, open_queries=0, silent_since=since))

    first = date(2027, 2, 1)
    assert told(first, paris(2027, 2, 3, 8), {"open"}) == ()
    (step,) = told(first, paris(2027, 2, 4, 8), {"open"})
    assert step.kind is StepKind.SILENT
    assert told(first, paris(2027, 2, 9, 8), {"open", *step.settles}) == ()
    assert told(date(2027, 2, 10), paris(2027, 2, 14, 8), {"open", *step.settles})


@pytest.mark.parametrize(
    ("midnight", "day"),
    [
        (datetime(2027, 3, 27, 23, tzinfo=UTC), date(2027, 3, 28)),
        (datetime(2027, 3, 28, 22, tzinfo=UTC), date(2027, 3, 29)),
        (datetime(2027, 10, 30, 22, tzinfo=UTC), date(2027, 10, 31)),
        (datetime(2027, 10, 31, 23, tzinfo=UTC), date(2027, 11, 1)),
    ],
)
def test_days_turn_at_midnight_in_paris_at_both_changes(midnight: datetime, day: date) -> None:
    assert paris_day(midnight) == day
    assert paris_day(midnight - timedelta(microseconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    "six", [datetime(2027, 3, 28, 4, tzinfo=UTC), datetime(2027, 10, 31, 5, tzinfo=UTC)]
)
def test_mornings_begin_at_six_in_paris_at_both_changes(six: datetime) -> None:
    assert day_begun(six) == paris_day(six)
    assert day_begun(six - timedelta(microseconds=1)) == paris_day(six) - timedelta(days=1)


class TestClosing:
    LAST_MOMENT = datetime(2027, 10, 31, 22, 59, 59, tzinfo=UTC)

    def test_it_is_not_due_on_the_last_day_to_its_very_end(self) -> None:
        done = ALL_KEYS - {"close:2027-10-31"}
        assert due(self.LAST_MOMENT, done) == ()
        (step,) = due(self.LAST_MOMENT + timedelta(seconds=1), done)
        assert step == Step(StepKind.CLOSE, ("close:2027-10-31",))

    def test_on_the_last_day_people_are_still_reminded(self) -> None:
        dates = replace(DATES, reminders=(DATES.closes,), query_reminders=())
        (step,) = due(self.LAST_MOMENT, {"open"}, dates=dates)
        assert step == Step(StepKind.REMIND, ("remind:2027-10-31",))

    def test_it_waits_for_the_last_visit(self) -> None:
        now = self.LAST_MOMENT + timedelta(hours=1)
        for collected in (None, self.LAST_MOMENT):
            seen = replace(LATE, collected=collected)
            assert steps_due(DATES, {"open"}, seen, now, patience=PATIENCE) == ()
            assert collection_due(DATES, {"open"}, seen, now)

    def test_a_reopened_territory_is_told_and_closes_again(self) -> None:
        again = replace(DATES, closes=date(2027, 11, 10))
        assert is_closed(DATES, ALL_KEYS)
        assert not is_closed(again, ALL_KEYS)
        (told,) = due(paris(2027, 11, 5, 8), ALL_KEYS, dates=again)
        assert told == Step(StepKind.REOPEN, ("reopen:2027-11-10",))
        done = {*ALL_KEYS, *told.settles}
        assert due(paris(2027, 11, 6, 8), done, dates=again) == ()
        (closed,) = due(paris(2027, 11, 11), done, dates=again)
        assert closed == Step(StepKind.CLOSE, ("close:2027-11-10",))

    def test_what_closed_before_the_calendar_first_looked_is_history(self) -> None:
        last = datetime(2027, 10, 31, tzinfo=PARIS) + MEMORY
        assert due(last, set())[0].kind is StepKind.CLOSE
        assert due(last + timedelta(days=1), set()) == ()
        assert due(last + timedelta(days=1), {"open"})[0].kind is StepKind.CLOSE


class TestCollection:
    def asked(
        self, now: datetime, collected: datetime | None, done: set[str] | None = None
    ) -> bool:
        return collection_due(DATES, done or {"open"}, replace(LATE, collected=collected), now)

    def test_each_morning_once(self) -> None:
        morning = paris(2027, 3, 28, 6)
        assert not self.asked(morning - timedelta(minutes=1), morning - timedelta(days=1))
        assert self.asked(morning, morning - timedelta(days=1))
        assert not self.asked(morning + timedelta(hours=20), morning)
        assert self.asked(morning + timedelta(days=1), morning)

    def test_on_the_last_day_as_on_any_other(self) -> None:
        before, morning = paris(2027, 10, 30, 6), paris(2027, 10, 31, 6)
        assert not self.asked(morning - timedelta(hours=2), before)
        assert self.asked(morning, before)
        assert not self.asked(TestClosing.LAST_MOMENT, morning)

    def test_not_before_it_opens(self) -> None:
        assert not collection_due(DATES, set(), LATE, paris(2027, 1, 14, 23, 59))
        assert not collection_due(DATES, set(), LATE, paris(2027, 1, 15, 5, 59))
        assert collection_due(DATES, set(), LATE, paris(2027, 1, 15, 6))

    @given(st.integers(0, 40 * 24))
    def test_after_the_last_day_once_more_whenever_that_is(self, hours: int) -> None:
        now = paris(2027, 11, 1) + timedelta(hours=hours)
        assert self.asked(now, paris(2027, 10, 31, 6))
        assert not self.asked(now + timedelta(hours=1), now)
        assert not self.asked(now, paris(2027, 10, 31, 6), ALL_KEYS)

    @given(st.lists(MOMENTS, min_size=1, max_size=60))
    def test_a_day_is_never_asked_twice(self, looks: list[datetime]) -> None:
        collected: datetime | None = None
        asked = []
        for now in sorted(looks):
            if self.asked(now, collected):
                collected = now
                asked.append(now if paris_day(now) > DATES.closes else day_begun(now))
        assert len(asked) == len(set(asked))


class TestCampaign:
    DATES = CampaignDates(
        date(2027, 1, 15), date(2027, 10, 31), date(2027, 12, 1), date(2028, 3, 1)
    )
    KEYS = frozenset({"open", "close:2027-10-31", "provisional:2027-12-01", "final:2028-03-01"})

    @given(st.lists(st.integers(0, 500 * 24), max_size=20))
    def test_any_looks_settle_every_key_once(self, hours: list[int]) -> None:
        settled: list[str] = []
        looks = [paris(2027, 1, 1) + timedelta(hours=hour) for hour in sorted(hours)]
        for now in (
            paris(2027, 2, 1),
            *(n for n in looks if n > paris(2027, 2, 1)),
            paris(2028, 9, 1),
        ):
            over = paris_day(now) > self.DATES.closes
            for step in campaign_steps_due(self.DATES, set(settled), now, all_over=over):
                settled += step.settles
        assert sorted(settled) == sorted(self.KEYS)

    def test_it_closes_when_its_last_territory_has(self) -> None:
        now = paris(2027, 11, 2, 8)
        assert campaign_steps_due(self.DATES, {"open"}, now, all_over=False) == ()
        (step,) = campaign_steps_due(self.DATES, {"open"}, now, all_over=True)
        assert step == Step(StepKind.CLOSE, ("close:2027-10-31",))

    def test_of_two_editions_that_are_due_the_final_one_is_told(self) -> None:
        done = {"open", "close:2027-10-31"}
        (step,) = campaign_steps_due(self.DATES, done, paris(2028, 4, 1), all_over=True)
        assert step == Step(StepKind.FINAL, ("provisional:2027-12-01", "final:2028-03-01"))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        paris_day(datetime(2027, 3, 28, tzinfo=UTC).replace(tzinfo=None))
