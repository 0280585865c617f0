"""The settings of the catalog that a command works on."""

from registry_cli.commands.edit.session import Circumstances
from registry_cli.core.catalog.settings import Settings
from registry_cli.store.cache.settings import read_settings
from registry_cli.store.catalog.locate import find_catalog


def catalog_settings(given: Circumstances) -> Settings:
    """The settings of the catalog, or the defaults for the bundled one, whose file is for llmreg's own repository.

    Raises `UsageError`, `FileError`.
    """
    location = find_catalog(given.catalog, cwd=given.cwd, environ=given.environ)
    return Settings() if location.origin == "bundled" else read_settings(location.root)
