"""The data that comes with llmreg: `schema/` and the catalog `config/models/`."""

from pathlib import Path
from typing import Any


def bundled_data() -> Path:
    """Return the directory that holds `schema/` and `config/models/`.

    It is inside the package where that was installed from a wheel, else (a checkout, an editable install) beside it.
    """
    package = Path(__file__).parents[2]
    inside = package / "_bundled"
    return inside if inside.is_dir() else package.parent


def read_schema() -> dict[str, Any]:
    """Return the JSON Schema of a provider file."""
    import json  # noqa: PLC0415  # most questions do without

    schema: dict[str, Any] = json.loads((bundled_data() / "schema" / "provider.schema.json").read_bytes())
    return schema
