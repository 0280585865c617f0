"""`schema`: the contracts of a provider file and of the settings, and the vocabulary of capabilities, as they came
with llmreg."""

from pathlib import Path

from registry_cli.core.text.suggest import did_you_mean
from registry_cli.errors import UsageError
from registry_cli.store.catalog.bundled import bundled_data

FILES = {"provider": "provider.schema.json", "settings": "settings.schema.json", "capabilities": "capabilities.yml"}


def schema_file(name: str) -> Path:
    """The path of a schema file of the bundled catalog. Raises `UsageError` for a name that is not in `FILES`."""
    if name not in FILES:
        raise UsageError(f"{name!r} is not one of {', '.join(FILES)}{did_you_mean(name, FILES)}")
    return bundled_data() / "schema" / FILES[name]
