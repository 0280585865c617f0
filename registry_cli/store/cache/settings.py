"""Where the settings of a catalog lie: `llmreg.yml`, beside its folder of provider files."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from registry_cli.core.catalog.settings import Settings, facts_of_settings, settings_of
from registry_cli.core.checks.report import Mark
from registry_cli.errors import YamlError
from registry_cli.store.cache.blobs import read_memo, write_memo
from registry_cli.store.cache.directory import CacheKind, find_cache_file
from registry_cli.store.cache.findings import marked
from registry_cli.store.cache.fingerprint import code_stamp
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.locate import SETTINGS_NAME, read_file, settings_path


def is_settings(path: Path) -> bool:
    """Whether a path is that of a catalog's settings rather than of a provider."""
    return path.name == SETTINGS_NAME and (path.parent / "models").is_dir()


def examine_file(path: Path, environ: Mapping[str, str] | None = None) -> tuple[Settings, list[Mark]]:
    """The settings and what is wrong with them; without a file there is nothing to say. With an environment it is
    remembered in its cache by the file's content. Raises `FileError`."""
    if not path.exists() and not path.is_symlink():
        return Settings(), []
    file = read_file(path, inside=path.parent.resolve())
    if environ is None:
        return examine_text(file.data)
    memo = find_cache_file(environ, CacheKind.SETTINGS, str(path))
    key = f"{file.digest} {code_stamp()}"
    try:
        known = read_memo(memo, key)
        return settings_of(known["settings"]), [marked(raw) for raw in known["marks"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        settings, marks = examine_text(file.data)
        write_memo(memo, key, {"settings": facts_of_settings(settings), "marks": marks})
        return settings, marks


def examine_text(data: bytes) -> tuple[Settings, list[Mark]]:
    """The settings that a file's content states, and what is wrong with it; with any fault the usual settings."""
    from registry_cli.core.catalog.schema import Contract  # noqa: PLC0415  # many catalogs have no settings
    from registry_cli.core.checks.settings import examine_settings  # noqa: PLC0415

    schema = json.loads((bundled_data() / "schema" / "settings.schema.json").read_bytes())
    return examine_settings(data, Contract(schema))


def read_settings(root: Path) -> Settings:
    """What the settings of a catalog say. Raises `FileError` with the place of the first fault."""
    return read_settings_file(settings_path(root))


def read_settings_file(path: Path) -> Settings:
    """What a file of settings says, which need not exist. Raises `FileError` with the place of the first fault."""
    return _raise_first(str(path), *examine_file(path))


def parse_settings(shown: str, data: bytes) -> Settings:
    """What the content of a file of settings says. Raises `FileError` with the place of the first fault."""
    return _raise_first(shown, *examine_text(data))


def _raise_first(path: str, settings: Settings, marks: Sequence[Mark]) -> Settings:
    for mark in marks:
        fault = YamlError(mark.code, mark.message, mark.line, mark.column)
        fault.path = path
        raise fault
    return settings
