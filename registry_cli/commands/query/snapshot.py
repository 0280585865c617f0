"""The catalog as it was at a revision or on a day, opened for a question."""

from collections.abc import Mapping
from pathlib import Path

from registry_cli.commands.query.open import Asked, Then
from registry_cli.store.catalog.locate import Place, find_overlay
from registry_cli.store.catalog.provider_files import by_provider
from registry_cli.store.git.history import DAY, open_past
from registry_cli.store.index.index import Progress, index_of_past, index_path
from registry_cli.yamledit.escapes import one_line


def ask_past(
    place: Place, at: str, folder: Path | None, progress: Progress | None, environ: Mapping[str, str]
) -> Asked:
    """`folder` is the cache folder, None to use none. A person's own models, which have no past, do not lie over it.

    Raises `GitError`, `UsageError` for a revision or day that there is not, `FileError`.
    """
    past = open_past(place.root, environ)
    commit = past.resolve(at)
    present = index_path(place.root, find_overlay(environ), folder) if folder else None
    files = by_provider(past.files_at(commit))
    index, gaps = index_of_past(files, present, progress)
    read = {provider for (provider,) in index.rows("SELECT id FROM providers")}
    day = commit.moment[:10]
    then = Then(
        at if DAY.fullmatch(at) else day,
        commit.id,
        f"as of commit {commit.short} ({day}): {one_line(commit.subject)}",
        tuple(entry for entry in files if entry.id in read),
        tuple(gaps),
    )
    return Asked(place, None, index, then)
