"""Gives logins their rights and takes them back; each act is recorded with who decided it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection
from sqlalchemy.exc import ProgrammingError

from senacs.access import Holding, Role, checked_login
from senacs.codebook import collection_names, load_collection
from senacs.errors import ConfigurationError, WarehouseError
from senacs.settings import settings
from senacs.warehouse.engine import warehouse_as_owner
from senacs.warehouse.statements import execute, fetch


def make_login(login: str, password: str, author: str) -> None:
    """Make a login that may nothing yet. The server is sent what it keeps, not the password.

    Raises:
        ConfigurationError: no name of a login.
        WarehouseError: it is there already, or this connection may make none.
    """
    checked_login(login)
    with _as_owner(author) as connection:
        if _facts(connection, login) is not None:
            raise WarehouseError(f"the login {login} is there already: leave out --new")
        driver = connection.connection.driver_connection
        if driver is None:
            raise WarehouseError("the connection to the warehouse is closed")
        verifier = driver.pgconn.encrypt_password(
            password.encode(), login.encode(), b"scram-sha-256"
        )
        _do(connection, "access/making_login", login=login, verifier=verifier.decode())
        _note(connection, "login made", login, None, author)


def give_territories(holdings: Sequence[Holding], author: str) -> None:
    """Let a correspondent read territories, all or none of them; what is held already is renewed.

    Raises:
        ConfigurationError: a territory that no campaign asks, or no name of a login.
        WarehouseError: there is no such login, or it may more than a correspondent.
    """
    for holding in holdings:
        check_territory(holding.territory, holding.collection)
    with _as_owner(author) as connection:
        for login in dict.fromkeys(holding.login for holding in holdings):
            _join(connection, login, Role.CORRESPONDENT, author)
        for holding in holdings:
            _forget(
                connection, holding.login, [holding.territory], holding.collection, exactly=True
            )
            execute(
                connection,
                "access/insert_holding",
                login=holding.login,
                territory=holding.territory,
                collection=holding.collection,
                valid_from=holding.since,
                valid_until=holding.until,
                author=author,
            )


def give_role(login: str, role: Role, author: str) -> None:
    """Let a login in with a group's rights.

    Raises:
        ConfigurationError: no name of a login.
        WarehouseError: there is no such login, or it may more than that group.
    """
    with _as_owner(author) as connection:
        _join(connection, login, role, author)


def take_back(
    login: str, author: str, territories: Iterable[str] = (), collection: str | None = None
) -> int:
    """Take territories from a login, or, where none is named, all that it has here.

    With the last right goes the way in: its sessions end, and it cannot connect any more. The
    login itself stays, it may be another database's too.

    Returns:
        How many territories were taken.

    Raises:
        WarehouseError: it has nothing to take back, or a role of it was given by somebody else.
    """
    named = list(territories)
    with _as_owner(author) as connection:
        taken = _forget(connection, login, named or None, collection, exactly=False)
        facts = _facts(connection, login)
        held = set() if facts is None else _roles(facts)
        left = any(row["login"] == login and row["territory"] for row in _holders(connection))
        everything = not named and collection is None
        if not taken and not (everything and held):
            raise WarehouseError(f"{login} has nothing of that to take back")
        leaving = held if everything else set() if left else held & {Role.CORRESPONDENT}
        for role in sorted(leaving):
            _do(connection, "access/taking_role", login=login, role=role.in_database)
            _note(connection, "role taken", login, role, author)
        if facts is not None and not held - leaving:
            _do(connection, "access/shutting_out", login=login)
            execute(connection, "access/end_sessions", login=login)
        now = _facts(connection, login)
        if now is not None and (kept := _roles(now) & leaving):
            raise WarehouseError(
                f"{login} stays {', '.join(sorted(kept))}: another role gave it that. Let an "
                "administrator revoke it; nothing was changed"
            )
    return taken


def holders() -> list[Mapping[str, Any]]:
    """Who may what: the rows of `access/holders`."""
    with warehouse_as_owner().connect() as connection:
        return _holders(connection)


def events(login: str | None, at_most: int) -> list[Mapping[str, Any]]:
    """What was given and taken back, newest first: the rows of `access/events`."""
    with warehouse_as_owner().connect() as connection:
        return fetch(connection, "access/events", login=login, at_most=at_most)


@contextmanager
def _as_owner(author: str) -> Iterator[Connection]:
    """A transaction of the owner, in the name of the person who decides."""
    engine = warehouse_as_owner()
    try:
        with engine.begin() as connection:
            execute(connection, "access/author", author=author)
            yield connection
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise WarehouseError(
            f"{engine.url.username} may not give rights ({error.orig.diag.message_primary}): let "
            "SENACS_OWNER_DATABASE_URL log in as the owner of the warehouse, with `createrole`"
        ) from error


def _join(connection: Connection, login: str, role: Role, author: str) -> None:
    facts = _facts(connection, checked_login(login))
    if facts is None:
        raise WarehouseError(f"there is no login {login}: make it with --new")
    if not facts["logs_in"]:
        raise WarehouseError(f"{login} is a group: give the right to a person's own login")
    # What comes with the flows' role is no more than is given where that is the role.
    given = {"bypassrls", f"member of {role.in_database}"} if role is Role.FLOWS else set()
    if mighty := [what for what in facts["mighty"] if what not in given]:
        raise WarehouseError(
            f"{login} may more than it would be given ({', '.join(mighty)}), and no rule of ours "
            "would hold it: give the right to a login of its own"
        )
    if facts["connects"] and role in _roles(facts):
        return
    _do(connection, "access/giving_role", login=login, role=role.in_database)
    _note(connection, "role given", login, role, author)


def _roles(facts: Mapping[str, Any]) -> set[Role]:
    return {role for role in Role if role.in_database in facts["member_of"]}


def _facts(connection: Connection, login: str) -> Mapping[str, Any] | None:
    rows = fetch(connection, "access/login", login=login)
    return rows[0] if rows else None


def _holders(connection: Connection) -> list[Mapping[str, Any]]:
    return fetch(connection, "access/holders")


def _forget(
    connection: Connection,
    login: str,
    territories: list[str] | None,
    collection: str | None,
    *,
    exactly: bool,
) -> int:
    return execute(
        connection,
        "access/delete_holdings",
        login=login,
        territories=territories,
        collection=collection,
        exactly=exactly,
    ).rowcount


def _note(connection: Connection, act: str, login: str, role: Role | None, author: str) -> None:
    execute(
        connection,
        "access/insert_event",
        act=act,
        login=login,
        role=role and role.in_database,
        author=author,
    )


def _do(connection: Connection, name: str, /, **parameters: object) -> None:
    """Run the statements that a file of `sql/` builds, with names quoted by PostgreSQL."""
    for row in fetch(connection, name, **parameters):
        connection.exec_driver_sql(row["statement"])


def check_territory(territory: str, collection: str | None) -> None:
    """See that some campaign asks the territory, of one collection or of any.

    Raises:
        ConfigurationError: none does, or there is no such collection.
    """
    folder = settings().codebook
    names = collection_names(folder)
    if collection is not None and collection not in names:
        raise ConfigurationError(f"no collection {collection!r}; declared: {', '.join(names)}")
    asked = {
        one.code
        for name in ([collection] if collection else names)
        for campaign in load_collection(folder, name).campaigns
        for one in campaign.territories
    }
    if territory not in asked:
        raise ConfigurationError(
            f"no campaign{f' of {collection}' if collection else ''} asks the "
            f"territory {territory!r}; asked: {', '.join(sorted(asked))}"
        )
