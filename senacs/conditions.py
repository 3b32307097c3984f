"""Who is asked what: what a question's population and filter make of a unit's answer to it.

An answer that is not there because the question was not for this unit is no omission:
it is `not_asked` (of its population) or `not_concerned` (its filter says so), not `missing`.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from senacs.codebook import Collection, Kind, Question

POPULATION, FILTER = "population", "filter"
"""Why a question is not for a unit (`excluded`)."""

_SILENT = ("missing", "not_concerned", "not_asked")
_UNASKED_SCHEMA = pl.Schema(
    {"question": pl.String, "population": pl.String, "asked_of": pl.String, "form": pl.Boolean}
)
_OUTSIDE_SCHEMA = pl.Schema(
    {
        "unit_id": pl.String,
        "question": pl.String,
        "filter_header": pl.String,
        "filter_answer": pl.String,
        "filter_wanted": pl.String,
    }
)


def with_conditions(
    answers: pl.DataFrame, populations: pl.DataFrame, collection: Collection, data_year: int
) -> pl.DataFrame:
    """The answers with the statuses that follow from who is asked, and what contradicts them.

    What says that there is nothing (no answer, 0, `non`) agrees with a question that is not for
    this unit: its status says so and its text is kept. Any other answer is a `contradiction`.
    Where the filter's own answer is missing, unreadable or several, nothing follows from it.

    Args:
        answers: as read: one row a data row × question.
        populations: `unit_id` and `population`, one row a unit; nothing follows for the others.
        collection: whose questions these are.
        data_year: the year they are about.

    Returns:
        The same rows with `population` and its label, `excluded` (`population`, `filter` or
        empty), `contradiction` (the same, of an answer given all the same), `asked_of` (labels),
        and the filter's `filter_header`, `filter_answer` and `filter_wanted`.
    """
    # Questions with a role say who and where; nobody is asked them as a question.
    questions = [q for q in collection.questions_of(data_year) if q.role is None]
    unasked = pl.DataFrame(
        list(_unasked(questions, collection)), schema=_UNASKED_SCHEMA, orient="row"
    )
    frame = answers.join(populations, on="unit_id", how="left", maintain_order="left").join(
        unasked, on=["question", "population"], how="left", maintain_order="left"
    )
    yes_no = [q.question for q in questions if q.kind is Kind.YES_NO]
    outside: dict[str, pl.DataFrame] = {}
    # In the form's order: a filter may itself be filtered, by a question before it.
    for question in questions:
        if question.filter:
            other = question.filter.question
            asked = frame.filter(pl.col("question") == other)
            asked = _settled(asked, outside.get(other, _OUTSIDE_SCHEMA.to_frame()), yes_no)
            outside[question.question] = _outside(asked, question, collection)
    everywhere = pl.concat([_OUTSIDE_SCHEMA.to_frame(), *outside.values()])
    labels = pl.col("population").replace_strict(
        dict(collection.populations), default=pl.col("population"), return_dtype=pl.String
    )
    return _settled(frame, everywhere, yes_no).with_columns(population_label=labels).drop("form")


def _unasked(
    questions: Sequence[Question], collection: Collection
) -> Iterator[tuple[str, str, str, bool]]:
    """Each question and population that it is not asked of; whether the form asks it anything."""
    asked = {p for question in questions for p in collection.populations_of(question)}
    for question in questions:
        own = collection.populations_of(question)
        labels = ", ".join(collection.populations[code] for code in own)
        for population in collection.populations:
            if population not in own:
                yield question.question, population, labels, population in asked


def _settled(frame: pl.DataFrame, outside: pl.DataFrame, yes_no: list[str]) -> pl.DataFrame:
    """Statuses and contradictions, from the population and from these exclusions by a filter."""
    frame = frame.join(outside, on=["unit_id", "question"], how="left", maintain_order="left")
    frame = frame.with_columns(
        excluded=pl.when(pl.col("asked_of").is_not_null())
        .then(pl.lit(POPULATION))
        .when(pl.col("filter_header").is_not_null())
        .then(pl.lit(FILTER))
        .otherwise(pl.lit(""))
    )
    silent = pl.col("status").is_in(_SILENT)
    no = (pl.col("code") == "non") & pl.col("question").is_in(yes_no)
    says_none = ((pl.col("number") == 0) | no).fill_null(value=False)
    agrees = silent | ((pl.col("status") == "reported") & says_none)
    settled = (pl.col("excluded") != "") & agrees
    # A unit that the form asks nothing is out of scope, which is said once, of its row.
    contradicts = ~silent & ~says_none & pl.col("form").fill_null(value=True)
    return frame.with_columns(
        status=pl.when(settled & (pl.col("excluded") == POPULATION))
        .then(pl.lit("not_asked"))
        .when(settled)
        .then(pl.lit("not_concerned"))
        .otherwise(pl.col("status")),
        contradiction=pl.when(contradicts).then(pl.col("excluded")).otherwise(pl.lit("")),
        **{
            name: pl.when(~settled).then(pl.col(name))
            for name in ("number", "decimal", "code", "text")
        },
    )


def _outside(asked: pl.DataFrame, question: Question, collection: Collection) -> pl.DataFrame:
    """The units that a filter excludes from a question, by their settled answers to the filter.

    A unit on several rows has answered if they agree; what one of them leaves out another says.
    """
    wanted = question.filter.codes if question.filter else ()
    said = asked.group_by("unit_id", maintain_order=True).agg(
        pl.col("header").first().alias("filter_header"),
        pl.col("raw").filter(pl.col("code").is_not_null()).first().alias("filter_answer"),
        pl.col("code").drop_nulls().first().alias("code"),
        pl.col("code").drop_nulls().n_unique().alias("several"),
        (pl.col("code").is_null() & ~pl.col("status").is_in(_SILENT)).any().alias("unread"),
        pl.col("status").is_in(_SILENT[1:]).any().alias("set_aside"),
    )
    another = (pl.col("several") == 1) & ~pl.col("code").is_in(wanted)
    none = (pl.col("several") == 0) & pl.col("set_aside")
    return said.filter(~pl.col("unread") & (another | none)).select(
        "unit_id",
        pl.lit(question.question).alias("question"),
        "filter_header",
        pl.col("filter_answer").fill_null("sans objet"),
        pl.lit(_wanted(question, collection)).alias("filter_wanted"),
    )


def _wanted(question: Question, collection: Collection) -> str:
    """The answers for which a question is asked, as people read them."""
    if question.filter is None:
        return ""
    other = next(
        q
        for q in collection.questions_of(question.data_year)
        if q.question == question.filter.question
    )
    labels = {item.code: item.label for item in collection.codes_of(other.codes)}
    return " ou ".join(
        f"« {labels.get(code, code.capitalize())} »" for code in question.filter.codes
    )
