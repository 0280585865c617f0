"""`llmreg validate`: files of a catalog against the schema and the rules."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry_cli.core.crosscheck import across
from registry_cli.core.examined import Examined, Mark, unreadable
from registry_cli.core.findings import Finding
from registry_cli.core.rules import BY_CODE
from registry_cli.core.rules.base import Problem, Rule
from registry_cli.errors import FileError, UsageError
from registry_cli.store.bundled import bundled_data
from registry_cli.store.catalog_files import CatalogFile, find_catalog, read_catalog, read_file
from registry_cli.store.findings_cache import FindingsCache, name_of, revived
from registry_cli.store.transaction import read_settled
from registry_cli.store.two_cores import in_two
from registry_cli.yamledit.escapes import one_line

_WORTH_A_FORK = 150_000  # bytes of YAML: about 40 ms of work, of which a second core saves more than the fork costs


@dataclass(frozen=True, slots=True)
class Validated:
    """The findings in the order of path, line and column, and how much was looked at."""

    findings: tuple[Finding, ...]
    files: int
    models: int

    def count(self, severity: str) -> int:
        return sum(finding.severity == severity for finding in self.findings)

    def passes(self, *, strict: bool) -> bool:
        return not self.findings if strict else not self.count("error")


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
) -> Validated:
    """Checks files and folders, or the catalog where no path is given, as of the ISO day `on`.

    A file is judged alone, but may refer to its neighbours in the folder. `select` and `ignore` are codes, several
    with commas between; with `max_age` models are found that no source confirmed for so many days.
    Raises `UsageError` for what the person cannot have meant.
    """
    chosen, ignored = _codes(select), _codes(ignore)
    findings: list[Finding] = []
    files = models = 0
    for folder, wanted in scopes(paths, catalog, cwd, environ).items():
        part = _validate_folder(folder, wanted, on=on, remember=remember, cwd=cwd, environ=environ, max_age=max_age)
        findings += part.findings
        files += part.files
        models += part.models
    kept = (item for item in findings if item.code in (chosen or BY_CODE) and item.code not in ignored)
    return Validated(tuple(sorted(kept, key=lambda item: (item.path, item.line, item.column))), files, models)


def rule_of(code: str) -> Rule:
    """Raises `UsageError`, with the nearest, for a code that no rule has."""
    if code not in BY_CODE:
        from difflib import get_close_matches  # noqa: PLC0415  # only for a slip

        near = get_close_matches(code, BY_CODE, n=1, cutoff=0.5)
        raise UsageError(f"no rule has the code {code!r}{f'; did you mean {near[0]}?' if near else ''}")
    return BY_CODE[code]


def _codes(texts: Iterable[str]) -> set[str]:
    return {rule_of(code.strip()).code for text in texts for code in text.split(",") if code.strip()}


def scopes(
    paths: Sequence[Path], catalog: Path | None, cwd: Path, environ: Mapping[str, str]
) -> dict[Path, set[Path] | None]:
    """Folders to read, each with the files to report on; None for all of them."""
    if not paths:
        return {_absolute(find_catalog(catalog, cwd=cwd, environ=environ).root, cwd): None}
    if catalog:
        raise UsageError("give either paths or --catalog: a file's neighbours are its catalog")
    scopes: dict[Path, set[Path] | None] = {}
    for path in (_absolute(path, cwd) for path in paths):
        if path.is_dir():
            scopes[path] = None
        elif os.path.lexists(path):
            files = scopes.setdefault(path.parent, set())
            if files is not None:
                files.add(path)
        else:
            raise UsageError(f"{shown(path, cwd)}: no such file or folder")
    return scopes


def _validate_folder(
    folder: Path,
    wanted: set[Path] | None,
    *,
    on: str,
    remember: bool,
    cwd: Path,
    environ: Mapping[str, str],
    max_age: int | None,
) -> Validated:
    files, faults = read_settled(folder, lambda: read_folder(folder, wanted or ()))
    examined = examine_files(files, FindingsCache(folder, on, environ) if remember else None, on)
    outlines = [examined[name_of(file)].outline for file in files]
    outlines += [unreadable(Path(fault.path).stem) for fault in faults if fault.code != "file-case"]
    between: dict[str, list[tuple[str, Problem]]] = {}
    for stem, code, problem in across(outlines):
        between.setdefault(stem, []).append((code, problem))
    reported = [file for file in files if wanted is None or Path(file.shown) in wanted]
    if max_age is not None:
        from registry_cli.commands.staleness import stale_models  # noqa: PLC0415  # records, for `--max-age` alone

        for file in reported:
            outline = examined[name_of(file)].outline
            between.setdefault(file.stem, []).extend(stale_models(folder, outline, on, max_age))
    findings = [
        _finding(mark, Path(file.shown), cwd)
        for file in reported
        for mark in (*examined[name_of(file)].marks, *placed(file, between.get(file.stem)))
    ]
    findings += [
        _finding(Mark(fault.code, 1, 1, one_line(fault.message), ()), Path(fault.path), cwd)
        for fault in faults
        if wanted is None or Path(fault.path) in wanted
    ]
    models = sum(len(examined[name_of(file)].outline.ids) for file in reported)
    return Validated(tuple(findings), len(reported), models)


def read_folder(folder: Path, wanted: Iterable[Path]) -> tuple[list[CatalogFile], list[FileError]]:
    """The files of a folder, and those asked for whose names are not a provider file's."""
    files, faults = read_catalog(folder)
    met = {Path(file.shown) for file in files} | {Path(fault.path) for fault in faults}
    for path in sorted(set(wanted) - met):
        try:
            files.append(read_file(path))
        except FileError as fault:
            faults.append(fault)
    return files, faults


