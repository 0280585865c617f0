"""The settings of the catalog that a command is about."""

from registry_cli.commands.edit.session import Circumstances
from registry_cli.core.catalog.settings import Settings
from registry_cli.store.cache.settings import read_settings
from registry_cli.store.catalog.locate import find_catalog


def settings_of(given: Circumstances) -> Settings:
    """Those that came with llmreg are for its own repository: a catalog that is only read has none.

    Raises `UsageError`, `FileError`.
    """
    found = find_catalog(given.catalog, cwd=given.cwd, environ=given.environ)
    return Settings() if found.origin == "bundled" else read_settings(found.root)
