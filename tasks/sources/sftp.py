"""Exports in a folder of an SSH server, whose host key must be a declared one."""

import io
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko

from senacs.codebook.sources import SftpSource
from senacs.errors import ConfigurationError
from senacs.settings import secret, settings
from tasks.sources import DELIVERED, Delivery, Known, file_name, sentence, too_large, undelivered
from tasks.sources.choice import Candidate, changed_meanwhile, chosen
from tasks.sources.patience import PassingError, patiently

_KEYS: tuple[type[paramiko.PKey], ...] = (
    paramiko.Ed25519Key,
    paramiko.ECDSAKey,
    paramiko.RSAKey,
)


def fetch(source: SftpSource, folder: Path, known: Known) -> Delivery:
    """Copy the file that the source means into `folder`, unless it is the known one.

    Raises:
        SourceError: in French; the server is not the declared one, does not let us in or answer,
            or has no such file, several of them, or one still arriving.
        ConfigurationError: a secret is missing or is no key.
    """

    def attempt() -> Delivery:
        try:
            with _connection(source) as client:
                return _copied(client, source, folder / DELIVERED, known)
        except (OSError, EOFError, paramiko.SSHException) as error:
            raise PassingError(
                sentence(
                    source.address,
                    f"connexion impossible ou interrompue (essais : {settings().http_attempts})",
                )
            ) from error

    return patiently(attempt)


@contextmanager
def _connection(source: SftpSource) -> Iterator[paramiko.SFTPClient]:
    own = settings()
    password = secret(source.password).get_secret_value() if source.password else None
    key = _private_key(source)
    reached = socket.create_connection((source.host, source.port), timeout=own.http_connect_timeout)
    with reached, paramiko.Transport(reached) as transport:
        transport.banner_timeout = transport.auth_timeout = own.http_timeout
        transport.start_client(timeout=own.http_timeout)
        _check_host(source, transport.get_remote_server_key().fingerprint)
        try:
            if key is not None:
                transport.auth_publickey(source.user, key)
            elif password is not None:
                transport.auth_password(source.user, password)
        except paramiko.AuthenticationException:
            raise undelivered(
                source.address,
                f"le serveur refuse l'utilisateur « {source.user} »",
                f"vérifiez le secret « {source.password or source.key} » avec le fournisseur",
            ) from None
        client = paramiko.SFTPClient.from_transport(transport)
        if client is None:
            raise paramiko.SSHException("the server opens no SFTP session")
        with client:
            channel = client.get_channel()
            if channel is not None:
                channel.settimeout(own.http_timeout)
            yield client


def _check_host(source: SftpSource, fingerprint: str) -> None:
    """Refuse a server that is not the declared one, before anything is said to it."""
    if fingerprint not in source.host_keys:
        raise undelivered(
            source.address,
            f"le serveur présente une clé inconnue ({fingerprint})",
            "demandez au fournisseur s'il en a changé : si ce n'est pas le cas, quelqu'un se fait "
            "peut-être passer pour lui ; sinon, déclarez la nouvelle empreinte dans host_keys",
        )


def _private_key(source: SftpSource) -> paramiko.PKey | None:
    if source.key is None:
        return None
    text = secret(source.key, lines=True).get_secret_value() + "\n"
    passphrase = secret(source.passphrase).get_secret_value() if source.passphrase else None
    for kind in _KEYS:
        try:
            return kind.from_private_key(io.StringIO(text), password=passphrase)
        except (paramiko.SSHException, ValueError, TypeError):
            continue
    raise ConfigurationError(
        f"the secret {source.key!r} is no private key that we can read (Ed25519, ECDSA or RSA), "
        "or its passphrase is missing or wrong"
    )


def _copied(client: paramiko.SFTPClient, source: SftpSource, path: Path, known: Known) -> Delivery:
    largest = settings().export_max_bytes
    try:
        found = chosen(source, _candidates(client.listdir_attr(source.path)), known)
        if found.mark == known.etag:
            return Delivery(file_name(found.name), None)
        if found.size > largest:
            raise too_large(source.address, largest)
        remote = f"{source.path.rstrip('/')}/{found.name}"
        with path.open("wb") as file, client.open(remote) as opened:
            opened.prefetch(found.size)
            while block := opened.read(1 << 15):
                if file.tell() + len(block) > largest:
                    raise too_large(source.address, largest)
                file.write(block)
        after = _candidate(found.name, client.stat(remote))
    except FileNotFoundError:
        raise undelivered(
            source.address, "ce dossier n'existe pas", "vérifiez le chemin déclaré"
        ) from None
    except PermissionError:
        raise undelivered(
            source.address,
            f"l'utilisateur « {source.user} » n'y a pas accès",
            "demandez le droit de lecture au fournisseur",
        ) from None
    if after.mark != found.mark or path.stat().st_size != found.size:
        raise changed_meanwhile(source, after)
    return Delivery(file_name(found.name), path, found.mark)


def _candidates(entries: list[paramiko.SFTPAttributes]) -> Iterator[Candidate]:
    """The files of a listing; neither folders nor links."""
    for entry in entries:
        if entry.st_mode is not None and stat.S_ISREG(entry.st_mode):
            yield _candidate(entry.filename, entry)


def _candidate(name: str, entry: paramiko.SFTPAttributes) -> Candidate:
    modified = entry.st_mtime or 0
    return Candidate(name, entry.st_size or 0, modified, modified)
