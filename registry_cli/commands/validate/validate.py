"""`llmreg validate`: checks files of a catalog against the schema and the rules."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry_cli.commands.validate.folder_check import CheckOptions, check_folder
from registry_cli.commands.validate.folders import display_path, files_by_folder
from registry_cli.commands.validate.records import is_record
from registry_cli.core.catalog.settings import ValidateSettings
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.rules import BY_CODE
from registry_cli.core.checks.rules.base import Rule
from registry_cli.errors import UsageError
from registry_cli.store.cache.settings import is_settings
from registry_cli.store.catalog.locate import check_has_past, find_catalog
from registry_cli.store.files.names import catalog_beside


@dataclass(frozen=True, slots=True)
class Validated:
    """The findings in the order of path, line and column, and the numbers of files and models that were checked.
    `strict` is set if the settings of a catalog ask for it. `notes` are messages for the user."""

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
    """Check files and directories, or the catalog if no path is given; the options are those of `CheckOptions`.

    `select` and `ignore` are codes of rules, several with commas between. `settings` hold instead of those beside a
    directory, which are checked all the same; what settings ignore is left out unless it is selected. `besides` are
    findings of the caller, treated alike. Raises `UsageError`.
    """
    if at is not None and (paths or max_age is not None):
        raise UsageError("--at checks a whole catalog of the past: neither paths nor --max-age go with it")
    if at is not None:
        check_has_past(find_catalog(catalog, cwd=cwd, environ=environ))
    chosen, ignored = _parse_codes(select), _parse_codes(ignore)
    options = CheckOptions(on, cwd, environ, remember=remember, max_age=max_age, at=at)
    folders = [check_folder(*scope, options) for scope in _files_to_check(paths, catalog, cwd, environ).items()]
    found: list[Finding] = []
    for folder in folders:
        found += folder.surroundings
        found += _not_ignored(folder.findings, chosen, settings or folder.settings)
    found += _not_ignored(besides, chosen, settings or ValidateSettings())
    kept = [item for item in found if item.code in (chosen or BY_CODE) and item.code not in ignored]
    return Validated(
        tuple(sorted(kept, key=lambda item: (item.path, item.line, item.column))),
        files=sum(folder.files for folder in folders),
        models=sum(folder.models for folder in folders),
        strict=any((settings or folder.settings).strict for folder in folders),
    )


def _not_ignored(findings: Iterable[Finding], chosen: Collection[str], settings: ValidateSettings) -> list[Finding]:
    return [item for item in findings if item.code in chosen or item.code not in settings.ignore]


def rule_of(code: str) -> Rule:
    """Return the rule with a code. Raises `UsageError` with the most similar code for one that no rule has."""
    if code not in BY_CODE:
        from difflib import get_close_matches  # noqa: PLC0415  # only for a typo

        near = get_close_matches(code, BY_CODE, n=1, cutoff=0.5)
        raise UsageError(f"no rule has the code {code!r}{f'; did you mean {near[0]}?' if near else ''}")
    return BY_CODE[code]


def _parse_codes(texts: Iterable[str]) -> set[str]:
    return {rule_of(code.strip()).code for text in texts for code in text.split(",") if code.strip()}


def _files_to_check(
    paths: Sequence[Path], catalog: Path | None, cwd: Path, environ: Mapping[str, str]
) -> dict[Path, set[Path] | None]:
    """Return the directories to read, each with the files to report on (None for all). Paths of settings or records
    add no provider file. Raises `UsageError`."""
    beside = [path for path in paths if is_settings(cwd / path) or is_record(cwd / path)]
    others = [path for path in paths if path not in beside]
    found = files_by_folder(others, catalog, cwd, environ) if others or not beside else {}
    for path in (Path(os.path.normpath(cwd / path)) for path in beside):
        companion = path.parent if is_settings(path) else path.parent.parent
        wanted = found.setdefault(catalog_beside(companion), set())
        if not path.exists():
            raise UsageError(f"{display_path(path, cwd)}: no such file or folder")
        if wanted is not None and is_record(path):
            wanted.add(path)
    return found
