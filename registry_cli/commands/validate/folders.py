"""Reads and checks directories of provider files: the start of `validate`, `fmt` and every edit."""

import contextlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from registry_cli.core.checks.report import Examined, Mark
from registry_cli.core.checks.rules.base import Problem
from registry_cli.errors import FileError, UsageError
from registry_cli.store.cache.findings import FindingsCache, cache_name, examined_from_json
from registry_cli.store.catalog.bundled import read_schema
from registry_cli.store.catalog.locate import (
    CatalogFile,
    catalog_in,
    check_not_empty,
    find_catalog_to_read,
    read_catalog,
    read_file,
)
from registry_cli.store.files.names import SUFFIXES, is_part_folder
from registry_cli.store.files.recovery import settle_catalog
from registry_cli.store.files.transaction import lock_for_writing
from registry_cli.store.two_cores import map_in_two_processes
from registry_cli.yamledit.escapes import one_line

_WORTH_A_FORK = 150_000  # bytes of YAML, about 40 ms of work: a second core saves more than the fork costs


@contextlib.contextmanager
def hold_folder(folder: Path, *, dry_run: bool) -> Iterator[None]:
    """Hold the lock of a directory, so that no other run changes it. A dry run only finishes an unfinished change."""
    if dry_run:
        settle_catalog(folder)
        yield
        return
    with lock_for_writing(folder):
        yield


def files_by_folder(
    paths: Sequence[Path], catalog: Path | None, cwd: Path, environ: Mapping[str, str]
) -> dict[Path, set[Path] | None]:
    """Return the directories to read, each with the files to report on (None for all). Raises `UsageError`."""
    if not paths:
        return {_absolute_path(find_catalog_to_read(catalog, cwd=cwd, environ=environ).root, cwd): None}
    if catalog:
        raise UsageError("give either paths or --catalog: a file's neighbours are its catalog")
    scopes: dict[Path, set[Path] | None] = {}
    for path in (_absolute_path(path, cwd) for path in paths):
        if is_part_folder(path):
            files = scopes.setdefault(path.parent, set())
            if files is not None:
                files.update(each for each in path.iterdir() if each.name.endswith(SUFFIXES) and each.name[0] != ".")
        elif path.is_dir():
            root = catalog_in(path)
            check_not_empty(root)
            scopes[root] = None
        elif os.path.lexists(path):
            files = scopes.setdefault(path.parent.parent if is_part_folder(path.parent) else path.parent, set())
            if files is not None:
                files.add(path)
        else:
            raise UsageError(f"{display_path(path, cwd)}: no such file or folder")
    return scopes


def read_folder(folder: Path, wanted: Iterable[Path]) -> tuple[list[CatalogFile], list[FileError]]:
    """Return the provider files of a directory and the `wanted` ones with other names, and the errors of reading."""
    files, faults = read_catalog(folder)
    known = {Path(file.shown) for file in files} | {Path(fault.path) for fault in faults}
    for path in sorted(set(wanted) - known):
        try:
            files.append(read_file(path))
        except FileError as fault:
            faults.append(fault)
    return files, faults


def examine_files(files: Sequence[CatalogFile], cache: FindingsCache | None, on: str) -> dict[str, Examined]:
    """Return the result of each file by `name_of`, from the cache if the file's content is known."""
    known = cache.read_all() if cache else {}
    unknown = [file for file in files if cache_name(file) not in known]
    fresh = _examine_now(unknown, on) if unknown else {}
    examined = {cache_name(file): known.get(cache_name(file)) or fresh[cache_name(file)] for file in files}
    if cache and examined.keys() != known.keys():
        cache.write_all(examined)
    return examined


def _examine_now(files: Sequence[CatalogFile], on: str) -> dict[str, Examined]:
    # Imported late: a run that finds everything in the cache needs none of it.
    from registry_cli.core.checks.checker import Judge, examine_bytes  # noqa: PLC0415
    from registry_cli.core.format.schema import Contract  # noqa: PLC0415
    from registry_cli.store.catalog.load import read_vocabulary  # noqa: PLC0415
    from registry_cli.yamledit.document import Scalars  # noqa: PLC0415

    scalars = Scalars()
    judge = Judge(Contract(read_schema()), read_vocabulary(scalars), on)

    def work(part: Sequence[CatalogFile]) -> list[Examined]:
        return [examine_bytes(file.data, file.stem, judge, scalars) for file in part]

    if sum(len(file.data) for file in files) < _WORTH_A_FORK or (os.cpu_count() or 1) == 1:
        return dict(zip(map(cache_name, files), work(files), strict=True))
    by_size = sorted(files, key=lambda file: len(file.data))
    balanced = [*by_size[::2], *by_size[1::2]]
    own, sent = map_in_two_processes(work, balanced)
    return dict(zip(map(cache_name, balanced), [*own, *map(examined_from_json, sent)], strict=True))


def place_in_file(file: CatalogFile, problems: list[tuple[str, Problem]] | None) -> list[Mark]:
    if not problems:
        return []
    from registry_cli.core.checks.checker import place_problems  # noqa: PLC0415  # seldom needed

    return place_problems(file.data, problems)


def _absolute_path(path: Path, cwd: Path) -> Path:
    return Path(os.path.normpath(cwd / path))


def display_path(path: Path, cwd: Path) -> str:
    """Return a path as messages name it: relative to the working directory if it lies there."""
    return one_line(str(path.relative_to(cwd) if path.is_relative_to(cwd) else path))
