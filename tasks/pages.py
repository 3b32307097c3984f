"""Writes pages so that a reader sees the former one or the new one, never half of one."""

import os
from pathlib import Path


def replace_text(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write the file whole, or leave it; a file that already says so is not touched."""
    replace_bytes(path, text.encode(encoding))


def replace_bytes(path: Path, data: bytes) -> None:
    """The same for any file."""
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
