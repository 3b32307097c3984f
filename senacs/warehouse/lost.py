"""What to say where PostgreSQL is gone."""

from senacs.errors import WarehouseError


def lost(error: BaseException) -> WarehouseError:
    """The error to raise where the server is gone: PostgreSQL's own words, and what to do."""
    said = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return WarehouseError(
        f"L'entrepôt PostgreSQL ne répond pas ({said}) : ce qui était chargé reste en place ; "
        "relancez dès qu'il répond."
    )
