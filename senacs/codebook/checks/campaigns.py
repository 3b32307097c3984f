"""The campaigns: about which year, where. Their days are checked where they are read."""

from collections.abc import Iterator

from senacs.codebook.checks.shared import repeated
from senacs.codebook.model import Collection, Perimeter


def campaign_problems(collection: Collection) -> Iterator[str]:
    """Contradictions of each campaign with itself and with the questionnaires."""
    yield from repeated("data year", (str(c.data_year) for c in collection.campaigns))
    asked = set(collection.data_years)
    for campaign in collection.campaigns:
        year = campaign.data_year
        if year not in asked:
            yield f"campaign {year} has no questions/{year}.csv"
        if (campaign.perimeter is Perimeter.EXPORT) == bool(collection.register_collection):
            yield f"campaign {year}: perimeter `export` is for collections without a register"
        yield from repeated(f"{year}: territory", (t.code for t in campaign.territories))
        yield from repeated(
            f"{year}: département", (d for t in campaign.territories for d in t.departements)
        )
