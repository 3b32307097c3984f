"""The one typed place for settings, read from `SENACS_*` variables or a `.env` file."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent
"""The checkout: the product runs from a clone (or a container that holds one)."""


class Settings(BaseSettings):
    """Everything that may differ between two installations."""

    model_config = SettingsConfigDict(env_prefix="SENACS_", env_file=".env", extra="ignore")

    home: Path = Field(
        default=PROJECT_ROOT / ".senacs",
        description="Folder of the embedded services' data, the archive, pages and logs.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="The warehouse on a PostgreSQL of yours (>= 14); default: the embedded one.",
    )
    archive_url: str | None = Field(
        default=None,
        description="Where exports are kept for ever (fsspec URL); default: <home>/archive.",
    )
    codebook: Path = Field(
        default=PROJECT_ROOT / "codebook", description="Folder of the declared collections."
    )
    postgres_user: str | None = Field(
        default=None,
        description="As root only: the account that runs the embedded PostgreSQL; default: the "
        "owner of the project's folder if that is not root, else `nobody`.",
    )
    prefect_port: int = Field(
        default=4200, description="Preferred port of the embedded Prefect server (loopback)."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"
    supplier_url: str | None = Field(
        default=None,
        description="What `{supplier}` stands for in the sources of campaigns.yml.",
    )
    http_attempts: int = Field(default=4, ge=1, description="Tries of one download.")
    http_backoff: float = Field(
        default=0.5, ge=0, description="Seconds before the second try; doubles at each further one."
    )
    http_timeout: float = Field(default=30, gt=0, description="Seconds without a byte.")
    export_max_bytes: int = Field(
        default=500_000_000, gt=0, description="Largest export accepted, in bytes."
    )


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
