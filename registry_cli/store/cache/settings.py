"""The settings of a catalog: `llmreg.yml`, beside the directory of provider files."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from registry_cli.core.catalog.settings import Settings, facts_of_settings, settings_of
from registry_cli.core.checks.report import Mark
from registry_cli.errors import YamlError
from registry_cli.store.cache.blobs import read_memo, write_memo
from registry_cli.store.cache.directory import CacheKind, find_cache_file
from registry_cli.store.cache.findings import mark_from_json
from registry_cli.store.cache.fingerprint import code_stamp
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.locate import SETTINGS_NAME, read_file, settings_path
from registry_cli.store.files.names import catalog_beside


def is_settings(path: Path) -> bool:
    """Whether a path is a catalog's settings file rather than a provider file."""
    return path.name == SETTINGS_NAME and catalog_beside(path.parent).is_dir()


def examine_file(path: Path, environ: Mapping[str, str] | None = None) -> tuple[Settings, list[Mark]]:
    """Return the settings and their findings; the defaults where there is no file. Raises `FileError`.

    With an environment, the result is cached by the file's content.
    """
    if not path.exists() and not path.is_symlink():
        return Settings(), []
    file = read_file(path, inside=path.parent.resolve())
    if environ is None:
        return examine_text(file.data)
    memo = find_cache_file(environ, CacheKind.SETTINGS, str(path))
    key = f"{file.digest} {code_stamp()}"
    try:
        known = read_memo(memo, key)
        return settings_of(known["settings"]), [mark_from_json(raw) for raw in known["marks"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        settings, marks = examine_text(file.data)
        write_memo(memo, key, {"settings": facts_of_settings(settings), "marks": marks})
        return settings, marks


def examine_text(data: bytes) -> tuple[Settings, list[Mark]]:
    """Return the settings in a file's content, and the findings; with any finding the settings are the defaults."""
    from registry_cli.core.checks.settings import examine_settings  # noqa: PLC0415
    from registry_cli.core.format.schema import Contract  # noqa: PLC0415  # many catalogs have no settings

    schema = json.loads((bundled_data() / "schema" / "settings.schema.json").read_bytes())
    return examine_settings(data, Contract(schema))


def read_settings(root: Path) -> Settings:
    """Return the settings of a catalog. Raises `FileError` with the place of the first error."""
    return read_settings_file(settings_path(root))


def read_settings_file(path: Path) -> Settings:
    """Return the settings in a file, which need not exist. Raises `FileError` with the place of the first error."""
    return _raise_first(str(path), *examine_file(path))


def parse_settings(shown: str, data: bytes) -> Settings:
    """Return the settings in a file's content. Raises `FileError` with the place of the first error."""
    return _raise_first(shown, *examine_text(data))


def _raise_first(path: str, settings: Settings, marks: Sequence[Mark]) -> Settings:
    for mark in marks:
        fault = YamlError(mark.code, mark.message, mark.line, mark.column)
        fault.path = path
        raise fault
    return settings
