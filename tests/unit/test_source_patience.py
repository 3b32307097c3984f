"""How long to wait before a further try."""

from datetime import UTC, datetime

import pytest

from tasks.sources.patience import PassingError, patiently, pause, retry_after
from tests.support.installation import settings_in_environment

NOW = datetime(2013, 5, 6, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7),
        (" 0 ", 0),
        ("Mon, 06 May 2013 10:00:30 GMT", 30),
        ("Mon, 06 May 2013 12:00:30 +0200", 30),
        ("Mon, 06 May 2013 09:00:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
    ],
)
def test_what_a_server_asks_for(header, seconds):
    assert retry_after(header, NOW) == seconds


def test_the_pause_doubles_up_to_the_longest():
    with settings_in_environment(http_backoff=2, http_longest_wait=10):
        assert [pause(tried, None) for tried in (1, 2, 3, 4, 40)] == [2, 4, 8, 10, 10]
        assert [pause(1, after) for after in (0, 7, 86_400)] == [0, 7, 10]


def test_only_what_may_pass_is_tried_again():
    tries = []

    def passing():
        tries.append("passing")
        raise PassingError(f"essai {len(tries)}", after=86_400)

    def lasting():
        tries.append("lasting")
        raise ValueError("lasting")

    with settings_in_environment(http_attempts=3, http_longest_wait=0):
        with pytest.raises(PassingError, match="essai 3"):
            patiently(passing)
        with pytest.raises(ValueError, match="lasting"):
            patiently(lasting)
    assert tries == ["passing"] * 3 + ["lasting"]
