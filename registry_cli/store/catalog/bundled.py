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


BUNDLED_HAS_NO_PAST = (
    "the bundled catalog has no git history: name the catalog of a clone with --catalog, or make your own with "
    "llmreg init"
)


def is_packaged(root: Path, top: Path | None) -> bool:
    """Whether a directory is the bundled catalog, and `top`, the repository around it if there is one, not llmreg's."""
    data = bundled_data().resolve()
    return root.resolve() == data / "config" / "models" and top != data


def read_schema() -> dict[str, Any]:
    """Return the JSON Schema of a provider file."""
    import json  # noqa: PLC0415  # most questions do without

    schema: dict[str, Any] = json.loads((bundled_data() / "schema" / "provider.schema.json").read_bytes())
    return schema
