"""The arguments of `import --past` -> what sources once listed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from registry_cli.commands.sync.import_catalog import read_folder
from registry_cli.core.matching.import_merge import keep_sound
from registry_cli.core.statements.past import PastList
from registry_cli.errors import FileError, UpstreamError, UsageError
from registry_cli.sources import exllm, models_dev, models_dev_history
from registry_cli.sources.past_lists import PARSERS
from registry_cli.store.catalog.load import Reader
from registry_cli.store.files.user_files import MAX_LIST_SIZE, read_user_file
from registry_cli.store.git.clones import open_clone

PAST_SOURCES = (models_dev.SOURCE, *PARSERS, exllm.SOURCE)


def read_past(
    files: Mapping[str, Path], days: Mapping[str, str], reader: Reader, environ: Mapping[str, str]
) -> list[PastList]:
    """What each source once listed, without what a catalog cannot hold. `days` say when a file was made, where that is
    known.

    Raises `UsageError` for a source of which no past can be read, `FileError`, `GitError`.
    """
    unknown = next((source for source in files if source not in PAST_SOURCES), None)
    if unknown is not None:
        raise UsageError(f"import --past: no past of {unknown!r} can be read (there are {', '.join(PAST_SOURCES)})")
    found = []
    for source, path in files.items():
        past = _read_list(source, path, days.get(source, ""), reader, environ)
        found.append(replace(past, observations=keep_sound(past.observations, reader.contract)))
    return found


def _read_list(source: str, path: Path, day: str, reader: Reader, environ: Mapping[str, str]) -> PastList:
    if source == exllm.SOURCE:
        return PastList(exllm.ids_alone(read_folder(path, reader)), only_ids=True)
    try:
        if source == models_dev.SOURCE:
            return _read_models_dev(path, environ)
        parse: Callable[[bytes, str], PastList] = PARSERS[source]
        return parse(read_user_file(path, at_most=MAX_LIST_SIZE), day)
    except UpstreamError as error:
        raise FileError(str(path), error.message_about(source)) from None


def _read_models_dev(path: Path, environ: Mapping[str, str]) -> PastList:
    clone = open_clone(path, environ)
    versions = clone.file_versions(models_dev_history.FOLDERS)
    with clone.object_reader() as contents:
        return models_dev_history.read_history(versions, contents, clone.as_of)
