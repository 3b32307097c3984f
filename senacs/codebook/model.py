"""What a collection declares, as typed and frozen objects; `loading` makes them from the files."""

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Self, TypeVar

from pydantic import Field, model_validator

from senacs.calendar import CampaignDates, TerritoryDates
from senacs.codebook.breakdowns import Breakdown
from senacs.codebook.dates import OwnDates, date_problems
from senacs.codebook.declared import Declared
from senacs.codebook.identification import Identification
from senacs.codebook.plausibility import PartOfWhole, Threshold
from senacs.codebook.questionnaire import (
    CodeItem,
    HeaderSpelling,
    Kind,
    Publication,
    Question,
    Role,
    Table,
    Variable,
)
from senacs.codebook.respondents import Respondent
from senacs.codebook.sheets import Reference, Sheet, Structures, references
from senacs.codebook.sources import Source
from senacs.errors import CodebookError

__all__ = [
    "Breakdown",
    "Campaign",
    "CodeItem",
    "Collection",
    "Disclosure",
    "HeaderSpelling",
    "Indicator",
    "Kind",
    "Perimeter",
    "Publication",
    "Question",
    "Release",
    "Respondent",
    "Role",
    "Sheet",
    "Statistic",
    "Structures",
    "Table",
    "Territory",
    "Variable",
]

Thing = TypeVar("Thing")
Key = TypeVar("Key")


class Statistic(StrEnum):
    """How an indicator sums up its base."""

    SCOPE = "scope"
    """Units of the perimeter, whether they answered or not."""
    COUNT = "count"
    """Of these, units that responded and meet the condition."""
    RESPONSE = "response"
    """Units that responded over units of the perimeter."""
    TOTAL = "total"
    MEAN = "mean"
    MEDIAN = "median"
    SHARE = "share"
    RATIO = "ratio"


OF_PERIMETER = frozenset({Statistic.SCOPE, Statistic.RESPONSE})
"""Known of every unit in scope, so made of no answer."""

OF_UNITS = OF_PERIMETER | {Statistic.COUNT}
"""Count units; the others are made of a variable."""

ADDABLE = OF_UNITS | {Statistic.TOTAL}
"""May be told of several populations together: no mean, and no share, pools them."""


class Perimeter(StrEnum):
    """Which structures of the register a campaign asks."""

    ALL = "all"
    FEDERATED = "federated"
    EXPORT = "export"
    """No register: the collection's own export is the list of what exists."""


class Disclosure(StrEnum):
    """Whether figures need protection before they leave."""

    PROTECTED = "protected"
    OPEN = "open"


class Territory(Declared):
    """A collection territory of a campaign: a département or a group of them."""

    code: str
    label: str
    departements: tuple[str, ...]
    source: Source
    dates: OwnDates = OwnDates()


class Campaign(Declared):
    """One yearly collection: what it asks about, when it is open, and where.

    Attributes:
        deadline: the day by which exports are expected; None: the closing day.
        reminders: days on which territories of which nothing is loaded are reminded.
        query_reminders: days on which territories with findings unanswered are reminded.
        provisional_edition: when it is due; None: no day is set.
        final_edition: the same.
    """

    data_year: int
    campaign_year: int
    opens: date
    closes: date
    deadline: date | None = None
    reminders: tuple[date, ...] = ()
    query_reminders: tuple[date, ...] = ()
    provisional_edition: date | None = None
    final_edition: date | None = None
    perimeter: Perimeter
    territories: tuple[Territory, ...]
    note: str = ""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        problems = list(
            date_problems(self.dates, {t.code: self.dates_of(t) for t in self.territories})
        )
        if problems:
            raise ValueError(f"campaign {self.data_year}: {'; '.join(problems)}")
        return self

    @property
    def dates(self) -> CampaignDates:
        """When it begins and ends as a whole, and when its editions are due."""
        every = [self.dates_of(territory) for territory in self.territories]
        return CampaignDates(
            min((one.opens for one in every), default=self.opens),
            max((one.closes for one in every), default=self.closes),
            self.provisional_edition,
            self.final_edition,
        )

    def dates_of(self, territory: Territory) -> TerritoryDates:
        """When it concerns a territory: its own days where it has some, else those of all."""
        own = territory.dates
        closes = own.closes or self.closes
        return TerritoryDates(
            opens=own.opens or self.opens,
            deadline=own.deadline or self.deadline or closes,
            closes=closes,
            reminders=self.reminders if own.reminders is None else own.reminders,
            query_reminders=(
                self.query_reminders if own.query_reminders is None else own.query_reminders
            ),
        )

    def territory(self, code: str) -> Territory:
        """The territory of that code; CodebookError if this campaign has none."""
        for territory in self.territories:
            if territory.code == code:
                return territory
        known = ", ".join(t.code for t in self.territories)
        raise CodebookError(
            f"data year {self.data_year} has no territory {code!r}; declared: {known}"
        )


