"""Ends a process of ours when the one that started it is no more."""

import os
import threading
import time


def end_with(parent: int) -> None:
    """End this process when the one that started it is no more: if killed, it cannot say so."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
