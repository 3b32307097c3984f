"""Where a territory stands: one word a day, what comes next, and the page that shows all."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senacs.calendar import Received, TerritoryDates
from senacs.codebook import load_collection
from senacs.deliveries import Outcome
from senacs.pages.choropleth import Outline
from senacs.pages.standing import _TEXTURES, standing_html, standing_page
from senacs.settings import PROJECT_ROOT
from senacs.standing import Standing, State, counts

DATES = TerritoryDates(
    opens=date(2013, 4, 2),
    deadline=date(2013, 9, 27),
    closes=date(2013, 10, 31),
    reminders=(date(2013, 9, 13), date(2013, 10, 4)),
    query_reminders=(date(2013, 10, 14),),
)
NOTHING = Received(loaded=False, open_queries=0)
LOADED = Received(loaded=True, open_queries=0)
ASKED = Received(loaded=True, open_queries=2)


def place(received: Received = NOTHING, **given: object) -> Standing:
    made = Standing(
        "92", "Hauts-de-Seine", ("92",), DATES, received, closed=False, outcome=None,
        failing=False, first_received=None, records=0, answered=0,
    )  # fmt: skip
    return replace(made, **given)  # type: ignore[arg-type]


REFUSED = place(outcome=Outcome.REFUSED)


@pytest.mark.parametrize(("one", "day", "state", "words", "next_day"), [
    (place(), (3, 1), State.TO_COME, "ouverture", (4, 2)),
    (place(), (5, 1), State.EXPECTED, "rappel", (9, 13)),
    (place(), (9, 27), State.EXPECTED, "échéance", (9, 27)),
    (place(), (9, 28), State.LATE, "rappel", (10, 4)),
    (place(), (10, 5), State.LATE, "clôture", (10, 31)),
    (place(), (11, 1), State.LATE, "clôture à la prochaine ronde", None),
    (place(closed=True), (11, 1), State.MISSING, "rouvrir, si la suite est attendue", None),
    (REFUSED, (5, 1), State.REFUSED, "un nouvel envoi, avant la clôture", (10, 31)),
    (replace(REFUSED, received=LOADED), (5, 1), State.REFUSED,
     "un nouvel envoi, avant la clôture", (10, 31)),
    (replace(REFUSED, closed=True), (11, 1), State.REFUSED,
     "rouvrir, si la suite est attendue", None),
    (place(ASKED), (5, 1), State.QUERIED, "rappel des constats", (10, 14)),
    (place(ASKED), (10, 15), State.QUERIED, "clôture", (10, 31)),
    (place(LOADED), (5, 1), State.VALIDATED, "clôture", (10, 31)),
    (place(LOADED, closed=True), (11, 1), State.VALIDATED, "rien à faire", None),
    # A month after its last day a campaign that the calendar never looked at is history.
    (place(ASKED), (12, 1), State.QUERIED, "clôture à la prochaine ronde", None),
    (place(ASKED), (12, 2), State.QUERIED, "campagne passée", None),
    (place(replace(ASKED, collected=datetime(2013, 5, 2, 6, tzinfo=UTC))), (12, 2), State.QUERIED,
     "clôture à la prochaine ronde", None),
])  # fmt: skip
def test_a_word_and_what_comes_next(
    one: Standing, day: tuple[int, int], state: State, words: str, next_day: tuple[int, int] | None
) -> None:
    today = date(2013, *day)
    assert one.state(today) is state
    assert one.next_step(today).words == words
    assert one.next_step(today).day == (date(2013, *next_day) if next_day else None)


@given(
    st.builds(
        place,
        st.builds(Received, loaded=st.booleans(), open_queries=st.integers(0, 2)),
        closed=st.booleans(),
        outcome=st.sampled_from([None, Outcome.LOADED, Outcome.UNCHANGED, Outcome.REFUSED]),
    ),
    st.integers(-10, 300),
)
def test_what_comes_next_is_never_over(one: Standing, days: int) -> None:
    today = DATES.opens + timedelta(days=days)
    after = one.next_step(today)
    assert after.words
    assert after.day is None or after.day >= today
    assert sum(counts([one, one], today).values()) == 2


def outline() -> Outline:
    shapes = json.loads((PROJECT_ROOT / "reference" / "cartes_svg_paths.json").read_text("utf-8"))
    names = {code: f"Département {code}" for code in shapes["departements"]}
    return Outline(shapes["viewBox"], shapes["departements"], names)


class TestPage:
    def html(self, *territories: Standing) -> str:
        senacs = load_collection(PROJECT_ROOT / "codebook", "senacs")
        return standing_html(standing_page(senacs, 2012, territories, outline(), date(2013, 10, 1)))

    def test_map_and_table_say_the_same_of_a_territory_of_several_departements(self) -> None:
        shown = self.html(
            place(ASKED, territory="corse", label="Corse <b>", departements=("2A", "2B")), place()
        )
        titles = dict(re.findall(r"<title>Département (\w+) \(\w+\) : ([^<]+)</title>", shown))
        assert titles["2A"] == titles["2B"] == "constats ouverts"
        assert titles["92"] == "en retard"
        assert titles["75"] == "pas interrogé"
        assert shown.index("En retard</span>") < shown.index("Constats ouverts</span>")
        assert "Corse &lt;b&gt;" in shown
        assert "1 en retard, 1 avec des constats ouverts" in shown

    def test_it_says_that_it_is_simulated_and_for_the_house(self) -> None:
        shown = self.html(place())
        assert "Données simulées" in shown
        assert "à ne pas publier" in shown

    def test_a_territory_that_is_nowhere_on_the_map_is_in_the_table(self) -> None:
        shown = self.html(place(departements=("987",)))
        assert "<svg" not in shown
        assert "Hauts-de-Seine" in shown


def test_states_are_told_apart_without_colours() -> None:
    looks = {(one.lines, _lightness(one.ground) // 32) for one in _TEXTURES.values()}
    assert len(looks) == len(_TEXTURES) == len(State) + 1


def _lightness(colour: str) -> int:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    return (299 * red + 587 * green + 114 * blue) // 1000
