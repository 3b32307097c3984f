"""Reads archived exports by the codebook."""

from collections.abc import Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

from senacs.settings import settings
from tasks import archive
from tasks.reading import Unread, read_side_by_side
from tasks.workspace import Came


@task(name="read", cache_policy=NO_CACHE)
def read(came: Sequence[Came]) -> list[int | Exception]:
    """Leave the typed answers and what is odd about them in each run's folder.

    Of each export how many answers it holds, or why it cannot be read.
    """
    exports = [
        Unread(one.run.key, one.receipt.file_name, archive.load(one.receipt.sha256), one.folder)
        for one in came
    ]
    return read_side_by_side(exports, settings().codebook)
