"""Changes of fields as the documented envelope."""

from collections.abc import Iterable

from registry_cli.core.catalog.absent import ABSENT
from registry_cli.core.edits.difference import FieldChange
from registry_cli.core.text.exact_json import dumps


def as_json(changes: Iterable[FieldChange]) -> str:
    """`changes`, each with `model`, `field`, `old` and `new`; a side that states nothing has no such key."""
    rows = [{key: value for key, value in change._asdict().items() if value is not ABSENT} for change in changes]
    return dumps({"changes": rows}, indent=2) + "\n"