def examine_files(files: Sequence[CatalogFile], cache: FindingsCache | None, on: str) -> dict[str, Examined]:
    """Every file's result by `name_of`: remembered where its content was met before."""
    known = cache.read() if cache else {}
    unknown = [file for file in files if name_of(file) not in known]
    fresh = _examine_now(unknown, on) if unknown else {}
    examined = {name_of(file): known.get(name_of(file)) or fresh[name_of(file)] for file in files}
    if cache and examined.keys() != known.keys():
        cache.write(examined)
    return examined


def _examine_now(files: Sequence[CatalogFile], on: str) -> dict[str, Examined]:
    # Imported late: a run that finds everything remembered needs none of it.
    from registry_cli.core.contract import Contract  # noqa: PLC0415
    from registry_cli.core.validation import Judge, examine  # noqa: PLC0415
    from registry_cli.core.vocabulary import build_vocabulary  # noqa: PLC0415
    from registry_cli.yamledit.document import Scalars, decode, load  # noqa: PLC0415

    schema, scalars = bundled_data() / "schema", Scalars()
    vocabulary = build_vocabulary(load(decode((schema / "capabilities.yml").read_bytes()), scalars))
    judge = Judge(Contract(json.loads((schema / "provider.schema.json").read_bytes())), vocabulary, on)

    def work(part: Sequence[CatalogFile]) -> list[Examined]:
        return [examine(file.data, file.stem, judge, scalars) for file in part]

    if sum(len(file.data) for file in files) < _WORTH_A_FORK or (os.cpu_count() or 1) == 1:
        return dict(zip(map(name_of, files), work(files), strict=True))
    by_size = sorted(files, key=lambda file: len(file.data))
    balanced = [*by_size[::2], *by_size[1::2]]
    mine, sent = in_two(work, balanced)
    return dict(zip(map(name_of, balanced), [*mine, *map(revived, sent)], strict=True))


def placed(file: CatalogFile, problems: list[tuple[str, Problem]] | None) -> list[Mark]:
    if not problems:
        return []
    from registry_cli.core.validation import place  # noqa: PLC0415  # seldom needed

    return place(file.data, problems)


def _finding(mark: Mark, path: Path, cwd: Path) -> Finding:
    return Finding(mark.code, BY_CODE[mark.code].severity, shown(path, cwd), *mark[1:])


def _absolute(path: Path, cwd: Path) -> Path:
    return Path(os.path.normpath(cwd / path))


def shown(path: Path, cwd: Path) -> str:
    """A path as messages name it: from the working folder, where it lies in there."""
    return one_line(str(path.relative_to(cwd) if path.is_relative_to(cwd) else path))
