"""`llmreg validate`: files of a catalog against the schema and the rules."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from registry_cli.commands.validate.folders import examine_files, placed, read_folder, scopes, shown
from registry_cli.commands.validate.records import examine_records, is_record, record_paths
from registry_cli.commands.validate.trusted_hosts import marks_without_trusted
from registry_cli.core.catalog.settings import ValidateSettings
from registry_cli.core.checks.catalog_checker import across
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.report import Mark, unreadable
from registry_cli.core.checks.rules import BY_CODE, finding_of, unfinished_change
from registry_cli.core.checks.rules.base import Problem, Rule
from registry_cli.errors import FileError, UsageError
from registry_cli.store.cache.findings import FindingsCache, name_of
from registry_cli.store.cache.settings import examine_file, is_settings
from registry_cli.store.catalog.locate import CatalogFile, settings_path
from registry_cli.store.files.names import HIDDEN, catalog_beside
from registry_cli.store.files.recovery import find_unfinished, new_contents, read_settled
from registry_cli.yamledit.escapes import one_line

Read = tuple[list[CatalogFile], list[FileError]]


@dataclass(frozen=True, slots=True)
class Validated:
    """The findings in the order of path, line and column, and how much was looked at. `strict` where the settings of
    a catalog want it. `notes` are for people."""

    findings: tuple[Finding, ...]
    files: int
    models: int
    strict: bool = False
    notes: tuple[str, ...] = ()

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)

    def passes(self, *, strict: bool) -> bool:
        return not self.findings if strict or self.strict else not self.count("error")


def validate(
    paths: Sequence[Path],
    *,
    catalog: Path | None,
    on: str,
    select: Sequence[str],
    ignore: Sequence[str],
    remember: bool,
    cwd: Path,
    environ: Mapping[str, str],
    max_age: int | None = None,
    at: str | None = None,
    settings: ValidateSettings | None = None,
    besides: Sequence[Finding] = (),
) -> Validated:
    """Checks files and folders, or the catalog where no path is given, as of the ISO day `on`.

    With `at` it is the catalog as it was at a revision or on a day that is checked, against today's schema and rules.

    A file is judged alone, but may refer to its neighbours in the folder. `select` and `ignore` are codes, several
    with commas between; with `max_age` models are found that no source confirmed for so many days. The settings beside
    a folder are checked with it, and what they ignore is left out unless it is selected; `settings` hold instead of
    what they say. `besides` are findings of others, to be left out alike.
    Raises `UsageError` for what the person cannot have meant.
    """
    if at is not None and (paths or max_age is not None):
        raise UsageError("--at checks a whole catalog of the past: neither paths nor --max-age go with it")
    chosen, ignored = _codes(select), _codes(ignore)
    memory = environ if remember else None
    checked: list[Validated] = []
    for folder, wanted in _scopes(paths, catalog, cwd, environ).items():
        read = _files_of(folder, _providers(wanted), at, environ)  # first: it finishes what is unfinished
        own, faults = _settings(folder, cwd, memory)
        if at is not None:
            faults = []  # of today's settings
        else:
            records = record_paths(folder) if wanted is None else sorted(filter(is_record, wanted))
            marks = examine_records(records, new_contents(folder), memory, on)
            faults += (_finding(mark, path, cwd) for path, mark in marks)
            faults += _foreign_files(folder, wanted, cwd)
        cache = FindingsCache(folder, on, environ) if remember and at is None else None
        part = _validate_folder(folder, wanted, read, cache=cache, on=on, cwd=cwd, environ=environ, max_age=max_age)
        findings = _not_ignored(part.findings, chosen, settings or own)
        checked.append(replace(part, findings=(*faults, *findings), strict=(settings or own).strict))
    found = [item for part in checked for item in part.findings]
    found += _not_ignored(besides, chosen, settings or ValidateSettings())
    kept = (item for item in found if item.code in (chosen or BY_CODE) and item.code not in ignored)
    ordered = sorted(kept, key=lambda item: (item.path, item.line, item.column))
    return Validated(
        tuple(ordered),
        sum(part.files for part in checked),
        sum(part.models for part in checked),
        any(part.strict for part in checked),
    )


def _not_ignored(findings: Iterable[Finding], chosen: Collection[str], settings: ValidateSettings) -> list[Finding]:
    return [item for item in findings if item.code in chosen or item.code not in settings.ignore]


def rule_of(code: str) -> Rule:
    """Raises `UsageError`, with the nearest, for a code that no rule has."""
    if code not in BY_CODE:
        from difflib import get_close_matches  # noqa: PLC0415  # only for a slip

        near = get_close_matches(code, BY_CODE, n=1, cutoff=0.5)
        raise UsageError(f"no rule has the code {code!r}{f'; did you mean {near[0]}?' if near else ''}")
    return BY_CODE[code]


def _codes(texts: Iterable[str]) -> set[str]:
    return {rule_of(code.strip()).code for text in texts for code in text.split(",") if code.strip()}


def _scopes(
    paths: Sequence[Path], catalog: Path | None, cwd: Path, environ: Mapping[str, str]
) -> dict[Path, set[Path] | None]:
    """Folders to read, each with the files to report on. A path of settings or of a record stands for no provider
    file."""
    beside = [path for path in paths if is_settings(cwd / path) or is_record(cwd / path)]
    others = [path for path in paths if path not in beside]
    found = scopes(others, catalog, cwd, environ) if others or not beside else {}
    for path in (Path(os.path.normpath(cwd / path)) for path in beside):
        companion = path.parent if is_settings(path) else path.parent.parent
        wanted = found.setdefault(catalog_beside(companion), set())
        if not path.exists():
            raise UsageError(f"{shown(path, cwd)}: no such file or folder")
        if wanted is not None and is_record(path):
            wanted.add(path)
    return found


def _settings(folder: Path, cwd: Path, environ: Mapping[str, str] | None) -> tuple[ValidateSettings, list[Finding]]:
    path = settings_path(folder)
    try:
        settings, marks = examine_file(path, environ)
    except FileError as fault:
        return ValidateSettings(), [_finding(Mark(fault.code, 1, 1, one_line(fault.message), ()), path, cwd)]
    return settings.validate, [_finding(mark, path, cwd) for mark in marks]


def _providers(wanted: set[Path] | None) -> set[Path] | None:
    if wanted is None:
        return None
    return {path for path in wanted if not is_record(path) and not path.name.startswith(HIDDEN)}


def _foreign_files(folder: Path, wanted: set[Path] | None, cwd: Path) -> list[Finding]:
    """Journals and temporary files that llmreg did not write on this machine."""
    foreign = find_unfinished(folder).foreign if folder.is_dir() else ()
    message = "not written by llmreg on this machine; see it with `llmreg recover`"
    mark = Mark(unfinished_change.RULE.code, 1, 1, message, ())
    return [_finding(mark, path, cwd) for path in foreign if wanted is None or path in wanted]


def _files_of(folder: Path, wanted: set[Path] | None, at: str | None, environ: Mapping[str, str]) -> Read:
    if at is None:
        return read_settled(folder, lambda: read_folder(folder, wanted or ()))
    from registry_cli.store.git.history import files_at  # noqa: PLC0415  # git, for the past alone

    return files_at(folder, at, environ), []


def _validate_folder(
    folder: Path,
    wanted: set[Path] | None,
    read: Read,
    *,
    cache: FindingsCache | None,
    on: str,
    cwd: Path,
    environ: Mapping[str, str],
    max_age: int | None,
) -> Validated:
    files, faults = read
    examined = examine_files(files, cache, on)
    outlines = [examined[name_of(file)].outline for file in files]
    outlines += [unreadable(Path(fault.path).stem) for fault in faults if fault.code != "file-case"]
    between: dict[str, list[tuple[str, Problem]]] = {}
    for stem, code, problem in across(outlines):
        between.setdefault(stem, []).append((code, problem))
    reported = [file for file in files if wanted is None or Path(file.shown) in wanted]
    if max_age is not None:
        from registry_cli.commands.validate.staleness import stale_models  # noqa: PLC0415  # records, for `--max-age` alone

        for file in reported:
            outline = examined[name_of(file)].outline
            between.setdefault(file.stem, []).extend(stale_models(folder, outline, on, max_age))
    findings = [
        _finding(mark, Path(file.shown), cwd)
        for file in reported
        for mark in (*marks_without_trusted(examined[name_of(file)], environ), *placed(file, between.get(file.stem)))
    ]
    findings += [
        _finding(Mark(fault.code, 1, 1, one_line(fault.message), ()), Path(fault.path), cwd)
        for fault in faults
        if wanted is None or Path(fault.path) in wanted
    ]
    models = sum(len(examined[name_of(file)].outline.ids) for file in reported)
    return Validated(tuple(findings), len(reported), models)


def _finding(mark: Mark, path: Path, cwd: Path) -> Finding:
    return finding_of(mark, shown(path, cwd))
