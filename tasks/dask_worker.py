"""What each worker process of a Dask that is started for a run does first: Dask's `preload`."""

import signal

from distributed import Worker


def dask_setup(_worker: Worker) -> None:
    """Leave Ctrl-C to the command that started it, which then ends the workers in order.

    Each process of a terminal gets it. A worker, or a reader of its, that ended by itself would
    leave its territories as failed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
