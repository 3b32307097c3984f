"""Where every territory of a campaign stands, for the national team: a map and its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from senacs.codebook import Collection
from senacs.french import capital, counted
from senacs.pages.choropleth import (
    RISING,
    ChoroplethMap,
    Outline,
    Shape,
    Texture,
    inset_of,
    overseas_labels,
    with_room_below,
)
from senacs.pages.rendering import render
from senacs.standing import Standing, State, counts

_FALLING = "M-2,6 L2,10 M0,0 L8,8 M6,-2 L10,2"
_TEXTURES: Mapping[str, Texture] = {
    State.REFUSED: Texture("#fdeceb", "#a3131b", f"{RISING} {_FALLING}", 1.5),
    State.MISSING: Texture("#32373f", "#fff", _FALLING, 1.5),
    State.TO_COME: Texture("#fff"),
    State.LATE: Texture("#ffe9a8", "#8a5a00", RISING, 2.5),
    State.EXPECTED: Texture("#c3cede"),
    State.QUERIED: Texture("#b5d6c0", "#1a6330", "M2,2 h2 M6,6 h2", 2),
    State.VALIDATED: Texture("#1a6330"),
    "none": Texture("#fff", "#d5dae3", _FALLING, 1),
}
"""Told apart by lines and by lightness, so without colours too."""
_NOT_ASKED = "pas interrogé"


@dataclass(frozen=True)
class Line:
    """A territory as the table shows it.

    Attributes:
        received: day of its first export; None: none came in.
        note: what else is to be known; mostly empty.
        next_day: of what comes next; None where no day is set.
    """

    territory: str
    label: str
    state: State
    deadline: date
    closes: date
    closed: bool
    received: date | None
    records: int
    asked: int
    answered: int
    note: str
    next_words: str
    next_day: date | None

    @property
    def word(self) -> str:
        """Where it stands, in words."""
        return self.state.french


@dataclass(frozen=True)
class StandingPage:
    """Everything the page says.

    Attributes:
        summary: how many territories stand where, in a sentence.
        map: None where no territory is a part of the outline.
    """

    collection: str
    label: str
    simulated: bool
    data_year: int
    campaign_year: int
    today: date
    opens: date
    closes: date
    summary: str
    lines: tuple[Line, ...]
    map: ChoroplethMap | None


def standing_page(
    declared: Collection,
    data_year: int,
    territories: Sequence[Standing],
    outline: Outline,
    today: date,
) -> StandingPage:
    """The page's view model.

    Args:
        declared: the collection.
        data_year: which campaign.
        territories: where each stands.
        outline: the shapes of the map.
        today: the day in Paris.
    """
    campaign = declared.campaign(data_year)
    return StandingPage(
        collection=declared.collection,
        label=declared.label,
        simulated=declared.simulated,
        data_year=data_year,
        campaign_year=campaign.campaign_year,
        today=today,
        opens=min((one.dates.opens for one in territories), default=campaign.opens),
        closes=max((one.dates.closes for one in territories), default=campaign.closes),
        summary=summary(territories, today),
        lines=lines(territories, today),
        map=standing_map(territories, outline, today),
    )


def standing_html(page: StandingPage) -> str:
    """The page as self-contained HTML."""
    return render("standing.html.j2", page=page)


def map_html(shown: ChoroplethMap) -> str:
    """A map alone, for a page of somebody else's."""
    return render("_map.html.j2", map=shown)


def summary(territories: Sequence[Standing], today: date) -> str:
    """How many territories stand where, in a sentence."""
    found = counts(territories, today)
    said = ", ".join(state.counted(number) for state, number in found.items())
    return f"{counted(len(territories), 'territoire', 'territoires')} : {said or 'aucun'}."


def lines(territories: Sequence[Standing], today: date) -> tuple[Line, ...]:
    """The table's lines, what is most urgent first."""
    order = list(State)
    made = (_line(one, today) for one in territories)
    return tuple(sorted(made, key=lambda line: (order.index(line.state), line.territory)))


def standing_map(
    territories: Sequence[Standing], outline: Outline, today: date
) -> ChoroplethMap | None:
    """Every département in the state of its territory; None where the outline has none of them."""
    of = {code: one for one in territories for code in one.departements}
    if not of.keys() & outline.paths.keys():
        return None
    shapes = tuple(
        _shape(code, path, outline.names[code], of.get(code), today)
        for code, path in sorted(outline.paths.items())
    )
    used = {shape.css for shape in shapes}
    legend = [(str(state), capital(state.french)) for state in State if state in used]
    if "none" in used:
        legend.append(("none", capital(_NOT_ASKED)))
    return ChoroplethMap(
        name="carte-etat",
        title="Où en est chaque territoire",
        caption="Chaque département est dans l'état de son territoire de collecte.",
        summary="Le tableau dit la même chose, avec les dates.",
        view_box=with_room_below(outline.view_box),
        shapes=shapes,
        labels=overseas_labels(outline.names, outline),
        inset=inset_of(outline),
        legend=tuple(legend),
        textures=_TEXTURES,
    )


def _shape(code: str, path: str, name: str, one: Standing | None, today: date) -> Shape:
    if one is None:
        return Shape(code, path, "none", f"{name} ({code}) : {_NOT_ASKED}")
    state = one.state(today)
    return Shape(code, path, str(state), f"{name} ({code}) : {state.french}")


def _line(one: Standing, today: date) -> Line:
    after = one.next_step(today)
    state = one.state(today)
    notes = [
        "un ancien export est en place" if state is State.REFUSED and one.received.loaded else "",
        one.silence,
        "dernier traitement en échec" if one.failing and not one.silence else "",
    ]
    return Line(
        territory=one.territory,
        label=one.label,
        state=state,
        deadline=one.dates.deadline,
        closes=one.dates.closes,
        closed=one.closed,
        received=one.first_received,
        records=one.records,
        asked=one.received.open_queries,
        answered=one.answered,
        note=" ; ".join(note for note in notes if note),
        next_words=after.words,
        next_day=after.day,
    )
