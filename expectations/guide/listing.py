"""The rules as lines of a table, for engineers."""

from expectations.guide.content import guide_of
from senacs.codebook import Collection

HEADER = ("code", "layer", "severity", "years", "thresholds", "sentence")


def lines_of(
    collection: Collection, data_year: int | None = None, layer: str = ""
) -> list[tuple[str, ...]]:
    """One line a rule, each member of a family for itself; of one data year or layer, or all."""
    rows: list[tuple[str, ...]] = []
    for entry in guide_of(collection, data_year).entries:
        if layer and entry.layer != layer:
            continue
        shared = (str(entry.layer), str(entry.severity))
        if entry.lines:
            rows += [
                (line.code, *shared, line.years, line.thresholds, line.about)
                for line in entry.lines
            ]
        else:
            thresholds = "; ".join(entry.thresholds)
            rows.append((entry.code, *shared, entry.years, thresholds, entry.sentence))
    return rows
