"""Become another account, then run a program: `launch.py UID GID PATH... -- PROGRAM ARGUMENT...`.

PostgreSQL refuses to run as root. Run as root, this script turns into the account and executes the
program. The paths are what the program must reach. Where a folder above them is closed to the
account (a checkout under /root, a `mktemp -d`), no folder is opened up; the program gets, as an
ambient capability, the right to pass through: CAP_DAC_READ_SEARCH, or CAP_DAC_OVERRIDE where a
container's root has only that one. Everything is imported before the account changes, because
Python's own folder may be closed as well.

It runs as a plain file (no package import: it starts in 30 ms) and uses the standard library only.
"""

import ctypes
import os
import sys
from pathlib import Path

EXIT_CLOSED = 77
"""A folder is closed to the account and the capability is not to be had; stderr names it."""
EXIT_REFUSED = 78
"""The account cannot be taken on, or the program cannot be executed."""

_PR_SET_KEEPCAPS = 8
_PR_GET_SECUREBITS = 27
_PR_SET_SECUREBITS = 28
_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2
_CAP_SETPCAP = 8


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


def _closed(path: Path) -> Path | None:
    """The first folder on the way to `path` that the account cannot pass; None if there is none."""
    for step in (*reversed(path.parents), path):
        # access() asks for the real account without its capabilities: just what we want to know.
        if not os.access(step, os.X_OK):
            return step
    return None


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _raise_ambient(libc: ctypes.CDLL) -> None:
    """Give this process and the programs it executes the right to pass closed folders."""
    header = _Header(_CAPABILITY_VERSION_3, 0)
    sets = (_Sets * 2)()
    _check(libc.capget(ctypes.byref(header), sets))
    held = sets[0].permitted
    for capability in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE):
        bit = 1 << capability
        if held & bit:
            break
    else:
        raise PermissionError("neither CAP_DAC_READ_SEARCH nor CAP_DAC_OVERRIDE is permitted")
    # initdb looks for its binaries with access(), which forgets an ordinary account's capabilities
    # unless this bit is set.
    able = bit | held & (1 << _CAP_SETPCAP)
    _check(libc.capset(ctypes.byref(header), (_Sets * 2)(_Sets(able, able, 0), _Sets(0, 0, 0))))
    kept = libc.prctl(_PR_GET_SECUREBITS, 0, 0, 0, 0)
    _check(libc.prctl(_PR_SET_SECUREBITS, kept | _NO_SETUID_FIXUP, 0, 0, 0))
    wanted = (_Sets * 2)(_Sets(bit, bit, bit), _Sets(0, 0, 0))
    _check(libc.capset(ctypes.byref(header), wanted))
    _check(libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0))


def main(arguments: list[str]) -> int:
    """Run it; returns only on failure, with the exit code."""
    mark = arguments.index("--")
    uid, gid = int(arguments[0]), int(arguments[1])
    paths, command = [Path(path) for path in arguments[2:mark]], arguments[mark + 1 :]
    linux = sys.platform == "linux"
    libc = ctypes.CDLL(None, use_errno=True) if linux else None
    try:
        if libc is not None:
            _check(libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    except OSError as error:
        sys.stderr.write(f"cannot become account {uid}: {error}\n")
        return EXIT_REFUSED
    closed = next((step for step in map(_closed, paths) if step is not None), None)
    if closed is not None:
        if libc is None:
            sys.stderr.write(f"{closed}\n")
            return EXIT_CLOSED
        try:
            _raise_ambient(libc)
        except OSError:
            sys.stderr.write(f"{closed}\n")
            return EXIT_CLOSED
    os.umask(0o077)
    try:
        os.execv(command[0], command)  # noqa: S606 - no shell is what we want
    except OSError as error:
        sys.stderr.write(f"cannot execute {command[0]}: {error}\n")
    return EXIT_REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
