"""What upstreams said, in the cache folder: lists with their validators, and local models for an hour.

Only answers to questions without a key are kept. What cannot be read or written is as if it were not there.
"""

import contextlib
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry_cli.http import Kept
from registry_cli.store.cache.blobs import checksum_of
from registry_cli.store.cache.files import write_atomically


@dataclass(frozen=True, slots=True)
class AnswerCache:
    """Files `answers/*.answer`: the hash of what follows, a line of JSON about the answer, then the answer."""

    folder: Path

    def read(self, url: str) -> Kept | None:
        """The answer kept for an address, whole, or None."""
        found = self._read(url)
        return Kept(found[1], found[0].get("etag"), found[0].get("last_modified")) if found else None

    def write(self, url: str, kept: Kept) -> None:
        self._write(url, {"etag": kept.etag, "last_modified": kept.last_modified}, kept.body)

    def recall(self, name: str, now: float, most_seconds: float) -> Any:
        """The value that was remembered under a name less than `most_seconds` before `now`, or None."""
        found = self._read(name)
        at = found[0].get("at") if found else None
        if found is None or not isinstance(at, int | float) or not 0 <= now - at < most_seconds:
            return None
        with contextlib.suppress(ValueError):
            return json.loads(found[1])
        return None

    def remember(self, name: str, value: Any, now: float) -> None:
        """Keeps a value of plain JSON."""
        self._write(name, {"at": now}, json.dumps(value).encode())

    def _name(self, name: str) -> str:
        return f"answers/{hashlib.sha256(name.encode()).hexdigest()[:32]}.answer"

    def _read(self, name: str) -> tuple[dict[str, Any], bytes] | None:
        try:
            checksum, _, rest = (self.folder / self._name(name)).read_bytes().partition(b"\n")
            if checksum != checksum_of(rest):
                return None
            head, _, body = rest.partition(b"\n")
            about = json.loads(head)
            return (about, body) if about["name"] == name else None
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def _write(self, name: str, about: dict[str, Any], body: bytes) -> None:
        rest = json.dumps({"name": name, **about}).encode() + b"\n" + body
        whole = checksum_of(rest) + b"\n" + rest
        with contextlib.suppress(OSError):
            write_atomically(self.folder, self._name(name), lambda temporary: temporary.write_bytes(whole))
