"""A real SSH server with SFTP over a folder, one thread a connection."""

# ruff: noqa: ARG002 - what paramiko calls

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import paramiko


@dataclass
class SftpServer:
    """What the server has, whom it lets in, and what it has seen.

    Attributes:
        drop: how many of the next connections to hang up on at once.
        when_opened: called when a file has been opened, to change it under the reader's eyes.
    """

    folder: Path
    user: str = "caf92"
    password: str | None = None
    key: paramiko.PKey | None = None
    host_key: paramiko.PKey = field(default_factory=paramiko.ECDSAKey.generate)
    drop: int = 0
    when_opened: list = field(default_factory=list)
    port: int = 0
    logins: int = 0

    @property
    def fingerprint(self) -> str:
        return self.host_key.fingerprint


class _Door(paramiko.ServerInterface):
    def __init__(self, state: SftpServer) -> None:
        self.state = state

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def _let_in(self, allowed: bool) -> int:
        self.state.logins += 1
        return paramiko.AUTH_SUCCESSFUL if allowed else paramiko.AUTH_FAILED

    def check_auth_password(self, username: str, password: str) -> int:
        state = self.state
        return self._let_in(
            bool(state.password) and (username, password) == (state.user, state.password)
        )

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        return self._let_in(username == self.state.user and key == self.state.key)

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class _Files(paramiko.SFTPServerInterface):
    def __init__(self, server: _Door, *args: object, **kwargs: object) -> None:
        super().__init__(server, *args, **kwargs)
        self.state = server.state

    def _path(self, path: str) -> Path:
        return self.state.folder / path.lstrip("/")

    def list_folder(self, path: str):
        try:
            return [
                paramiko.SFTPAttributes.from_stat(entry.lstat(), entry.name)
                for entry in self._path(path).iterdir()
            ]
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    def stat(self, path: str):
        try:
            return paramiko.SFTPAttributes.from_stat(self._path(path).stat())
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)

    lstat = stat

    def open(self, path: str, flags: int, attr: object):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return paramiko.SFTP_PERMISSION_DENIED
        handle = paramiko.SFTPHandle(flags)
        handle.readfile = self._path(path).open("rb")
        for change in self.state.when_opened:
            change()
        return handle


@contextlib.contextmanager
def serving_sftp(state: SftpServer) -> Iterator[SftpServer]:
    """Serve it on the loopback interface until the block ends."""
    transports: list[paramiko.Transport] = []

    def serve(listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            if state.drop:
                state.drop -= 1
                connection.close()
                continue
            transport = paramiko.Transport(connection)
            transport.add_server_key(state.host_key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files)
            transports.append(transport)
            with contextlib.suppress(paramiko.SSHException, EOFError, OSError):
                transport.start_server(threading.Event(), server=_Door(state))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        state.port = listener.getsockname()[1]
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for transport in transports:
                transport.close()
