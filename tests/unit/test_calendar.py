"""What is due by the calendar: any order of looks at it gives the same, each step once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senacs.calendar import (
    PARIS,
    Received,
    StepKind,
    TerritoryDates,
    is_open,
    paris_day,
    steps_due,
)

DATES = TerritoryDates(
    opens=date(2026, 1, 15),
    closes=date(2026, 10, 25),
    reminders=(date(2026, 3, 1), date(2026, 3, 29), date(2026, 6, 1)),
    query_reminders=(date(2026, 4, 1), date(2026, 7, 1)),
)
LATE = Received(loaded=False, open_queries=2)
ALL_KEYS = {
    *(f"remind:{day}" for day in DATES.reminders),
    *(f"remind_of_queries:{day}" for day in DATES.query_reminders),
    "close:2026-10-25",
}
MOMENTS = st.integers(0, 364 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(st.lists(MOMENTS, max_size=30))
def test_any_looks_and_outages_settle_every_key_once(looks: list[datetime]) -> None:
    settled: list[str] = []
    for now in (*looks, datetime(2026, 12, 31, tzinfo=UTC)):
        for step in steps_due(DATES, set(settled), LATE, now):
            settled += step.settles
    assert sorted(settled) == sorted(ALL_KEYS)


@given(MOMENTS)
def test_several_missed_reminders_become_one(now: datetime) -> None:
    kinds = [step.kind for step in steps_due(DATES, set(), LATE, now)]
    assert len(kinds) == len(set(kinds))


def test_who_delivered_and_answered_is_not_reminded() -> None:
    assert steps_due(DATES, set(), Received(True, 0), datetime(2026, 8, 1, tzinfo=PARIS)) == ()


def test_a_reopened_territory_closes_again() -> None:
    again = TerritoryDates(DATES.opens, date(2026, 11, 10))
    (step,) = steps_due(again, ALL_KEYS, LATE, datetime(2026, 11, 11, tzinfo=PARIS))
    assert (step.kind, step.settles) == (StepKind.CLOSE, ("close:2026-11-10",))


@pytest.mark.parametrize(
    ("midnight", "day"),
    [
        (datetime(2026, 3, 28, 23, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_days_turn_at_midnight_in_paris_at_both_changes(midnight: datetime, day: date) -> None:
    assert paris_day(midnight) == day
    assert paris_day(midnight - timedelta(microseconds=1)) == day - timedelta(days=1)


def test_the_last_day_is_open_to_its_end() -> None:
    assert is_open(DATES, datetime(2026, 10, 25, 22, 59, tzinfo=UTC))
    assert not is_open(DATES, datetime(2026, 10, 25, 23, tzinfo=UTC))


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        paris_day(datetime(2026, 3, 29, tzinfo=UTC).replace(tzinfo=None))