class Indicator(Declared):
    """A published figure's definition.

    `share` is the part of those who answered `variable` whose code is one of `codes`;
    `ratio` divides the sum of `variable` by the sum of `denominator` over the units that
    answered both; `where` restricts the base to units whose variable has one of the codes.

    Attributes:
        breakdowns: what it is broken down by; None for all that the collection declares.
        pooled: whether it is also told of all populations together.
        by_epci: whether it is also told of each EPCI with enough structures.
    """

    indicator: str
    theme: str
    label: str
    statistic: Statistic
    variable: str = ""
    codes: tuple[str, ...] = ()
    denominator: str = ""
    where: str = ""
    where_codes: tuple[str, ...] = ()
    unit: str
    decimals: int = 0
    headline: bool = False
    breakdowns: tuple[str, ...] | None = None
    pooled: bool = False
    by_epci: bool = False
    note: str = ""
    source: str = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that it is made of, each once."""
        named = (self.variable, self.denominator, self.where)
        return tuple(dict.fromkeys(name for name in named if name))


class Release(Declared):
    """A version of the codebook that people speak of, beside its content hash."""

    release: str
    date: date
    change: str


class Collection(Declared):
    """A declared yearly data set: everything the steps need to know about it."""

    collection: str
    label: str
    unit_label: str
    unit_label_plural: str
    populations: dict[str, str]
    population: str = ""
    pooled: dict[str, str] = Field(
        default_factory=dict,
        max_length=1,
        description="Code and label of all populations together, where some figures tell of them.",
    )
    epci_least: int | None = Field(
        default=None,
        ge=1,
        description="Structures in scope from which on an EPCI has figures; None: no EPCI has.",
    )
    register_collection: str = ""
    structures: Structures | None = None
    sheets: dict[str, Sheet] = Field(
        default_factory=dict,
        description="The sheets of its exports by population; none: an export is one table.",
    )
    identification: Identification | None = None
    derivations: tuple[str, ...] = ()
    disclosure: Disclosure
    pay: dict[str, str] = Field(
        default_factory=dict,
        description="Variables that are somebody's wage, with the full-time equivalents it is of.",
    )
    published: bool = Field(
        default=True, description="Whether its figures may be proposed as a vintage."
    )
    printed: bool = Field(
        default=False, description="Whether the plaquettes of its editions are printed as PDF."
    )
    simulated: bool
    licence: str
    provenance: str
    themes: dict[str, str]
    blocks: dict[str, str] = Field(default_factory=dict)
    releases: tuple[Release, ...] = ()
    respondents: tuple[Respondent, ...] = ()
    variables: tuple[Variable, ...] = ()
    questions: tuple[Question, ...] = ()
    code_items: tuple[CodeItem, ...] = ()
    tables: tuple[Table, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    wholes: tuple[PartOfWhole, ...] = ()
    publications: tuple[Publication, ...] = ()
    header_spellings: tuple[HeaderSpelling, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
    breakdowns: tuple[Breakdown, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    version: str = Field(description="Content hash of every file the collection was made from.")

    def campaign(self, data_year: int) -> Campaign:
        """The campaign about that data year; CodebookError if none is declared."""
        for campaign in self.campaigns:
            if campaign.data_year == data_year:
                return campaign
        known = ", ".join(str(c.data_year) for c in self.campaigns)
        raise CodebookError(
            f"collection {self.collection!r} has no data year {data_year}; declared: {known}"
        )

    @cached_property
    def data_years(self) -> tuple[int, ...]:
        """The data years that have a questionnaire, in order."""
        return tuple(sorted(self._questions_by_year))

    def questions_of(self, data_year: int) -> tuple[Question, ...]:
        """The questions asked about that data year, in questionnaire order."""
        return self._questions_by_year.get(data_year, ())

    @property
    def rests_on(self) -> str:
        """The register that its exports are read beside; empty for none."""
        return self.structures.register_collection if self.structures else self.register_collection

    def questions_for(self, data_year: int, population: str) -> tuple[Question, ...]:
        """The questions that one population is asked about that data year."""
        return tuple(
            q for q in self.questions_of(data_year) if population in self.populations_of(q)
        )

    def references(self, data_year: int) -> tuple[Reference, ...]:
        """Which of its sheets name lines of which others, those that name none first."""
        asked = {
            sheet: [q.question for q in self.questions_for(data_year, sheet)]
            for sheet in self.sheets
        }
        return references(self.sheets, asked)

    def names_line(self, unit_id: str, question: str) -> bool:
        """Whether the question is a part of what names that line of a sheet."""
        sheet = self.sheets.get(unit_id.partition(" ")[0])
        return sheet is not None and question in sheet.key

    def key_question(self, data_year: int) -> Question:
        """The question whose answer identifies the unit of a row, where an export is one table."""
        return next(q for q in self.questions_of(data_year) if q.role is Role.KEY)

    def asked(self, question: str) -> tuple[Question, ...]:
        """That question in each data year that asks it, oldest first."""
        return self._years_by_question.get(question, ())

    def feeding(self, variable: str) -> tuple[Question, ...]:
        """The questions that feed a variable, oldest first; none if it is derived."""
        return self._questions_by_variable.get(variable, ())

    def theme_of(self, question: Question) -> str:
        """The question's theme: its own, else its variable's; empty if neither says."""
        variable = self.variable_by_name.get(question.variable)
        return question.theme or (variable.theme if variable else "")

    def populations_of(self, question: Question) -> tuple[str, ...]:
        """The populations that are asked this question."""
        return question.population or tuple(self.populations)

    def breakdowns_of(self, indicator: Indicator) -> tuple[str, ...]:
        """What the indicator is broken down by.

        Where it does not say: all that the collection declares; by the register's only, if it
        tells of units that have not answered.
        """
        if indicator.breakdowns is not None:
            return indicator.breakdowns
        return tuple(
            b.breakdown
            for b in self.breakdowns
            if b.of_register or indicator.statistic not in OF_PERIMETER
        )

    def codes_of(self, list_name: str) -> tuple[CodeItem, ...]:
        """The items of a code list, in declared order."""
        return self._codes_by_list.get(list_name, ())

    @cached_property
    def variable_by_name(self) -> dict[str, Variable]:
        """Harmonised variables by their name."""
        return {v.variable: v for v in self.variables}

    @cached_property
    def indicator_by_name(self) -> dict[str, Indicator]:
        """Indicators by their name."""
        return {i.indicator: i for i in self.indicators}

    @cached_property
    def table_by_name(self) -> dict[str, Table]:
        """Tables of the form by their name."""
        return {t.table: t for t in self.tables}

    @cached_property
    def _questions_by_year(self) -> dict[int, tuple[Question, ...]]:
        return _grouped(self.questions, lambda q: q.data_year)

    @cached_property
    def _years_by_question(self) -> dict[str, tuple[Question, ...]]:
        in_time = sorted(self.questions, key=lambda q: q.data_year)
        return _grouped(in_time, lambda q: q.question)

    @cached_property
    def _questions_by_variable(self) -> dict[str, tuple[Question, ...]]:
        in_time = sorted(self.questions, key=lambda q: q.data_year)
        return _grouped(in_time, lambda q: q.variable)

    @cached_property
    def _codes_by_list(self) -> dict[str, tuple[CodeItem, ...]]:
        return _grouped(self.code_items, lambda item: item.list)


def _grouped(things: Iterable[Thing], key: Callable[[Thing], Key]) -> dict[Key, tuple[Thing, ...]]:
    """The things of each key, in their order."""
    groups: dict[Key, list[Thing]] = {}
    for thing in things:
        groups.setdefault(key(thing), []).append(thing)
    return {name: tuple(group) for name, group in groups.items()}
