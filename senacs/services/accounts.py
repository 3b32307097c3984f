"""The account that runs PostgreSQL, and the command line that runs a program as it."""

import os
import pwd
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from senacs.errors import ConfigurationError, ServiceError
from senacs.services import launch
from senacs.settings import PROJECT_ROOT, Settings


@dataclass(frozen=True)
class Account:
    """An account of this machine."""

    uid: int
    gid: int
    name: str

    @property
    def foreign(self) -> bool:
        """Whether we are root and must turn into this account to run a program as it."""
        return os.geteuid() == 0

    def command(self, program: Sequence[str | Path], reaching: Sequence[Path]) -> list[str]:
        """The command line that runs `program` as this account.

        Args:
            program: Absolute path of the program and its arguments.
            reaching: What the program must be able to reach, besides itself.
        """
        parts = [os.fspath(part) for part in program]
        if not self.foreign:
            return parts
        script = os.fspath(Path(launch.__file__).resolve())
        paths = [parts[0], *map(os.fspath, reaching)]
        # -I and -S: neither the caller's environment nor site-packages matter to the launcher.
        head = [sys.executable, "-I", "-S", script, str(self.uid), str(self.gid)]
        return [*head, *paths, "--", *parts]


def explain(code: int | None, said: str, account: Account) -> ServiceError | None:
    """The error that an exit code of the launcher stands for; None if it is not one of them."""
    last = said.strip().splitlines()[-1] if said.strip() else "?"
    if code == launch.EXIT_CLOSED:
        return ServiceError(
            f"PostgreSQL does not run as root, and the account {account.name!r} that would run it "
            f"cannot pass the folder {last} (this root has not the capability to let it through). "
            "Ways out: put the project in a folder that other accounts can pass, or run this "
            "command as an ordinary user, or set SENACS_POSTGRES_USER to an account that can "
            "pass it."
        )
    if code == launch.EXIT_REFUSED:
        return ServiceError(f"PostgreSQL cannot be run as the account {account.name!r}: {last}.")
    return None


def service_account(settings: Settings) -> Account:
    """The account that runs the embedded PostgreSQL.

    Run by an ordinary user: that user. Run by root: `settings.postgres_user`, else the owner of
    the project's folder unless that is root, else `nobody`.

    Raises:
        ConfigurationError: The account does not exist or is root.
    """
    if os.geteuid() != 0:
        return _of_uid(os.geteuid())
    if settings.postgres_user is not None:
        try:
            entry = pwd.getpwnam(settings.postgres_user)
        except KeyError as error:
            raise ConfigurationError(
                f"SENACS_POSTGRES_USER names the account {settings.postgres_user!r}, "
                "which this machine does not have."
            ) from error
        if entry.pw_uid == 0:
            raise ConfigurationError(
                "SENACS_POSTGRES_USER must not be root: PostgreSQL refuses to run as root."
            )
        return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
    try:
        owner = PROJECT_ROOT.stat().st_uid
        # A mounted folder may belong to a number without a name, which PostgreSQL does not take.
        named = owner != 0 and any(entry.pw_uid == owner for entry in pwd.getpwall())
        entry = pwd.getpwuid(owner) if named else pwd.getpwnam("nobody")
    except KeyError as error:
        raise ConfigurationError(
            "PostgreSQL does not run as root and this machine has no account `nobody`: "
            "set SENACS_POSTGRES_USER to an ordinary account."
        ) from error
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _of_uid(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        # A container may run as a number that has no name; an existing cluster does not mind.
        return Account(uid, os.getgid(), str(uid))
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
