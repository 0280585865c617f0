"""Operations on a YAML document, and their effect on its data.

Paths are those of the text before any operation. Operations on the same place, or on nested places, contradict each
other and are refused.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]


class OperationError(Exception):
    """An operation that cannot be made exactly; the message names it and says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class RawScalar:
    """The exact text of a scalar to write, and its value. For `Set` alone."""

    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class Set:
    """Replace the value at a path that exists."""

    path: Path
    value: Any

    def __str__(self) -> str:
        return f"set {shown(self.path)}"


@dataclass(frozen=True, slots=True)
class Add:
    """Add a key to a mapping: after the last of its keys that precede the new one in `order`, else at its end."""

    path: Path
    key: str
    value: Any
    order: Sequence[str] = field(default=())

    def __str__(self) -> str:
        return f"add {shown((*self.path, self.key))}"


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove a key of a mapping or an item of a sequence, with the comments that belong to it."""

    path: Path

    def __str__(self) -> str:
        return f"remove {shown(self.path)}"


@dataclass(frozen=True, slots=True)
class AddItem:
    """Add an item to a sequence, before the one at `index`, else at its end."""

    path: Path
    value: Any
    index: int | None = None

    def __str__(self) -> str:
        return f"add an item to {shown(self.path)}"


@dataclass(frozen=True, slots=True)
class Rename:
    """Rename a key of a mapping, which keeps its place."""

    path: Path
    key: str

    def __str__(self) -> str:
        return f"rename {shown(self.path)} to {self.key}"


Operation = Set | Add | Remove | AddItem | Rename


def shown(path: Path) -> str:
    return ".".join(map(str, path)) or "the document"


def owner(operation: Operation) -> Path:
    """Return the path of the collection that an operation changes."""
    return operation.path if isinstance(operation, Add | AddItem) else operation.path[:-1]


def applied(value: Any, operations: Sequence[Operation]) -> Any:
    """Return the data after the operations; `value` stays as it is. Raises `OperationError` if one does not fit."""
    by_parent: dict[Path, list[Operation]] = {}
    for operation in operations:
        if isinstance(operation, Set) and not operation.path:
            raise OperationError(f"{operation}: the whole document cannot be replaced")
        by_parent.setdefault(owner(operation), []).append(operation)
    touched = ancestors(by_parent)
    for operation in operations:
        if isinstance(operation, Set | Remove) and operation.path in touched:
            raise OperationError(f"{operation}: another operation changes something inside it")
    return _rebuilt(value, (), by_parent, touched)


def ancestors(paths: Iterable[Path]) -> set[Path]:
    """Return the paths and all paths above them."""
    return {path[:length] for path in paths for length in range(len(path) + 1)}


def _rebuilt(value: Any, path: Path, operations: dict[Path, list[Operation]], touched: set[Path]) -> Any:
    """Return the data after the operations; only the collections on the way to an operation are copied."""
    if path not in touched:
        return value
    own = operations.get(path, [])

    def child(step: str | int, item: Any) -> Any:
        return _rebuilt(item, (*path, step), operations, touched)

    if isinstance(value, dict):
        return _mapping(value, own, child)
    if isinstance(value, list):
        return _sequence(value, own, child)
    return _from_nothing(value, own, path)


def _from_nothing(value: Any, operations: list[Operation], path: Path) -> Any:
    """Return the collection that additions make of a null (`models:`)."""
    if value is None and operations and all(isinstance(operation, Add) for operation in operations):
        return _mapping({}, operations, lambda _step, item: item)
    if value is None and operations and all(isinstance(operation, AddItem) for operation in operations):
        return _sequence([], operations, lambda _step, item: item)
    named = operations[0] if operations else f"a change inside {shown(path)}"
    raise OperationError(f"{named}: {shown(path)} is no collection")


def _mapping(value: dict[str, Any], operations: list[Operation], child: Callable[[str, Any], Any]) -> dict[str, Any]:
    added = {operation.key: operation for operation in operations if isinstance(operation, Add)}
    changes: dict[str, Operation] = {}
    for operation in operations:
        if isinstance(operation, AddItem):
            raise OperationError(f"{operation}: it is a mapping")
        if isinstance(operation, Add):
            if operation.key in value or added[operation.key] is not operation:
                raise OperationError(f"{operation}: it exists")
        else:
            _claim(changes, str(operation.path[-1]), operation, value)
    changed: dict[str, Any] = {}
    for key, item in value.items():
        match changes.get(key):
            case Set(value=RawScalar(value=new)) | Set(value=new):
                changed[key] = new
            case Rename(key=name) as rename:
                if name in value or name in added or name in changed:
                    raise OperationError(f"{rename}: {name} exists")
                changed[name] = child(key, item)
            case Remove():
                pass
            case _:
                changed[key] = child(key, item)
    return changed | {key: operation.value for key, operation in added.items()}


def _claim(changes: dict[Any, Operation], step: str | int, operation: Operation, steps: Container[Any]) -> None:
    """Note that an operation changes the entry at `step`, which must exist and belong to no other operation."""
    if step not in steps:
        raise OperationError(f"{operation}: there is none")
    if step in changes:
        raise OperationError(f"{operation}: {changes[step]} touches it too")
    changes[step] = operation


def _sequence(value: list[Any], operations: list[Operation], child: Callable[[int, Any], Any]) -> list[Any]:
    changes: dict[int, Operation] = {}
    added: dict[int, list[Any]] = {}
    for operation in operations:
        if isinstance(operation, AddItem):
            index = len(value) if operation.index is None else operation.index
            if not 0 <= index <= len(value):
                raise OperationError(f"{operation}: it has {len(value)} items")
            added.setdefault(index, []).append(operation.value)
            continue
        if isinstance(operation, Rename):
            raise OperationError(f"{operation}: it is an item of a sequence")
        _claim(changes, operation.path[-1], operation, range(len(value)))
    changed: list[Any] = []
    for index, item in enumerate(value):
        changed += added.get(index, [])
        match changes.get(index):
            case Set(value=RawScalar(value=new)) | Set(value=new):
                changed.append(new)
            case Remove():
                pass
            case _:
                changed.append(child(index, item))
    return changed + added.get(len(value), [])
