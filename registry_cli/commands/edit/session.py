"""Runs an edit of a catalog: lock, read, plan, check, write, commit.

A plan is a function from a `Workspace` to a `Draft`. It is refused if it brings a new error; errors that were there
before do not stop it. All files are written, or none.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from registry_cli.commands.edit.file_commit import commit_written, repository_of, write_to_commit
from registry_cli.commands.edit.provider_text import provider_text
from registry_cli.commands.edit.workspace import Workspace, open_workspace
from registry_cli.commands.validate.folders import display_path, examine_files, hold_folder
from registry_cli.core.checks.catalog_checker import find_problems_between
from registry_cli.core.checks.checker import Judge, examine_document, place_problems
from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.new_findings import FindingIdentity, identify_finding, new_findings
from registry_cli.core.checks.report import Examined, Mark, Outline
from registry_cli.core.checks.rules import BY_CODE, finding_of
from registry_cli.core.edits.difference import FieldChange, Renamed, find_operations
from registry_cli.core.edits.entries import Draft, Value, body_of, describe_changes, stamp_file
from registry_cli.core.edits.message import checked_source, commit_message, subject_of
from registry_cli.core.edits.public_prices import note_public_prices
from registry_cli.core.format.layers import is_part, provider_of
from registry_cli.core.format.layout import is_on_one_line, needs_blank_line
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.names.names import ModelName
from registry_cli.errors import EntryError, InexactEditError, RefusedError, UsageError, YamlError
from registry_cli.store.cache.findings import FindingsCache, cache_name
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.store.catalog.locate import CatalogFile, find_catalog, require_overlay_folder
from registry_cli.store.files.durable import make_folder
from registry_cli.store.files.sizes import check_size
from registry_cli.store.files.transaction import FileChange, write_files
from registry_cli.store.git.pending_commit import lock_for_commit
from registry_cli.yamledit.apply import apply_verified, equal_data
from registry_cli.yamledit.document import Document, decode_utf8, read_document
from registry_cli.yamledit.ops import OperationError

Plan = Callable[[Workspace], Draft]
_SHAPE = ("schema", "unknown-key")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and when an edit happens, and its options."""

    now: datetime
    cwd: Path
    environ: Mapping[str, str]
    catalog: Path | None = None
    overlay: bool = False
    dry_run: bool = False
    commit: bool = False
    reason: str | None = None
    source: str | None = None

    @property
    def stamp(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def day(self) -> str:
        return self.now.date().isoformat()


class Placed(NamedTuple):
    """A finding of one file, by the file's stem."""

    stem: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Rewritten:
    """One file's change; `old` is None for a new file. `shown` is its path in messages, `stem` that in its catalog
    without the ending, `examined` the result for its new content, if it is known."""

    shown: str
    stem: str
    path: Path
    old: bytes | None
    new: bytes
    examined: Examined | None = None

    @property
    def texts(self) -> tuple[str, str]:
        return decode_utf8(self.old or b""), decode_utf8(self.new)


@dataclass(frozen=True, slots=True)
class Edited:
    """The result of an edit or of its dry run; it has no files if nothing changes. `warnings` are the new ones, `notes`
    name the prices that an overlay leaves as they are, `subject` says what happened."""

    changes: tuple[FieldChange, ...] = ()
    files: tuple[Rewritten, ...] = ()
    warnings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    subject: str = ""
    commit: str | None = None


def run_edit(plan: Plan, given: Circumstances, *, force: bool = False) -> Edited:
    """Make a planned edit; with `dry_run` write nothing. `force` allows new errors, except those of the schema.

    Raises `UsageError`, `RefusedError`, `FileError`, `LockedError`, `GitError`, with nothing changed.
    """
    source = checked_source(given.source)
    if (given.reason or source) and not given.commit:
        raise UsageError("--reason and --source go into a commit's message: add --commit or --pr")
    root, below = _find_roots(given)
    if given.overlay and not given.dry_run:
        make_folder(root)
    repository = repository_of(root, given.environ) if given.commit and not given.dry_run else None
    with lock_for_commit(repository) if repository else nullcontext():
        with hold_folder(root, dry_run=given.dry_run):
            lower = open_workspace(below, given.day, given.environ) if below else None
            workspace = open_workspace(root, given.day, given.environ, lower)
            draft = plan(workspace)
            files = tuple(rewrite_drafted(workspace, draft, given))
            changes = tuple(_describe_changes(workspace, draft)) if files else ()
            warnings = check_edit(workspace, draft, files, given, force=force) if files else ()
            notes = tuple(_public_prices(workspace, draft, changes))
            edited = Edited(changes, files, warnings, notes, (draft.subject or subject_of(changes)) if files else "")
            if given.dry_run or not files:
                return edited
            if repository is None:
                write_files(root, as_changes(files))
                return edited
            listed = changes if draft.lists_fields else ()
            message = commit_message(edited.subject, given.reason, source, listed)
            repository.check_clean([file.path for file in files])
            written = write_to_commit(repository, root, as_changes(files), message)
        return replace(edited, commit=commit_written(repository, written))


def _find_roots(given: Circumstances) -> tuple[Path, Path | None]:
    """Return the directory to edit and, for an overlay, that of the catalog below it. Raises `UsageError`."""
    found = find_catalog(given.catalog, cwd=given.cwd, environ=given.environ)
    if given.overlay:
        return require_overlay_folder(given.environ), found.root
    if found.origin == "bundled":
        raise UsageError(
            "the catalog that came with llmreg is read-only: --catalog or LLMREG_CATALOG names another, "
            "--overlay edits models of your own"
        )
    return found.root, None


def rewrite_drafted(workspace: Workspace, draft: Draft, given: Circumstances) -> Iterator[Rewritten]:
    if not draft.values:
        return
    judge = Judge(workspace.contract, read_vocabulary(), given.day)
    for stem, wanted in draft.values.items():
        old, renamed = workspace.value_of(stem), draft.renamed.get(stem, {})
        new = stamp_file(old, wanted, renamed, given.stamp)
        file = workspace.files.get(stem)
        if file is None:
            path = _new_path(workspace, stem)
            text = provider_text(new, workspace.root).encode()
            check_size(path, text)
            yield Rewritten(display_path(path, given.cwd), stem, path, None, text)
            continue
        _refuse_unknown_keys(workspace, stem)
        document = _as_written(draft.texts.get(stem), wanted) or _edit_document(file, old, new, renamed)
        text = document.text.encode()
        if text != file.data:
            path = Path(file.shown)
            check_size(path, text)
            examined = examine_document(document, stem, judge)
            yield Rewritten(display_path(path.absolute(), given.cwd), stem, path, file.data, text, examined)


def _refuse_unknown_keys(workspace: Workspace, stem: str) -> None:
    """Raise `EntryError` for a key that llmreg does not know: an edit might contradict it."""
    for mark in workspace.examined[stem].marks:
        if mark.code == "unknown-key":
            message = f"{mark.message}; nothing was written: correct the key by hand, or edit with a newer llmreg"
            raise EntryError(workspace.files[stem].shown, message, mark.line, mark.column)


def _new_path(workspace: Workspace, stem: str) -> Path:
    if is_part(stem):
        raise UsageError(f"{workspace.root / stem}.yml does not exist; a part of a provider is made by hand")
    if provider_of(stem) != stem:
        raise UsageError(f"{stem!r} cannot be a provider's id: {stem}.yml belongs to {provider_of(stem)!r}")
    for known in (outline.provider for outline in workspace.outlines):
        if known != stem and known.lower() == stem.lower():
            raise UsageError(f"{stem!r} differs from {known!r} only by case: some file systems hold one of them")
    return workspace.root / f"{stem}.yml"


def _as_written(text: str | None, wanted: Value) -> Document | None:
    """The document of a ready text, if that holds just what is wanted."""
    if text is None:
        return None
    try:
        document = read_document(text)
    except YamlError:
        return None
    return document if not document.faults and equal_data(document.value, dict(wanted)) else None


def _edit_document(file: CatalogFile, old: Value, new: Value, renamed: Renamed) -> Document:
    text = decode_utf8(file.data)
    try:
        return apply_verified(
            text, list(find_operations(old, new, renamed)), flow=is_on_one_line, parted=needs_blank_line
        )
    except OperationError as error:
        model = str(error.path[1]) if len(error.path) > 1 and error.path[0] in MODEL_KEYS else None
        raise InexactEditError(file.shown, f"{error}; nothing was written", model) from None


def _describe_changes(workspace: Workspace, draft: Draft) -> Iterator[FieldChange]:
    for stem, new in draft.values.items():
        old = workspace.value_of(stem) if stem in workspace.files else {}
        yield from describe_changes(provider_of(stem), old, new, draft.renamed.get(stem, {}))


def _public_prices(workspace: Workspace, draft: Draft, changes: Sequence[FieldChange]) -> Iterator[str]:
    """Yield notes about the list prices that still hold for a model whose prices an overlay sets in part."""
    for model in dict.fromkeys(change.model for change in changes) if workspace.below else ():
        provider, _, model_id = model.partition("/")
        listed = workspace.body_below(ModelName(provider, model_id)).get("pricing") or {}
        stem = workspace.stem_of(ModelName(provider, model_id))
        own = body_of(draft.values.get(stem, {}), model_id).get("pricing") or {}
        yield from note_public_prices([change for change in changes if change.model == model], own, listed)


def check_edit(
    workspace: Workspace, draft: Draft, files: Sequence[Rewritten], given: Circumstances, *, force: bool
) -> tuple[Finding, ...]:
    """Return the new warnings of an edit, and keep the results of its files in the cache.

    Raises `UsageError` for a value that breaks the schema, and `RefusedError` for new errors of the rules.
    """
    new = {file.stem: _as_read(file) for file in files}
    examined = {**workspace.examined, **_examine_edited(files, new, given.day)}
    shown_paths = {file.stem: file.shown for file in files}
    found = _new_findings(workspace, draft, new, examined)
    findings = sorted(
        (_finding_of(placed, shown_paths, workspace, given) for placed in found),
        key=lambda item: (item.path, item.line, item.column),
    )
    shape = [item for item in findings if item.code in _SHAPE]
    if shape:
        raise UsageError("; ".join(item.message for item in shape))
    errors = [item for item in findings if item.severity == "error"]
    if errors and not force:
        lines = [f"{item.path}:{item.line}:{item.column} {item.code} {item.message}" for item in errors]
        raise RefusedError("\n".join(["nothing was written; the edit would make this wrong:", *lines]))
    if not given.dry_run:
        known = {cache_name(file): examined[stem] for stem, file in {**workspace.files, **new}.items()}
        FindingsCache(workspace.root, given.day, given.environ).write_all(known)
    return tuple(findings)


def _examine_edited(files: Sequence[Rewritten], new: Mapping[str, CatalogFile], day: str) -> dict[str, Examined]:
    """Return the results of the edited files, by stem."""
    examined = {file.stem: file.examined for file in files if file.examined}
    unknown = {stem: file for stem, file in new.items() if stem not in examined}
    results = examine_files(list(unknown.values()), None, day)
    return examined | {stem: results[cache_name(file)] for stem, file in unknown.items()}


def _new_findings(
    workspace: Workspace, draft: Draft, new: Mapping[str, CatalogFile], examined: Mapping[str, Examined]
) -> list[Placed]:
    """Return the findings that an edit brings."""
    old_stems = {id(workspace.examined[stem].outline): stem for stem in new if stem in workspace.files}
    outlines = []
    for outline in workspace.outlines:
        stem = old_stems.get(id(outline))
        outlines.append(outline if stem is None else examined[stem].outline)
    outlines += [examined[stem].outline for stem in new if stem not in workspace.files]
    before = _place_findings(workspace.files, workspace.examined, workspace.outlines, new)
    after = _place_findings({**workspace.files, **new}, examined, outlines, new)
    renamed = (pair for models in draft.renamed.values() for pair in models.items())
    old_ids = {name: str(path[1]) for path, name in renamed}

    def identify(finding: Placed) -> FindingIdentity:
        stem, mark = finding
        return identify_finding(stem, mark.code, mark.pointer, mark.message, old_ids)

    return new_findings(before, after, identify)


def _as_read(file: Rewritten) -> CatalogFile:
    return CatalogFile(str(file.path), file.stem, file.new, hashlib.sha256(file.new).hexdigest())


def _place_findings(
    files: Mapping[str, CatalogFile],
    examined: Mapping[str, Examined],
    outlines: Sequence[Outline],
    edited: Iterable[str],
) -> list[Placed]:
    """Return the findings of the edited files, and the errors between any files."""
    found = [Placed(stem, mark) for stem in edited if stem in files for mark in examined[stem].marks]
    between = [
        (stem, (code, problem))
        for stem, code, problem in find_problems_between(outlines)
        if stem in files and (stem in edited or BY_CODE[code].severity == "error")
    ]
    for stem in {stem: None for stem, _ in between}:
        problems = [problem for of, problem in between if of == stem]
        found += (Placed(stem, mark) for mark in place_problems(files[stem].data, problems))
    return found


def _finding_of(each: Placed, names: Mapping[str, str], workspace: Workspace, given: Circumstances) -> Finding:
    stem, mark = each
    path = names.get(stem) or display_path(Path(workspace.files[stem].shown).absolute(), given.cwd)
    return finding_of(mark, path)


def as_changes(files: Sequence[Rewritten]) -> list[FileChange]:
    return [FileChange(file.path, file.old, file.new) for file in files]
