"""Answers of sources in the cache: lists with their validators, and facts about local models for an hour.

Only answers to questions without a key are kept.
"""

import contextlib
import json
from dataclasses import dataclass
from typing import Any

from registry_cli.http import Kept
from registry_cli.store.cache.blobs import read_blob, write_blob
from registry_cli.store.cache.directory import CacheDirectory, CacheFile, CacheKind


@dataclass(frozen=True, slots=True)
class AnswerCache:
    """Answers by the address that was asked, and values by a name. Without a directory nothing is kept."""

    directory: CacheDirectory | None

    def read_answer(self, url: str) -> Kept | None:
        """Return the answer kept for an address, whole, or None."""
        blob = read_blob(self._answer_file(url))
        return Kept(blob.body, blob.about.get("etag"), blob.about.get("last_modified")) if blob else None

    def write_answer(self, url: str, kept: Kept) -> None:
        """Keep an answer with its validators."""
        write_blob(self._answer_file(url), {"etag": kept.etag, "last_modified": kept.last_modified}, kept.body)

    def read_value(self, name: str, now: float, most_seconds: float) -> Any:
        """Return the value that was kept under a name less than `most_seconds` before `now` (Unix time), or None."""
        blob = read_blob(self._answer_file(name))
        written = blob.about.get("at") if blob else None
        if blob is None or not isinstance(written, int | float) or not 0 <= now - written < most_seconds:
            return None
        with contextlib.suppress(ValueError):
            return json.loads(blob.body)
        return None

    def write_value(self, name: str, value: Any, now: float) -> None:
        """Keep a value of plain JSON, written at `now`."""
        write_blob(self._answer_file(name), {"at": now}, json.dumps(value).encode())

    def _answer_file(self, name: str) -> CacheFile | None:
        return self.directory.cache_file(CacheKind.ANSWERS, name) if self.directory is not None else None
