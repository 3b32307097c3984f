"""What a collection declares, as typed and frozen objects; `loading` makes them from the files."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field

from senacs.errors import CodebookError


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """How the raw text of an answer becomes a value."""

    NUMBER = "number"
    INTEGER = "integer"
    CODE = "code"
    YES_NO = "yes_no"
    DATE = "date"
    SIRET = "siret"
    TEXT = "text"


class Role(StrEnum):
    """A question the machinery itself needs, beside whatever the collection makes of it."""

    KEY = "key"
    DEPARTEMENT = "departement"
    COMMUNE = "commune"
    POPULATION = "population"


class Statistic(StrEnum):
    """How an indicator sums up its base."""

    COUNT = "count"
    TOTAL = "total"
    MEAN = "mean"
    MEDIAN = "median"
    SHARE = "share"
    RATIO = "ratio"


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


class CodeItem(_Declared):
    """One code of a code list, with its French label and the spellings met in exports."""

    list: str
    code: str
    label: str
    spellings: tuple[str, ...] = ()


class Variable(_Declared):
    """A harmonised variable: one meaning and one unit over all years."""

    variable: str
    theme: str
    label: str
    kind: Kind
    unit: str = ""
    codes: str = ""
    note: str = ""


class Question(_Declared):
    """One question of one data year, as it is asked and delivered."""

    data_year: int
    question: str
    header: str
    variable: str = ""
    label: str
    kind: Kind
    codes: str = ""
    unit: str = ""
    factor: float = 1.0
    role: Role | None = None
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    comparability: str = ""
    source: str


class HeaderSpelling(_Declared):
    """A territory's own spelling of a header; an empty question declares the column ignored."""

    territory: str
    data_year: int
    header: str
    question: str = ""


class Source(_Declared):
    """Where a territory's export of a data year is fetched from."""

    kind: str = "http"
    url: str


class Territory(_Declared):
    """A collection territory of a campaign: a département or a group of them."""

    code: str
    label: str
    departements: tuple[str, ...]
    source: Source


class Campaign(_Declared):
    """One yearly collection: what it asks about, when it is open, and where."""

    data_year: int
    campaign_year: int
    opens: date
    closes: date
    perimeter: Perimeter
    territories: tuple[Territory, ...]
    note: str = ""

    def territory(self, code: str) -> Territory:
        """The territory of that code; CodebookError if this campaign has none."""
        for territory in self.territories:
            if territory.code == code:
                return territory
        known = ", ".join(t.code for t in self.territories)
        raise CodebookError(
            f"data year {self.data_year} has no territory {code!r}; declared: {known}"
        )


class Indicator(_Declared):
    """A published figure's definition.

    `share` is the part of those who answered `variable` whose code is one of `codes`;
    `ratio` divides the sum of `variable` by the sum of `denominator` over the units that
    answered both; `where` restricts the base to units whose variable has one of the codes.
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
    note: str = ""
    source: str = ""


class Collection(_Declared):
    """A declared yearly data set: everything the steps need to know about it."""

    collection: str
    label: str
    unit_label: str
    unit_label_plural: str
    populations: dict[str, str]
    population: str = ""
    register_collection: str = ""
    derivations: tuple[str, ...] = ()
    disclosure: Disclosure
    simulated: bool
    licence: str
    provenance: str
    themes: dict[str, str]
    variables: tuple[Variable, ...] = ()
    questions: tuple[Question, ...] = ()
    code_items: tuple[CodeItem, ...] = ()
    header_spellings: tuple[HeaderSpelling, ...] = ()
    campaigns: tuple[Campaign, ...] = ()
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

    def questions_of(self, data_year: int) -> tuple[Question, ...]:
        """The questions asked about that data year, in questionnaire order."""
        return tuple(q for q in self.questions if q.data_year == data_year)

    def key_question(self, data_year: int) -> Question:
        """The question whose answer identifies the unit of a row."""
        return next(q for q in self.questions_of(data_year) if q.role is Role.KEY)

    def codes_of(self, list_name: str) -> Iterator[CodeItem]:
        """The items of a code list, in declared order."""
        return (item for item in self.code_items if item.list == list_name)

    @cached_property
    def variable_by_name(self) -> dict[str, Variable]:
        """Harmonised variables by their name."""
        return {v.variable: v for v in self.variables}
