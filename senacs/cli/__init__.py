"""The command `senacs`: each module adds commands, and imports what is heavy only inside them."""

from senacs.cli.main import main

__all__ = ["main"]
