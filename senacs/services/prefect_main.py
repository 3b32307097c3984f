"""The process of the Prefect server: `prefect_main.py DESCRIPTOR`, a socket that listens already.

The command that starts the server binds the port itself and hands the socket over, so no one else
can take the port between choice and use, and clients may connect while the server still boots.
Serving Prefect's app without its command line also saves a second of start.
"""

import gc
import logging
import socket
import sys


def main(descriptor: int) -> None:
    """Serve until told to end."""
    # The imports make millions of objects and hardly any garbage; walking them again and again
    # costs a good part of the start.
    gc.disable()
    import uvicorn  # noqa: PLC0415 - after gc.disable
    from prefect.server.api.server import create_app  # noqa: PLC0415

    app = create_app(final=True)
    gc.freeze()
    gc.enable()
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        # A browser tab with an open event stream must not hold up the stop.
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    main(int(sys.argv[1]))
