"""The demonstration's département as many others: a warehouse of a whole region in a second."""

# ruff: noqa: S608 - the statements are our own

from collections.abc import Iterable

from sqlalchemy import Connection

from tests.support.installation import Installation

FROM = "92"
ILE_DE_FRANCE = ("75", "77", "78", "91", "92", "93", "94", "95")
"""The région 11, before and after 2016."""

_SOURCES = {
    "department.delivery": ("territory", "fingerprint"),
    "national.unit": ("territory", "unit_id", "departement", "region"),
    "national.observation": ("territory", "unit_id", "number"),
    "reference.structure": ("territory", "structure_id", "departement"),
}
_MADE = {
    "territory": "'{code}'",
    "departement": "'{code}'",
    "fingerprint": "fingerprint || '{code}'",
    "unit_id": "'{code}' || substr(unit_id, 3)",
    "structure_id": "'{code}' || substr(structure_id, 3)",
    "region": "reference.region_of('{code}', reference.geography_date(data_year))",
    # Other sums, and still whole numbers.
    "number": "number + ascii('{code}')",
}


def clone(made: Installation, codes: Iterable[str]) -> None:
    """Load what is loaded of the Hauts-de-Seine under other codes as well, with other numbers."""
    with made.engine.begin() as connection:
        for code in codes:
            for table, own in _SOURCES.items():
                _copy(connection, table, own, code)
            connection.exec_driver_sql(
                "insert into reference.campaign_departement (collection, data_year, territory, "
                "departement, perimeter) select collection, data_year, %(code)s, %(code)s, "
                "perimeter from reference.campaign_departement where departement = %(own)s "
                "and collection in ('senacs', 'registre')",
                {"code": code, "own": FROM},
            )


def withdraw(made: Installation, code: str, data_year: int) -> None:
    """Take the survey of a territory and year out of the warehouse."""
    with made.engine.begin() as connection:
        for table in ("department.delivery", "national.unit", "national.observation"):
            connection.exec_driver_sql(
                f"delete from {table} where collection = 'senacs' and territory = %s "
                "and data_year = %s",
                (code, data_year),
            )


def touch(made: Installation, code: str, data_year: int, change: str, where: str = "true") -> None:
    """Change observations of the survey as a load would, by an SQL `set` clause."""
    with made.engine.begin() as connection:
        key = (code, data_year)
        connection.exec_driver_sql(
            f"update national.observation set {change} where collection = 'senacs' "
            f"and territory = %s and data_year = %s and {where}",
            key,
        )
        loaded_anew(connection, *key)


def move(made: Installation, code: str, data_year: int) -> None:
    """Let the first structures of a territory be in another one that year, as if they had moved."""
    other = "77"
    with made.engine.begin() as connection:
        for table, also in (("unit", f", departement = '{other}'"), ("observation", "")):
            connection.exec_driver_sql(
                f"update national.{table} set territory = '{other}'{also} where collection = "
                "'senacs' and territory = %s and data_year = %s and unit_id < %s",
                (code, data_year, f"{code}-010"),
            )
        for one in (code, other):
            loaded_anew(connection, one, data_year)


def loaded_anew(connection: Connection, code: str, data_year: int) -> None:
    """As every load leaves it: another fingerprint."""
    connection.exec_driver_sql(
        "update department.delivery set fingerprint = md5(fingerprint) where collection = 'senacs' "
        "and territory = %s and data_year = %s",
        (code, data_year),
    )


def _copy(connection: Connection, table: str, own: Iterable[str], code: str) -> None:
    names = [
        name
        for (name,) in connection.exec_driver_sql(
            "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 "
            "and not attisdropped and attgenerated = ''",
            (table,),
        )
    ]
    made = [_MADE[name].format(code=code) if name in own else name for name in names]
    collection = (
        "" if table == "reference.structure" else "collection in ('senacs', 'registre') and"
    )
    connection.exec_driver_sql(
        f"insert into {table} ({', '.join(names)}) select {', '.join(made)} from {table} "
        f"where {collection} territory = '{FROM}'"
    )
