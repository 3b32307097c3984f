"""Names declared once, and none in vain: variables, code lists, blocks, tables, publications."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import repeated, unknown
from senacs.codebook.model import Collection
from senacs.codebook.questionnaire import Kind


def list_problems(collection: Collection) -> Iterator[str]:
    """Contradictions between the lists and what uses them."""
    yield from repeated("variable", (v.variable for v in collection.variables))
    yield from repeated("code", (f"{c.list}/{c.code}" for c in collection.code_items))
    yield from repeated("table", (t.table for t in collection.tables))
    yield from repeated("publication", (p.publication for p in collection.publications))
    yield from repeated("release", (r.release for r in collection.releases))
    yield from _ambiguous_spellings(collection)
    yield from _unknown_names(collection)
    yield from _unused(collection)


def _ambiguous_spellings(collection: Collection) -> Iterator[str]:
    meanings: dict[tuple[str, str], str] = {}
    for item in collection.code_items:
        for text in (item.code, item.label, *item.spellings):
            if not text.strip():
                yield f"code {item.list}/{item.code} has an empty spelling"
            other = meanings.setdefault((item.list, text.strip().casefold()), item.code)
            if other != item.code:
                yield f"code list {item.list!r}: {text!r} means both {other!r} and {item.code!r}"


def _unknown_names(collection: Collection) -> Iterator[str]:
    lists = {item.list for item in collection.code_items}
    for variable in collection.variables:
        place = f"variable {variable.variable!r}"
        yield from unknown(place, "theme", [variable.theme], collection.themes)
        yield from unknown(place, "code list", [variable.codes], lists)
        if (variable.kind is Kind.CODE) != bool(variable.codes):
            yield f"{place}: a code list goes with the kind `code`, and only with it"
        if not variable.label.strip():
            yield f"{place} has no label"
        if variable.made_of and variable.variable not in collection.derivations:
            yield f"{place} is made of others, and no derivation makes it"
        yield from unknown(
            place, "asked variable", variable.made_of, (q.variable for q in collection.questions)
        )
        part = variable.dated.removeprefix("agrement ")
        if part != variable.dated and variable.kind is not (
            Kind.DATE if " " in part else Kind.YES_NO
        ):
            yield f"{place}: {variable.dated!r} does not go with a {variable.kind}"
    for table in collection.tables:
        place = f"table {table.table!r}"
        yield from unknown(place, "code list", [table.rows, table.columns], lists)


def _unused(collection: Collection) -> Iterator[str]:
    asked = {q.variable for q in collection.questions}
    used_lists = (
        {q.codes for q in collection.questions}
        | {v.codes for v in collection.variables}
        | {name for t in collection.tables for name in (t.rows, t.columns)}
    )
    for what, declared, used in (
        (
            "variable",
            [v.variable for v in collection.variables],
            asked | set(collection.derivations),
        ),
        ("code list", dict.fromkeys(item.list for item in collection.code_items), used_lists),
        ("block", collection.blocks, {q.block for q in collection.questions}),
        ("table", collection.table_by_name, {q.table for q in collection.questions}),
        (
            "publication",
            [p.publication for p in collection.publications],
            {name for q in collection.questions for name in q.attested},
        ),
    ):
        yield from (
            f"{what} {name!r} is declared and never used" for name in declared if name not in used
        )
