"""A real S3 server in a thread, empty at first."""

import contextlib
from collections.abc import Iterator

import requests
import s3fs
from moto.server import ThreadedMotoServer

KEY, SECRET = "caf92", "topsecret"


@contextlib.contextmanager
def serving_s3() -> Iterator[str]:
    """Serve on the loopback interface until the block ends; gives the endpoint."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        with requests.Session() as session:
            session.trust_env = False  # no proxy
            session.post(f"http://{host}:{port}/moto-api/reset", timeout=5).raise_for_status()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def client(endpoint: str) -> s3fs.S3FileSystem:
    """What a supplier puts files with."""
    return s3fs.S3FileSystem(
        key=KEY, secret=SECRET, endpoint_url=endpoint, config_kwargs={"proxies": {}}
    )
