"""Where the embedded services keep their files: the one list of names under `settings.home`."""

from dataclasses import dataclass
from pathlib import Path

from senacs.errors import ServiceError


@dataclass(frozen=True)
class Layout:
    """The folders and files of the services of one home."""

    home: Path

    @classmethod
    def of(cls, home: Path) -> "Layout":
        """The layout of `home`, made absolute so that a service may change its folder."""
        return cls(home.expanduser().absolute())

    @property
    def postgres(self) -> Path:
        """All of PostgreSQL; as root, the one folder that belongs to another account."""
        return self.home / "postgres"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.postgres / "data"

    @property
    def postgres_log(self) -> Path:
        """What PostgreSQL says, over all its starts."""
        return self.postgres / "log" / "postgresql.log"

    @property
    def prefect(self) -> Path:
        """PREFECT_HOME of the server, the worker and every command."""
        return self.home / "prefect"

    @property
    def prefect_password(self) -> Path:
        """What Prefect's API and pages ask for; only our account reads it."""
        return self.prefect / "api.password"

    @property
    def temporary(self) -> Path:
        """Temporary files of the Prefect server, the worker and its runs; gone after `down`."""
        return self.prefect / "tmp"

    @property
    def run(self) -> Path:
        """State of what runs now; closed to other accounts."""
        return self.home / "run"

    @property
    def logs(self) -> Path:
        """Logs of the Prefect server and the worker."""
        return self.home / "logs"

    def password_file(self, role: str) -> Path:
        """Where the password of a database role is kept, beside the cluster that knows it."""
        return self.postgres / f"{role}.password"

    def make(self) -> None:
        """Make the folders that are missing.

        Raises:
            ServiceError: The home cannot be written.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            for folder in (self.run, self.logs, self.prefect):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise ServiceError(
                f"The folder of the embedded services cannot be made: {error}. "
                "Set SENACS_HOME to a folder that you can write."
            ) from error
