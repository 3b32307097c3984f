"""The territories' own spellings of headers."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import repeated
from senacs.codebook.model import Collection


def header_problems(collection: Collection) -> Iterator[str]:
    """Contradictions between headers.csv, the questionnaires and the campaigns."""
    yield from repeated(
        "header spelling",
        (f"{s.territory} {s.data_year} {s.header}" for s in collection.header_spellings),
    )
    questions = {year: collection.questions_of(year) for year in collection.data_years}
    asked = {year: {q.question for q in of_year} for year, of_year in questions.items()}
    meant = {year: {q.header: q.question for q in of_year} for year, of_year in questions.items()}
    territories = {c.data_year: {t.code for t in c.territories} for c in collection.campaigns}
    for spelling in collection.header_spellings:
        year, header = spelling.data_year, spelling.header
        if spelling.question and spelling.question not in asked.get(year, ()):
            yield (
                f"headers.csv maps {header!r} to {spelling.question!r}, which {year} does not ask"
            )
        other = meant.get(year, {}).get(header, spelling.question)
        if other != spelling.question:
            yield (
                f"headers.csv maps {header!r} to {spelling.question or 'nothing'!r}, which "
                f"questions/{year}.csv gives to {other!r}"
            )
        if year in territories and spelling.territory not in territories[year]:
            yield f"headers.csv: campaign {year} has no territory {spelling.territory!r}"
