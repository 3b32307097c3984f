"""Reads archived exports by the codebook."""

from collections.abc import Sequence

from prefect import task
from prefect.cache_policies import NO_CACHE

from senacs.errors import SenacsError
from senacs.settings import settings
from tasks import archive
from tasks.reading import Unread, read_side_by_side
from tasks.steps import observed
from tasks.workspace import Came


@task(name="read", cache_policy=NO_CACHE)
@observed("read", counted="answers")
def read(came: Sequence[Came]) -> list[int | Exception]:
    """Leave the typed answers and what is odd about them in each run's folder.

    Of each export how many answers it holds, or why it cannot be read.
    """
    taken = [_taken(one) for one in came]
    exports = [one for one in taken if isinstance(one, Unread)]
    counts = iter(read_side_by_side(exports, settings().codebook))
    return [next(counts) if isinstance(one, Unread) else one for one in taken]


def _taken(one: Came) -> Unread | SenacsError:
    """The export out of the archive; or what is wrong with the archive."""
    try:
        data = archive.load(one.receipt.sha256)
    except SenacsError as error:
        return error
    return Unread(one.run.key, one.receipt.file_name, data, one.folder)
