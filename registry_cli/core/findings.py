"""What a check found, as data; `render` makes text of it."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place. `line` and `column` count from 1 (columns in characters); `pointer` is the path in
    the document, `("models", "gpt-4o", "pricing", "input")`."""

    code: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    pointer: tuple[str | int, ...] = ()
