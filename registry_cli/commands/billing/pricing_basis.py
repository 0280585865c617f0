"""The data on which a bill is based, so that it can be repeated."""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_cli.commands.query.open import OpenCatalog
from registry_cli.errors import GitError
from registry_cli.store.catalog.locate import CatalogFile
from registry_cli.store.catalog.provider_files import ProviderFiles
from registry_cli.store.git.history import open_past
from registry_cli.version import __version__

_SHA1_DIGITS = 40


@dataclass(frozen=True, slots=True)
class PricingBasis:
    """The day, the data and the program of a bill.

    `day` is the ISO day on which the calls were priced. `data_day` is the last day on which an entry of the catalog
    changed; None if no entry has a date. `commit` has the files of the catalog exactly as they were read; None if no
    commit does. `digest` changes with the content of any file, including the overlay. `llmreg` is the version.
    """

    day: str
    data_day: str | None
    commit: str | None
    digest: str
    llmreg: str = __version__


def pricing_basis(asked: OpenCatalog, day: str, environ: Mapping[str, str] = os.environ) -> PricingBasis:
    """Return the basis of the prices of a day. Raises `FileError`, `LockedError`."""
    ((digest,),) = asked.index.fetch_rows("SELECT value FROM meta WHERE key = 'content'")
    ((changed,),) = asked.index.fetch_rows("SELECT max(updated_at) FROM models")
    commit = asked.then.commit if asked.then else find_commit(asked.place.root, asked.read_files(), environ)
    return PricingBasis(day, changed[:10] if changed else None, commit, f"sha256:{digest}")


def find_commit(root: Path, files: Iterable[ProviderFiles], environ: Mapping[str, str]) -> str | None:
    """Return the commit at HEAD if its catalog files equal those on disk; None otherwise, or without git."""
    try:
        past = open_past(root, environ)
        committed = past.list_files(past.head, past.folder) if past.head else {}
    except GitError:
        return None
    layers = [file for entry in files for file in entry.layers]
    present = {file.name: file for file in layers}
    if committed.keys() != present.keys():
        return None
    return past.head if all(_has_id(present[name], id_of) for name, id_of in committed.items()) else None


def _has_id(file: CatalogFile, git_id: str) -> bool:
    """Return whether this is the git object ID of the content of a file."""
    content = b"blob %d\0" % len(file.data) + file.data
    digest = hashlib.sha1(content, usedforsecurity=False) if len(git_id) == _SHA1_DIGITS else hashlib.sha256(content)
    return digest.hexdigest() == git_id
