"""Files of the cache that are not databases: a SHA-256, a line of JSON about the content, the content.

The SHA-256 is that of everything after its own line. A file is believed only if the SHA-256 is right and the file was
made for the same identity. A file that cannot be read is treated as absent, and one that cannot be written is left
out: the answer is the same, only later. Without a cache (`file` is None) nothing is read and nothing is written.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from registry_cli.store.cache.directory import CacheFile


class Blob(NamedTuple):
    """The content of a file, and what its writer noted about it."""

    about: Mapping[str, Any]
    body: bytes


def read_blob(file: CacheFile | None) -> Blob | None:
    """Return what `write_blob` wrote, whole, or None."""
    if file is None:
        return None
    try:
        checksum, _, rest = file.path.read_bytes().partition(b"\n")
        if checksum != checksum_of(rest):
            return None
        head, _, body = rest.partition(b"\n")
        about = json.loads(head)
        return Blob(about, body) if about["identity"] == file.identity else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def write_blob(file: CacheFile | None, about: Mapping[str, Any], body: bytes) -> None:
    """Write the content and what to note about it (plain JSON), if the cache can be written to."""
    if file is None:
        return
    rest = json.dumps({"identity": file.identity, **about}).encode() + b"\n" + body
    whole = checksum_of(rest) + b"\n" + rest
    with contextlib.suppress(OSError):
        file.write(lambda temporary: temporary.write_bytes(whole))


def read_memo(file: CacheFile | None, key: str) -> Mapping[str, Any]:
    """Return what `write_memo` wrote under the same key; empty for anything else."""
    blob = read_blob(file)
    if blob is None or blob.about.get("key") != key:
        return {}
    try:
        value = json.loads(blob.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def write_memo(file: CacheFile | None, key: str, value: Mapping[str, Any]) -> None:
    """Write plain JSON that holds as long as `key` (versions, days, digests of the input) stays the same."""
    write_blob(file, {"key": key}, json.dumps(value, separators=(",", ":")).encode())


def checksum_of(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
