"""The one typed place for settings and secrets, read from `SENACS_*` variables or a `.env` file."""

import os
from functools import cache
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from senacs.errors import ConfigurationError

_ENV_FILE = ".env"

PROJECT_ROOT = Path(__file__).resolve().parent.parent
"""The checkout: the product runs from a clone (or a container that holds one)."""


class Settings(BaseSettings):
    """Everything that may differ between two installations."""

    model_config = SettingsConfigDict(env_prefix="SENACS_", env_file=_ENV_FILE, extra="ignore")

    home: Path = Field(
        default=PROJECT_ROOT / ".senacs",
        description="Folder of the embedded services' data, the archive, pages and logs.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="The warehouse on a PostgreSQL of yours (>= 15); default: the embedded one.",
    )
    owner_database_url: SecretStr | None = Field(
        default=None,
        description="The same database as the role that owns it, for migrations, rights, backup "
        "and doctor; default: SENACS_DATABASE_URL, whose role then has to be the owner.",
    )
    portal_database_url: SecretStr | None = Field(
        default=None,
        description="The same database as a login that is a member of senacs_portal and "
        "senacs_gate and of nothing else; default: SENACS_DATABASE_URL. Set it on a server.",
    )
    portal_https: bool = Field(
        default=False,
        description="People reach the portal by https: cookies are sent by it only, and browsers "
        "are told to come by it only.",
    )
    portal_passwords: bool = Field(
        default=True,
        description="People may sign in with a password; `false`: by OpenID Connect only.",
    )
    oidc_issuer: str | None = Field(
        default=None,
        description="Provider of OpenID Connect that people may sign in by, as it names itself; "
        "our secret there is in SENACS_SECRET_OIDC or SENACS_SECRET_OIDC_FILE. Needs "
        "SENACS_PORTAL_URL; accounts are still made by an administrator.",
    )
    oidc_client: str | None = Field(default=None, description="How the provider knows us.")
    oidc_label: str = Field(
        default="le fournisseur d’identité",
        description="What the sign-in page calls it, in French.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="What Prometheus shows as bearer token to the portal's /metrics; default: the "
        "portal has no such page.",
    )
    archive_url: str | None = Field(
        default=None,
        description="Where exports are kept for ever (fsspec URL); default: <home>/archive.",
    )
    codebook: Path = Field(
        default=PROJECT_ROOT / "codebook", description="Folder of the declared collections."
    )
    replies: Path = Field(
        default=PROJECT_ROOT / "replies",
        description="Folder of the declared replies and known errors of territories.",
    )
    postgres_user: str | None = Field(
        default=None,
        description="As root only: the account that runs the embedded PostgreSQL; default: the "
        "owner of the project's folder if that is not root, else `nobody`.",
    )
    prefect_port: int = Field(
        default=4200, description="Preferred port of the embedded Prefect server (loopback)."
    )
    runner: Literal["threads", "dask", "pool"] = Field(
        default="threads",
        description="Where a campaign's batches run: threads of this process, Dask's workers, or "
        "workers of the work pool that the deployment `run-batch` names.",
    )
    runner_workers: int = Field(
        default=2,
        ge=1,
        description="Batches at a time on threads; worker processes of a Dask that is started for "
        "the run.",
    )
    dask_address: str | None = Field(
        default=None,
        description="A Dask scheduler that runs already, such as tcp://10.0.0.5:8786; default: "
        "one of this machine, for as long as the run.",
    )
    batch_size: int = Field(
        default=25,
        ge=1,
        description="Territories that go along the road together. More would save little, hold "
        "their locks longer and lose more where a process dies.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"
    log_format: Literal["text", "json"] = Field(
        default="text",
        description="How worker and runs write their logs; `json`: a line a record, with run, "
        "territory, collection and data year, and nothing of the data.",
    )
    supplier_url: str | None = Field(
        default=None,
        description="What `{supplier}` stands for in the sources of campaigns.yml.",
    )
    http_attempts: int = Field(default=4, ge=1, description="Tries of one download.")
    http_backoff: float = Field(
        default=0.5, ge=0, description="Seconds before the second try; doubles at each further one."
    )
    http_timeout: float = Field(default=30, gt=0, description="Seconds without a byte.")
    http_connect_timeout: float = Field(
        default=10, gt=0, description="Seconds until a server takes the connection."
    )
    http_longest_wait: float = Field(
        default=120, ge=0, description="Longest wait before a further try, whatever a server asks."
    )
    drop_folder: Path | None = Field(
        default=None,
        description="Folder of the drop folders that sources of kind `folder` name; default: "
        "<home>/drop.",
    )
    data_docs: Path | None = Field(
        default=None,
        description="For engineers: folder where Great Expectations' own pages of the last "
        "validation are written. They hold counts, no answers, and load their style from the web.",
    )
    smtp_host: str | None = Field(
        default=None, description="Mail server that notices are sent by; default: no mail."
    )
    smtp_port: int = Field(default=587, gt=0, lt=65536, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How mail is kept from being read on its way; `none` on this machine only.",
    )
    smtp_user: str | None = Field(
        default=None,
        description="Login at the mail server; its password is in SENACS_SECRET_SMTP or "
        "SENACS_SECRET_SMTP_FILE.",
    )
    smtp_ca_file: Path | None = Field(
        default=None,
        description="Certificates that the mail server's is held against; default: the public "
        "ones.",
    )
    mail_from: str | None = Field(default=None, description="Address that mail comes from.")
    webhook_private: bool = Field(
        default=False,
        description="Webhooks may lead to private addresses, such as a Caf's own network.",
    )
    portal_url: str | None = Field(
        default=None, description="Where people reach the portal; notices lead there."
    )
    export_max_bytes: int = Field(
        default=500_000_000, gt=0, description="Largest export accepted, in bytes."
    )


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def has_secret(name: str) -> bool:
    """Whether a secret of that name is set, by itself or by its file."""
    variable = f"SENACS_SECRET_{name.upper()}"
    given = {**dotenv_values(_ENV_FILE), **os.environ}
    return bool(given.get(variable) or given.get(f"{variable}_FILE"))


def secret(name: str, *, lines: bool = False) -> SecretStr:
    """The value of a secret that the codebook names.

    It is in `SENACS_SECRET_<NAME>`, or in the file that `SENACS_SECRET_<NAME>_FILE` names.

    Args:
        name: as the codebook declares it.
        lines: whether it has several lines, as a private key does.

    Raises:
        ConfigurationError: it is not set, set twice, unreadable, empty, or holds what no secret
            of one line does.
    """
    variable = f"SENACS_SECRET_{name.upper()}"
    given = {**dotenv_values(_ENV_FILE), **os.environ}
    value, file = given.get(variable), given.get(f"{variable}_FILE")
    if value and file:
        raise ConfigurationError(f"{variable} and {variable}_FILE are both set: keep one")
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            raise ConfigurationError(f"{variable}_FILE names no text file we can read") from None
    value = (value or "").rstrip("\r\n")
    if not value:
        raise ConfigurationError(
            f"the secret {name!r} is not set: give {variable}, or {variable}_FILE with its file"
        )
    if not lines and not value.isprintable():
        raise ConfigurationError(f"{variable} holds a line break or a control character")
    return SecretStr(value)
