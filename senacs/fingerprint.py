"""What a loaded state depends on, as one hash: same inputs, same state, nothing to do."""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version

from senacs.settings import PROJECT_ROOT

_LIBRARIES = ("great-expectations", "pandas", "polars", "python-calamine", "rapidfuzz")
_CODE = (
    "senacs/codebook/*.py",
    "senacs/conditions.py",
    "senacs/reading/*.py",
    "senacs/register/*.py",
    "senacs/replies/*.py",
    "senacs/territories.py",
    "expectations/*.py",
    "tasks/identify.py",
    "tasks/surroundings.py",
    "sql/department/*.sql",
    "sql/intake/former_export.sql",
    "sql/national/**/*.sql",
    "sql/reference/register.sql",
    "sql/register/identities.sql",
    "sql/reference/scope.sql",
)

_PRODUCT = (
    "expectations/**/*.py",
    "expectations/rules/*.yml",
    "flows/*.py",
    "senacs/**/*.py",
    "senacs/**/templates/*",
    "sql/**/*.sql",
    "tasks/**/*.py",
    "uv.lock",
)


@cache
def code_version() -> str:
    """Hash of the code, and the versions of libraries, that turn an export into observations."""
    return _hash_of_code(_LIBRARIES, _CODE)


@cache
def product_version() -> str:
    """Hash of all the code, with the lock: what makes the same documents of the same exports."""
    return _hash_of_code((), _PRODUCT)


def _hash_of_code(libraries: Iterable[str], patterns: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for library in libraries:
        digest.update(f"{library} {version(library)}".encode())
    for pattern in patterns:
        for path in sorted(PROJECT_ROOT.glob(pattern)):
            if path.is_file():
                digest.update(path.relative_to(PROJECT_ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def fingerprint(*inputs: str) -> str:
    """Hash of these inputs and of the code that works on them."""
    return hash_of(code_version(), *inputs)


def hash_of(*inputs: str) -> str:
    """Hash of these texts, in this order."""
    digest = hashlib.sha256()
    for text in inputs:
        digest.update(b"\0" + text.encode())
    return digest.hexdigest()
