"""What a rule is: an expectation on a frame, and what people see of it."""

import re
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from senacs.findings import Severity

VALUE_SETS = {"ExpectColumnValuesToNotBeInSet": True, "ExpectColumnValuesToBeInSet": False}
"""The expectations with a set of values, and whether it says what is forbidden."""

_BETWEEN_COLUMNS = {
    "ExpectColumnPairValuesAToBeGreaterThanB": "either_value_is_missing",
    "ExpectColumnPairValuesToBeEqual": "either_value_is_missing",
    "ExpectMulticolumnSumToEqual": "any_value_is_missing",
}
"""The expectations about several columns, and the rows that they leave aside: without it pandas
and SQL disagree on an empty cell."""

ROW_WISE = frozenset(
    {
        *VALUE_SETS,
        *_BETWEEN_COLUMNS,
        "ExpectColumnValuesToBeBetween",
        "ExpectColumnValuesToBeNull",
        "ExpectColumnValuesToMatchRegex",
        "ExpectColumnValuesToNotBeNull",
        "ExpectColumnValuesToNotMatchRegex",
        "ExpectColumnValueLengthsToBeBetween",
    }
)
"""The expectations that judge a row by itself: only those name the rows that fail, and give the
same answer whatever other rows, rules or exports are judged with it."""


class Layer(StrEnum):
    """What an export is held against, from the file itself to what others say."""

    STRUCTURE = "structure"
    DOMAIN = "domain"
    FORM = "form"
    LAST_YEAR = "last_year"
    DISTRIBUTION = "distribution"
    REGISTER = "register"
    PREVIOUS_FILE = "previous_file"

    @property
    def french(self) -> str:
        """Its title, for a correspondent."""
        return {
            Layer.STRUCTURE: "Le fichier, ses colonnes, ses lignes",
            Layer.DOMAIN: "Chaque réponse",
            Layer.FORM: "Les réponses d'une structure entre elles",
            Layer.LAST_YEAR: "Par rapport à l'année précédente",
            Layer.DISTRIBUTION: "Par rapport aux autres structures du territoire",
            Layer.REGISTER: "Par rapport au registre",
            Layer.PREVIOUS_FILE: "Par rapport au fichier précédent",
        }[self]


ASKS_ONLY = frozenset({Layer.LAST_YEAR, Layer.DISTRIBUTION, Layer.PREVIOUS_FILE})
"""Layers that keep nothing out: what is loaded would else depend on what was loaded before, and
territories and years in another order would give other tables."""


class Frame(StrEnum):
    """What a rule is run on (see `senacs.reading.Evidence` and `expectations.frames`)."""

    FILE = "file"
    COLUMNS = "columns"
    RECORDS = "records"
    IDENTITY = "identity"
    SCOPE = "scope"
    ANSWERS = "answers"
    FORMS = "forms"
    LINKS = "links"
    AGREMENTS = "agrements"
    TABLES = "tables"
    PAIRS = "pairs"
    CHANGES = "changes"
    REPEATS = "repeats"
    DISTRIBUTION = "distribution"
    PREVIOUS_FILE = "previous_file"
    PREVIOUS_COLUMNS = "previous_columns"


_LAYERS: dict[Frame, tuple[Layer, ...]] = {
    Frame.FILE: (Layer.STRUCTURE,),
    Frame.COLUMNS: (Layer.STRUCTURE,),
    Frame.RECORDS: (Layer.STRUCTURE, Layer.REGISTER, Layer.DOMAIN),
    Frame.IDENTITY: (Layer.REGISTER,),
    Frame.SCOPE: (Layer.REGISTER,),
    Frame.ANSWERS: (Layer.DOMAIN,),
    Frame.FORMS: (Layer.FORM, Layer.REGISTER),
    Frame.LINKS: (Layer.FORM,),
    Frame.AGREMENTS: (Layer.FORM, Layer.LAST_YEAR),
    Frame.TABLES: (Layer.FORM,),
    Frame.PAIRS: (Layer.FORM,),
    Frame.CHANGES: (Layer.LAST_YEAR,),
    Frame.REPEATS: (Layer.LAST_YEAR,),
    Frame.DISTRIBUTION: (Layer.DISTRIBUTION,),
    Frame.PREVIOUS_FILE: (Layer.PREVIOUS_FILE,),
    Frame.PREVIOUS_COLUMNS: (Layer.PREVIOUS_FILE,),
}
"""The layers that a rule on each frame can be of; the first one if it does not say."""

_YEARS = re.compile(r"(\d{4})?-(\d{4})?|(\d{4})")


def _rows(value: Any) -> Any:  # noqa: ANN401 - whatever the file holds
    return [value] if isinstance(value, dict) else value


