"""Checks one catalog directory: its provider files, and the settings, records and leftovers beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from registry_cli.commands.validate.folders import display_path, examine_files, place_in_file, read_folder
from registry_cli.commands.validate.records import examine_records, is_record, record_paths
from registry_cli.commands.validate.trusted_hosts import marks_without_trusted
from registry_cli.core.catalog.settings import ValidateSettings
from registry_cli.core.checks.catalog_checker import find_problems_between
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.report import Examined, Mark, outline_unreadable
from registry_cli.core.checks.rules import finding_of, unfinished_change
from registry_cli.core.checks.rules.base import Problem
from registry_cli.errors import FileError
from registry_cli.store.cache.findings import FindingsCache, cache_name
from registry_cli.store.cache.settings import examine_file
from registry_cli.store.catalog.locate import CatalogFile, file_stem, settings_path
from registry_cli.store.files.names import HIDDEN
from registry_cli.store.files.recovery import find_unfinished, new_contents, read_settled
from registry_cli.yamledit.escapes import one_line

_FilesRead = tuple[list[CatalogFile], list[FileError]]


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How directories are checked: dates as seen from the ISO day `on`.

    With `at` the catalog is checked as it was at a revision or on a day, by today's schema and rules. With `max_age`
    a model is reported that no source confirmed for so many days. With `remember` results are kept in the cache.
    """

    on: str
    cwd: Path
    environ: Mapping[str, str]
    remember: bool
    max_age: int | None = None
    at: str | None = None


class FolderFindings(NamedTuple):
    """The findings of a directory's provider files, and those of its `surroundings`: settings, records, leftovers.
    `settings` are those beside it; they may ignore findings, but none of the surroundings."""

    findings: list[Finding]
    surroundings: list[Finding]
    settings: ValidateSettings
    files: int
    models: int


def check_folder(folder: Path, wanted: set[Path] | None, options: CheckOptions) -> FolderFindings:
    """Check a directory and report on the files `wanted` (None for all). A file may refer to its neighbours."""
    read = _read_files(folder, wanted, options)  # first: it finishes an unfinished change
    settings, surroundings = _check_settings(folder, options)
    if options.at is None:
        surroundings += _check_records(folder, wanted, options)
        surroundings += _check_leftovers(folder, wanted, options.cwd)
    else:
        surroundings = []  # they are today's
    files, faults = read
    examined = _examine_files(folder, files, options)
    reported = [file for file in files if wanted is None or Path(file.shown) in wanted]
    problems = _problems_between(folder, files, faults, examined)
    if options.max_age is not None:
        from registry_cli.commands.validate.staleness import stale_models  # noqa: PLC0415  # records, for `--max-age` alone

        for file in reported:
            outline = examined[cache_name(file)].outline
            found = stale_models(folder, outline, options.on, options.max_age)
            problems.setdefault(file.stem, []).extend(found)
    findings = []
    for file in reported:
        marks = (
            *marks_without_trusted(examined[cache_name(file)], options.environ),
            *place_in_file(file, problems.get(file.stem)),
        )
        findings += [_finding_of_mark(mark, Path(file.shown), options.cwd) for mark in marks]
    for fault in faults:
        if wanted is None or Path(fault.path) in wanted:
            findings.append(_finding_of_fault(fault, Path(fault.path), options.cwd))
    models = sum(len(examined[cache_name(file)].outline.ids) for file in reported)
    return FolderFindings(findings, surroundings, settings, len(reported), models)


def _read_files(folder: Path, wanted: set[Path] | None, options: CheckOptions) -> _FilesRead:
    if options.at is not None:
        from registry_cli.store.git.history import open_past  # noqa: PLC0415  # git, for the past alone

        past = open_past(folder, options.environ)
        return past.files_at(past.resolve_commit(options.at)), []
    named = [path for path in wanted or () if not is_record(path) and not path.name.startswith(HIDDEN)]
    return read_settled(folder, lambda: read_folder(folder, named))


def _check_settings(folder: Path, options: CheckOptions) -> tuple[ValidateSettings, list[Finding]]:
    path = settings_path(folder)
    try:
        settings, marks = examine_file(path, options.environ if options.remember else None)
    except FileError as fault:
        return ValidateSettings(), [_finding_of_fault(fault, path, options.cwd)]
    return settings.validate, [_finding_of_mark(mark, path, options.cwd) for mark in marks]


def _check_records(folder: Path, wanted: set[Path] | None, options: CheckOptions) -> Iterator[Finding]:
    records = record_paths(folder) if wanted is None else sorted(filter(is_record, wanted))
    memory = options.environ if options.remember else None
    for path, mark in examine_records(records, new_contents(folder), memory, options.on):
        yield _finding_of_mark(mark, path, options.cwd)


def _check_leftovers(folder: Path, wanted: set[Path] | None, cwd: Path) -> list[Finding]:
    """Findings for journals and temporary files that llmreg did not write on this machine."""
    foreign = find_unfinished(folder).foreign if folder.is_dir() else ()
    message = "not written by llmreg on this machine; see it with `llmreg recover`"
    mark = Mark(unfinished_change.RULE.code, 1, 1, message, ())
    return [_finding_of_mark(mark, path, cwd) for path in foreign if wanted is None or path in wanted]


def _examine_files(folder: Path, files: Sequence[CatalogFile], options: CheckOptions) -> dict[str, Examined]:
    is_remembered = options.remember and options.at is None
    cache = FindingsCache(folder, options.on, options.environ) if is_remembered else None
    return examine_files(files, cache, options.on)


def _problems_between(
    folder: Path, files: Sequence[CatalogFile], faults: Sequence[FileError], examined: Mapping[str, Examined]
) -> dict[str, list[tuple[str, Problem]]]:
    """Return the problems that the rules across files find, by the file's stem, each with its rule's code."""
    outlines = [examined[cache_name(file)].outline for file in files]
    outlines += [outline_unreadable(file_stem(folder, fault.path)) for fault in faults if fault.code != "file-case"]
    problems: dict[str, list[tuple[str, Problem]]] = {}
    for stem, code, problem in find_problems_between(outlines):
        problems.setdefault(stem, []).append((code, problem))
    return problems


def _finding_of_mark(mark: Mark, path: Path, cwd: Path) -> Finding:
    return finding_of(mark, display_path(path, cwd))


def _finding_of_fault(fault: FileError, path: Path, cwd: Path) -> Finding:
    return _finding_of_mark(Mark(fault.code, 1, 1, one_line(fault.message), ()), path, cwd)
