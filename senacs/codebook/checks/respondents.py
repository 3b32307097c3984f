"""The key items: they exist, and each form asks enough of them."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import repeated, unknown
from senacs.codebook.model import Collection
from senacs.codebook.respondents import Respondent


def respondent_problems(collection: Collection) -> Iterator[str]:
    """Contradictions of the respondents' key items with the variables and the questionnaires."""
    yield from repeated(
        "respondents of",
        (p for one in collection.respondents for p in _populations(collection, one)),
    )
    for number, one in enumerate(collection.respondents, start=1):
        place = f"collection.yml, respondents {number}"
        yield from unknown(place, "population", one.populations, collection.populations)
        yield from unknown(place, "variable", one.key_items, collection.variable_by_name)
        yield from repeated(f"{place}: key item", one.key_items)
        for population in _populations(collection, one):
            for year in collection.data_years:
                yield from _year_problems(collection, place, one, population, year)


def _populations(collection: Collection, one: Respondent) -> tuple[str, ...]:
    return one.populations or tuple(collection.populations)


def _year_problems(
    collection: Collection, place: str, one: Respondent, population: str, year: int
) -> Iterator[str]:
    """A form that asks fewer key items than needed would have no respondent.

    One with a filter does not count: to some it is not asked.
    """
    asked = [q for q in collection.questions_of(year) if population in collection.populations_of(q)]
    sure = {q.variable for q in asked if not q.filter} & set(one.key_items)
    if asked and len(sure) < one.least:
        yield (
            f"{place}: {year} asks every {population} {len(sure)} of the key items, "
            f"{one.least} are needed"
        )