class Examples(BaseModel):
    """Rows that show what a rule allows and what it finds: values by column, the others empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    good: Annotated[tuple[dict[str, Any], ...], BeforeValidator(_rows)]
    bad: Annotated[tuple[dict[str, Any], ...], BeforeValidator(_rows)]


class Rule(BaseModel):
    """One rule of the catalogue, or one family of rules that the codebook spells out.

    Attributes:
        rule: code, the same for engineers and suppliers. A family's members add what they are
            about: `EVO-nb_salaries`.
        each: column of the frame that names the members of a family; empty for a single rule.
        frame: what it is run on.
        relation: on the frame `pairs`, which pairs.
        layer: what it holds the export against; the frame's own if it does not say.
        years: data years in which it is valid: `2013-`, `-2012`, `2013-2016`; empty for all.
        applies_to: populations it is about; empty for all.
        thresholds: numbers by name, for `{name}` in conditions, expressions, arguments, sentences.
        when: SQL condition that picks the rows it is about; empty for all.
        derive: columns computed first, each an SQL expression over the frame's columns.
        expectation: class of Great Expectations' core expectations.
        arguments: that expectation's arguments.
        answers: on the frame `forms`, the variables whose answers the finding is about.
        instead_of: members of families that this rule says better.
        message: French sentence; `{column}` stands for the value in the failing row.
        advice: what the supplier can do, in French.
        examples: a row that passes and one that fails.
        source: where rule and thresholds come from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    each: str = ""
    frame: Frame
    relation: str = ""
    layer: Layer
    severity: Severity
    years: str = ""
    applies_to: tuple[str, ...] = ()
    thresholds: dict[str, float] = {}
    when: str = ""
    derive: dict[str, str] = {}
    expectation: str
    arguments: dict[str, Any]
    answers: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    message: str
    advice: str
    examples: Examples | None = None
    source: str = "notre choix"

    @model_validator(mode="before")
    @classmethod
    def _spelled_out(cls, fields: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        """Thresholds in place of their names, and the frame's own layer."""
        if not isinstance(fields, dict):
            return fields
        given = fields.get("thresholds") or {}
        stated = {
            name: _stated(fields[name], given)
            for name in ("when", "derive", "arguments")
            if name in fields
        }
        own = {str(frame): {"layer": layers[0]} for frame, layers in _LAYERS.items()}
        return {**own.get(str(fields.get("frame")), {}), **fields, **stated}

    @model_validator(mode="after")
    def _expects_what_a_row_can_answer(self) -> Self:
        if self.expectation not in ROW_WISE:
            raise ValueError(
                f"{self.rule}: no expectation {self.expectation!r} that judges a row by itself; "
                f"known: {', '.join(sorted(ROW_WISE))}"
            )
        left_aside = _BETWEEN_COLUMNS.get(self.expectation)
        if left_aside and self.arguments.get("ignore_row_if") != left_aside:
            raise ValueError(f"{self.rule}: ignore_row_if: {left_aside} is not written")
        return self

    @model_validator(mode="after")
    def _is_of_a_layer_that_may(self) -> Self:
        if self.layer not in _LAYERS[self.frame]:
            raise ValueError(f"{self.rule}: no rule on {self.frame} is of the layer {self.layer}")
        if self.layer in ASKS_ONLY and self.severity not in (Severity.QUERY, Severity.INFO):
            raise ValueError(
                f"{self.rule}: a rule of the layer {self.layer} asks (query, info) and keeps "
                "nothing out, or what is loaded would depend on the order of arrival"
            )
        if self.years and not _YEARS.fullmatch(self.years):
            raise ValueError(f"{self.rule}: years {self.years!r}; write 2013-, -2012 or 2013-2016")
        if bool(self.relation) != (self.frame is Frame.PAIRS):
            raise ValueError(f"{self.rule}: a relation goes with the frame pairs, and only with it")
        return self

    def valid_in(self, data_year: int) -> bool:
        """Whether the rule is valid for that data year."""
        if not self.years:
            return True
        first, last, only = _YEARS.fullmatch(self.years).groups()  # type: ignore[union-attr]
        return int(first or only or 0) <= data_year <= int(last or only or 9999)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that its expectation looks at."""
        named: list[str] = []
        for slot in COLUMN_SLOTS:
            value = self.arguments.get(slot, [])
            named += value if isinstance(value, list) else [value]
        return tuple(named)


COLUMN_SLOTS = ("column", "column_A", "column_B", "column_list")
"""The arguments of expectations that name columns."""


def _stated(value: Any, thresholds: dict[str, float]) -> Any:  # noqa: ANN401 - as YAML nests it
    """The same with numbers for `{threshold}`."""
    if isinstance(value, dict):
        return {name: _stated(part, thresholds) for name, part in value.items()}
    if not isinstance(value, str):
        return value
    for name, number in thresholds.items():
        if value == f"{{{name}}}":
            return number
        value = value.replace(f"{{{name}}}", f"{number:.10g}")
    return value
