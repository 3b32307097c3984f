"""The sheets of an export: each is a population, has a key, and asks what it is made of."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import repeated, unknown
from senacs.codebook.model import Collection


def sheet_problems(collection: Collection) -> Iterator[str]:
    """Contradictions between `sheets`, `structures` and the questionnaires."""
    yield from _structure_problems(collection)
    if not collection.sheets:
        return
    if set(collection.sheets) != set(collection.populations):
        yield "sheets: each population is a sheet, and each sheet a population"
        return
    titles = [title for sheet in collection.sheets.values() for title in sheet.titles]
    yield from repeated("sheets: title", map(str.casefold, titles))
    if collection.register_collection or collection.population:
        yield "sheets: their lines are the units, of the population that their sheet is"
    for name, sheet in collection.sheets.items():
        place = f"sheet {name!r}"
        yield from repeated(f"{place}: key", sheet.key)
        yield from unknown(f"{place}: optional", "part of the key", sheet.optional, sheet.key)
        for year in collection.data_years:
            asked = {q.question: q for q in collection.questions_for(year, name)}
            yield from unknown(f"{year}: {place}: key", "asked question", sheet.key, asked)
            for part in sheet.key:
                if part in asked and not (asked[part].required or part in sheet.optional):
                    yield f"{year}: {place}: {part!r} of its key is neither required nor optional"


def _structure_problems(collection: Collection) -> Iterator[str]:
    declared = collection.structures
    if declared is None:
        return
    if collection.register_collection:
        yield "structures: its units are the register's, they name none"
    for year in collection.data_years:
        asked = (q.question for q in collection.questions_of(year))
        yield from unknown(f"{year}: structures", "question", [declared.question], asked)
