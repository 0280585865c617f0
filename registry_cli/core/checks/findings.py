"""Findings as data; `render` turns them into text."""

from dataclasses import dataclass
from typing import Literal

from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.text.pointer import Pointer

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One error or warning at one place. `line` and `column` count from 1 (columns in characters); `pointer` is the
    path in the document, `("models", "gpt-4o", "pricing", "input")`."""

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    pointer: tuple[str | int, ...] = ()


def locate_message(pointer: Pointer, message: str) -> str:
    """Return a message after its place in the document, named as commands name it: `gpt-4o#pricing.input: ...`."""
    name = _name_pointer(pointer)
    return f"{name}: {message}" if name else message


def _name_pointer(pointer: Pointer) -> str:
    if len(pointer) > 1 and pointer[0] in MODEL_KEYS:
        model, *field = pointer[1:]
        return str(FieldRef(str(model), _join_steps(field) if field else None))
    return _join_steps(pointer)


def _join_steps(steps: "Pointer | list[str | int]") -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")
