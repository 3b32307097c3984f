"""Exports in an S3 store."""

from pathlib import Path
from typing import Any

import s3fs
from botocore.exceptions import BotoCoreError, ClientError

from senacs.codebook.sources import S3Source, is_loopback
from senacs.settings import secret, settings
from tasks.sources import DELIVERED, Delivery, Known, file_name, too_large, undelivered


def fetch(source: S3Source, folder: Path, known: Known) -> Delivery:
    """Copy the object into `folder`, unless its ETag is the known one.

    Raises:
        SourceError: in French; the store does not answer or let us in, or has no such object.
        ConfigurationError: a secret is missing.
    """
    store = _store(source)
    place = f"{source.bucket}/{source.key}"
    name = file_name(source.key)
    largest = settings().export_max_bytes
    path = folder / DELIVERED
    try:
        found = store.info(place)
        if found["ETag"] == known.etag:
            return Delivery(name, None)
        if found["size"] > largest:
            raise too_large(source.address, largest)
        store.get_file(place, str(path))
        after = store.info(place, refresh=True)
    except FileNotFoundError:
        raise undelivered(
            source.address, "cet objet n'existe pas", "vérifiez le nom déclaré, ou déposez l'export"
        ) from None
    except PermissionError:
        raise undelivered(
            source.address, "accès refusé", f"vérifiez {_keys(source)} et les droits de lecture"
        ) from None
    except (OSError, BotoCoreError, ClientError) as error:
        raise undelivered(
            source.address, f"le dépôt ne répond pas ({type(error).__name__})"
        ) from error
    if after["ETag"] != found["ETag"] or path.stat().st_size != found["size"]:
        raise undelivered(source.address, "l'objet a changé pendant sa copie")
    return Delivery(name, path, found["ETag"])


def _store(source: S3Source) -> Any:  # noqa: ANN401 - s3fs has no types
    own = settings()
    keys = {}
    if source.access_key and source.secret_key:
        keys = {
            "key": secret(source.access_key).get_secret_value(),
            "secret": secret(source.secret_key).get_secret_value(),
        }
    config: dict[str, Any] = {
        "connect_timeout": own.http_connect_timeout,
        "read_timeout": own.http_timeout,
        "retries": {"total_max_attempts": own.http_attempts, "mode": "standard"},
    }
    if is_loopback(source.endpoint_url or ""):
        config["proxies"] = {}
    store = s3fs.S3FileSystem(
        anon=source.anonymous,
        endpoint_url=source.endpoint_url,
        client_kwargs={"region_name": source.region} if source.region else {},
        config_kwargs=config,
        # Another territory may have other keys; and nothing listed before is believed.
        skip_instance_cache=True,
        use_listings_cache=False,
        **keys,
    )
    store.retries = 1  # botocore's own tries are enough
    return store


def _keys(source: S3Source) -> str:
    if source.secret_key:
        return f"les secrets « {source.access_key} » et « {source.secret_key} »"
    return "les clés d'accès"
