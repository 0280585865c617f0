"""Where the settings of a catalog lie: `llmreg.yml`, beside its folder of provider files."""

import json
from pathlib import Path

from registry_cli.core.examined import Mark
from registry_cli.core.settings import Settings
from registry_cli.errors import YamlError
from registry_cli.store.bundled import bundled_data
from registry_cli.store.catalog_files import read_file

NAME = "llmreg.yml"


def settings_path(root: Path) -> Path:
    """`root` is the folder of provider files."""
    return root.resolve().parent / NAME


def is_settings(path: Path) -> bool:
    """Whether a path is that of a catalog's settings rather than of a provider."""
    return path.name == NAME and (path.parent / "models").is_dir()


def examine_file(path: Path) -> tuple[Settings, list[Mark]]:
    """The settings and what is wrong with them; without a file there is nothing to say. Raises `FileError`."""
    if not path.exists() and not path.is_symlink():
        return Settings(), []
    from registry_cli.core.contract import Contract  # noqa: PLC0415  # many catalogs have no settings
    from registry_cli.core.settings_file import examine_settings  # noqa: PLC0415

    schema = json.loads((bundled_data() / "schema" / "settings.schema.json").read_bytes())
    return examine_settings(read_file(path).data, Contract(schema))


def read_settings(root: Path) -> Settings:
    """What the settings of a catalog say. Raises `FileError` with the place of the first fault."""
    path = settings_path(root)
    settings, marks = examine_file(path)
    for mark in marks:
        fault = YamlError(mark.code, mark.message, mark.line, mark.column)
        fault.path = str(path)
        raise fault
    return settings
