"""Where a territory's export is fetched from: one declaration for each kind of source."""

import re
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

SUPPLIER = "{supplier}"
"""In a URL: the server of the setting `SENACS_SUPPLIER_URL`."""

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

_SECRET_PARAMETERS = re.compile(
    r"(^|[_-])(key|apikey|token|secret|pass|passwd|password|pwd|sig|signature|auth|credential)s?$",
    re.IGNORECASE,
)


def is_loopback(url: str) -> bool:
    """Whether the URL leads to this machine."""
    return urlsplit(url).hostname in LOOPBACK_HOSTS


def _without_credentials(url: str) -> str:
    """Refuse what is no address on the web, or holds a credential, without repeating it."""
    concrete = url.replace(SUPPLIER, "https://supplier.invalid", 1)
    if SUPPLIER in url and not url.startswith(SUPPLIER):
        raise ValueError(f"{SUPPLIER} stands at the beginning of a URL")
    parts = urlsplit(concrete)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("an http:// or https:// URL is expected")
    _ = parts.port  # ValueError if it is none
    if "@" in parts.netloc:
        raise ValueError("no user or password in a URL: name secrets instead (docs/sources.md)")
    if parts.fragment or not url.isprintable() or " " in url:
        raise ValueError("a URL has no fragment (#), no space and no control character")
    for name, _value in parse_qsl(parts.query, keep_blank_values=True):
        if _SECRET_PARAMETERS.search(name):
            raise ValueError(f"the parameter {name!r} looks like a secret: name a secret instead")
    return url


def _fit_for_secrets(url: str) -> bool:
    return url.startswith(("https://", SUPPLIER)) or is_loopback(url)


def _inside(path: str) -> str:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or not path.isprintable():
        raise ValueError("a path below SENACS_DROP_FOLDER is expected: relative, without `..`")
    return str(pure)


def _one_name(pattern: str) -> str:
    if "/" in pattern or not pattern.isprintable():
        raise ValueError("the pattern of a file name is expected, without `/`")
    return pattern


WebAddress = Annotated[str, AfterValidator(_without_credentials)]
Text = Annotated[str, StringConstraints(min_length=1, pattern=r"^[^\x00-\x1f\x7f]+$")]
HostName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$")]
SecretName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""Name of a secret: its value is in `SENACS_SECRET_<NAME>`, never in the codebook."""

Fingerprint = Annotated[str, StringConstraints(pattern=r"^SHA256:[A-Za-z0-9+/]{43}$")]
"""Of a server's host key, as `ssh-keyscan HOST | ssh-keygen -lf -` prints it."""


