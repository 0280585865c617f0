"""`llmreg init`: a new catalog repository, and the workflows of one that exists."""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry_cli.commands.setup.workflows import key_jobs, keys_of, workflow_texts
from registry_cli.commands.sync.ignored_records import ignored_records_warnings
from registry_cli.commands.validate.validate import validate
from registry_cli.core.names.names import resolve_provider
from registry_cli.errors import UsageError
from registry_cli.render.templates import KeyJob, fill_template
from registry_cli.store.cache.directory import find_cache
from registry_cli.store.cache.settings import read_settings
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.provider_files import ProviderFiles, provider_files
from registry_cli.store.catalog.records import record_path
from registry_cli.store.catalog.templates import read_template
from registry_cli.store.files.durable import check_no_link, os_errors_as_faults, read_whole
from registry_cli.store.files.installation import Requirement
from registry_cli.store.git.init import begin_repository, create_files, repository_around
from registry_cli.store.index.index import open_index
from registry_cli.store.index.names import IndexNames

CATALOG = Path("config/models")
REQUIREMENTS = Path(".github/llmreg.txt")
HOOKS = Path(".pre-commit-config.yaml")
_FILL_IN = "<fill in: where pip installs llmreg from>"  # which pip refuses, and shows
_HOW_TO_FILL_IN = """\
# Replace the next line with what pip installs llmreg from, for example
# llmreg @ git+https://git.example/OWNER/llmreg@COMMIT
"""
_CATALOGS_OWN = frozenset({"config", "schema"})  # folders; the rest a repository may have before it has a catalog
_ANY_PROVIDER = "openai"  # whose record stands for those that a new catalog will have
_GENERATED = b"# Made by `llmreg init --workflows`"


@dataclass(frozen=True, slots=True)
class Begun:
    """What `init` or `init --workflows` did, or would do in a dry run."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]  # existing files that stay as they are
    keys: tuple[str, ...]  # the secrets that the workflows need
    repository: bool = False  # whether a git repository was created
    warnings: tuple[str, ...] = ()  # about source records that git ignores
    top: Path | None = None  # another repository around the directory: workflows and hooks do not run inside it


def init_catalog(
    folder: Path,
    providers: Sequence[str],
    *,
    requirement: Requirement | None,
    git: bool,
    dry_run: bool,
    on: str,
    environ: Mapping[str, str],
) -> Begun:
    """Make a catalog repository in a new or existing directory, with these providers of the bundled catalog.

    `requirement` is the pip requirement that its workflows and hooks install; without one, the files say what to fill
    in. `on` is the ISO day for rules about dates. Raises `UsageError` if a file of a catalog exists, `FileError`,
    `GitError`.
    """
    chosen = _bundled_files(providers, environ)
    bodies = _provider_bodies(chosen)
    files = {
        **_catalog_files(chosen),
        Path("config/llmreg.yml"): _settings_text(chosen, on, environ).encode(),
        **_repository_files(folder, key_jobs(bodies), requirement),
        **_encode_texts(workflow_texts(bodies)),
    }
    existing = {path for path in files if os.path.lexists(folder / path)}
    refused = [str(folder / path) for path in sorted(existing) if path.parts[0] in _CATALOGS_OWN]
    if refused:
        exist = "exists" if len(refused) == 1 else "exist"
        raise UsageError(f"{', '.join(refused)} {exist}, and init overwrites nothing; nothing was written")
    new = {path: data for path, data in files.items() if path not in existing}
    around = repository_around(folder)
    begun = False
    if not dry_run:
        create_files(folder, new)
        begun = git and begin_repository(folder, environ)
    keys = keys_of(key_jobs(bodies))
    top = around if around and around != folder.resolve() else None
    names = [provider.id for provider in chosen] or [_ANY_PROVIDER]
    warnings = ignored_records_warnings(folder / CATALOG, names, cwd=Path.cwd(), environ=environ)
    return Begun(tuple(sorted(new)), tuple(sorted(existing)), keys, begun, warnings, top)


def rewrite_workflows(folder: Path, *, requirement: Requirement | None, dry_run: bool) -> Begun:
    """Bring the workflows of a catalog repository up to date.

    Missing files are written, and files that begin with the line of generated files are replaced. A file without that
    line is the user's own and stays. Raises `UsageError` for a directory without a catalog, `FileError`.
    """
    if not (folder / CATALOG).is_dir():
        raise UsageError(f"{folder} has no {CATALOG}: name the folder of a catalog's repository")
    bodies, groups = (
        _provider_bodies(provider_files(folder / CATALOG, None)),
        read_settings(folder / CATALOG).sync.groups,
    )
    texts = {REQUIREMENTS: _requirements_text(requirement), **workflow_texts(bodies, groups)}
    new, changed, kept = {}, {}, []
    for path, data in _encode_texts(texts).items():
        check_no_link(folder, path)
        old = read_whole(folder / path)
        if old is None:
            new[path] = data
        elif path != REQUIREMENTS and not old.startswith(_GENERATED):
            kept.append(path)
        elif path != REQUIREMENTS and old != data:
            changed[path] = data
    if not dry_run:
        create_files(folder, new)
        for path, data in changed.items():
            _overwrite_file(folder / path, data)
    return Begun(tuple(sorted({**new, **changed})), tuple(kept), keys_of(key_jobs(bodies, groups)))


def _bundled_files(names: Sequence[str], environ: Mapping[str, str]) -> list[ProviderFiles]:
    """The files of these providers in the bundled catalog. Raises `UsageError` for an unknown name."""
    if not names:
        return []
    root = bundled_data() / CATALOG
    with closing(open_index(root, None, find_cache(environ))) as index:
        chosen = {resolve_provider(IndexNames(index), name) for name in names}
    return [files for files in provider_files(root, None) if files.id in chosen]


def _provider_bodies(providers: Sequence[ProviderFiles]) -> dict[str, Mapping[str, Any]]:
    """The body of each provider's file, without its models. Raises `FileError` for a file that cannot be read."""
    reader = Reader()
    return {files.id: reader.read_provider(files).body for files in providers}


