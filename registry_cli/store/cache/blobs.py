"""What a run worked out, as JSON in a file of the user's cache.

It is only ever believed when its checksum holds and it was made under the same key; whatever is wrong with it, the
answer is the same, only later.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry_cli.store.cache.files import write_atomically


def recall(folder: Path, name: str, key: str) -> Mapping[str, Any]:
    """What `remember` kept there under this key; empty for anything else."""
    try:
        checksum, _, body = (folder / name).read_bytes().partition(b"\n")
        stored = json.loads(body) if checksum == checksum_of(body) else {}
        return stored if stored["key"] == key else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def remember(folder: Path, name: str, key: str, value: Mapping[str, Any]) -> None:
    """Keeps it, where the folder can be written to."""
    body = json.dumps({"key": key, **value}, separators=(",", ":")).encode()
    whole = checksum_of(body) + b"\n" + body
    with contextlib.suppress(OSError):
        write_atomically(folder, name, lambda temporary: temporary.write_bytes(whole))


def checksum_of(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