class _Source(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    @property
    def address(self) -> str:
        """What logs, receipts and reports show: where it is, without credentials."""
        raise NotImplementedError


class _OnTheWeb(_Source):
    url: WebAddress
    ca_file: Text | None = Field(
        default=None,
        description="Certificates that sign the server's own, in place of the public ones; "
        "relative to the folder of the codebook.",
    )

    @property
    def address(self) -> str:
        """The URL; it holds no credentials."""
        return self.url


class HttpSource(_OnTheWeb):
    """A file on a web server."""

    kind: Literal["http"] = "http"
    token: SecretName | None = None
    user: Text | None = None
    password: SecretName | None = None

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        if self.token and self.password:
            raise ValueError("either a token, or a user and a password")
        if (self.token or self.password) and not _fit_for_secrets(self.url):
            raise ValueError("a secret is sent over https only")
        return self

    def at(self, supplier: str) -> Self:
        """The source on that server, checked as if it had been declared so."""
        return self.model_validate(
            self.model_dump() | {"url": self.url.replace(SUPPLIER, supplier.rstrip("/"))}
        )


class LimeSurveySource(_OnTheWeb):
    """The responses to a LimeSurvey survey, by its RemoteControl 2 interface (JSON-RPC)."""

    kind: Literal["limesurvey"]
    survey: int = Field(gt=0)
    user: Text
    password: SecretName
    completion: Literal["complete", "incomplete", "all"] = "complete"
    language: Text | None = None

    @model_validator(mode="after")
    def _over_https(self) -> Self:
        if SUPPLIER in self.url or not _fit_for_secrets(self.url):
            raise ValueError("a password is sent over https only")
        return self

    @property
    def address(self) -> str:
        """The interface and the survey."""
        parts = urlsplit(self.url)
        return urlunsplit(parts._replace(fragment=f"survey={self.survey}"))


class _Dropped(_Source):
    """Files that people put in a folder: which one is meant, and when it is whole."""

    file: Annotated[Text, AfterValidator(_one_name)] = "*"
    several: Literal["refuse", "last_by_name"] = Field(
        default="refuse",
        description="If the pattern fits several files: refuse, or the last one in the order of "
        "names, numbers in them counted as numbers.",
    )
    settle: float = Field(
        default=60,
        ge=0,
        description="Seconds since its last change before a file is taken for whole.",
    )


class FolderSource(_Dropped):
    """A drop folder below `SENACS_DROP_FOLDER`."""

    kind: Literal["folder"]
    path: Annotated[Text, AfterValidator(_inside)]

    @property
    def address(self) -> str:
        """The folder and the pattern."""
        return f"{self.path}/{self.file}"


class SftpSource(_Dropped):
    """A folder on an SSH server."""

    kind: Literal["sftp"]
    host: HostName
    port: int = Field(default=22, gt=0, lt=1 << 16)
    path: Text
    user: Text
    password: SecretName | None = None
    key: SecretName | None = Field(default=None, description="A private key, in OpenSSH's format.")
    passphrase: SecretName | None = Field(default=None, description="Of the private key.")
    host_keys: tuple[Fingerprint, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.password is None) == (self.key is None):
            raise ValueError("either a password or a key")
        if self.passphrase and not self.key:
            raise ValueError("a passphrase goes with a key")
        return self

    @property
    def address(self) -> str:
        """The server, the folder and the pattern."""
        folder = f"/{self.path.strip('/')}" if self.path.strip("/") else ""
        return f"sftp://{self.host}:{self.port}{folder}/{self.file}"


class S3Source(_Source):
    """An object of an S3 store."""

    kind: Literal["s3"]
    bucket: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    key: Text
    endpoint_url: WebAddress | None = Field(default=None, description="None: Amazon's.")
    region: Text | None = None
    access_key: SecretName | None = None
    secret_key: SecretName | None = None
    anonymous: bool = False

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if (self.access_key is None) != (self.secret_key is None):
            raise ValueError("access_key and secret_key go together")
        if self.anonymous and self.access_key:
            raise ValueError("either anonymous, or with keys")
        if SUPPLIER in (self.endpoint_url or ""):
            raise ValueError(f"{SUPPLIER} is for kind http")
        return self

    @property
    def address(self) -> str:
        """Store, bucket and key."""
        path = f"{self.bucket}/{self.key}"
        return f"{self.endpoint_url.rstrip('/')}/{path}" if self.endpoint_url else f"s3://{path}"


def _kind(declared: Any) -> Any:  # noqa: ANN401 - what YAML holds, or a source
    if isinstance(declared, dict):
        return declared.get("kind", "http")
    return getattr(declared, "kind", None)


Source = Annotated[
    Annotated[HttpSource, Tag("http")]
    | Annotated[FolderSource, Tag("folder")]
    | Annotated[SftpSource, Tag("sftp")]
    | Annotated[S3Source, Tag("s3")]
    | Annotated[LimeSurveySource, Tag("limesurvey")],
    Discriminator(
        _kind,
        custom_error_type="source_kind",
        custom_error_message="no such kind of source; known: http, folder, sftp, s3, limesurvey",
    ),
]
"""Any source; without a `kind`, HTTP. A kind's `fetch` is in `tasks/sources/<kind>.py`."""