def _catalog_files(providers: Sequence[ProviderFiles]) -> dict[Path, bytes]:
    """The files and source records of the providers, unchanged. Without providers a `.gitkeep`, for git's sake."""
    files: dict[Path, bytes] = {}
    for provider in providers:
        files |= {CATALOG / file.name: file.data for file in provider.layers}
        record = read_whole(record_path(bundled_data() / CATALOG, provider.id))
        if record is not None:
            files[CATALOG.parent / "upstream" / f"{provider.id}.jsonl"] = record
    return files or {CATALOG / ".gitkeep": b""}


def _settings_text(providers: Sequence[ProviderFiles], on: str, environ: Mapping[str, str]) -> str:
    """The settings file. It ignores those rules of the bundled catalog's settings that the copied providers break."""
    root = bundled_data() / CATALOG
    ignored = read_settings(root).validate.ignore
    paths = [Path(file.shown) for provider in providers for file in provider.layers]
    text = read_template("catalog/llmreg.yml")
    if not ignored or not paths:
        return text
    options: dict[str, Any] = {"catalog": None, "on": on, "ignore": (), "remember": True}
    report = validate(paths, select=sorted(ignored), cwd=root, environ=environ, **options)
    needed = sorted({finding.code for finding in report.findings})
    return text + (f"validate:\n  ignore: [{', '.join(needed)}]\n" if needed else "")


def _repository_files(folder: Path, keys: Sequence[KeyJob], requirement: Requirement | None) -> dict[Path, bytes]:
    schema = bundled_data() / "schema"
    secrets = ", ".join(f"`{key}`" for key in keys_of(keys))
    texts = {
        HOOKS: fill_template(
            read_template("catalog/pre-commit-config.yaml"),
            requirement=json.dumps(requirement.text if requirement else _FILL_IN),
        ),
        REQUIREMENTS: _requirements_text(requirement),
        Path(".gitignore"): read_template("catalog/gitignore"),
        Path("README.md"): fill_template(
            read_template("catalog/README.md"),
            name=folder.resolve().name,
            secrets=f"the keys that you have, of {secrets}." if secrets else "none yet; no provider here takes a key.",
        ),
    }
    return {
        **_encode_texts(texts),
        **{Path("schema") / path.name: path.read_bytes() for path in sorted(schema.iterdir()) if path.is_file()},
    }


def _encode_texts(texts: Mapping[Path, str]) -> dict[Path, bytes]:
    return {path: text.encode() for path, text in texts.items()}


def _requirements_text(requirement: Requirement | None) -> str:
    return f"{requirement.text}\n" if requirement else f"{_HOW_TO_FILL_IN}{_FILL_IN}\n"


def parse_requirement(text: str) -> Requirement:
    """Return what the user wrote for `--requirement`. Raises `UsageError` for what cannot be a line of pip's."""
    if not text.strip() or not text.isprintable():
        raise UsageError(f"--requirement: {text!r} is nothing that pip installs")
    return Requirement(text.strip())


def _overwrite_file(path: Path, data: bytes) -> None:
    with os_errors_as_faults(path):
        path.write_bytes(data)
