"""Changes of fields as the documented envelope."""

from collections.abc import Iterable, Mapping
from typing import Any

from registry_cli.core.edits.difference import FieldChange
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.text.exact_json import dumps


def as_json(changes: Iterable[FieldChange], more: Mapping[str, Any] | None = None) -> str:
    """`changes`, each with `model`, `field`, `old` and `new`; a side that states nothing has no such key. `more` are
    further keys of the document."""
    return dumps({"changes": [_change_document(change) for change in changes], **(more or {})}, indent=2) + "\n"


def _change_document(change: FieldChange) -> dict[str, Any]:
    return {key: value for key, value in change._asdict().items() if value is not ABSENT}
