"""Operations on a YAML document, and what they mean for its data.

Paths are those of the text before any operation; operations on the same or on nested places of one text contradict
each other and are refused.
"""

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Path = tuple[str | int, ...]


class OperationError(Exception):
    """An operation that cannot be made exactly; the message names it and says why. Nothing was changed.

    `path` is that of the operation, where it is one that the text refuses.
    """

    def __init__(self, message: str, path: Path = ()) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class RawScalar:
    """A scalar to be written just so; `value` is what it means. For `Set` alone."""

    text: str
    value: Any


@dataclass(frozen=True, slots=True)
class Set:
    """The value at a path that exists becomes another."""

    path: Path
    value: Any

    def __str__(self) -> str:
        return f"set {dotted_path(self.path)}"


@dataclass(frozen=True, slots=True)
class Add:
    """A mapping gains a key: after the last of its keys that stand before it in `order`, else at its end."""

    path: Path
    key: str
    value: Any
    order: Sequence[str] = field(default=())

    def __str__(self) -> str:
        return f"add {dotted_path((*self.path, self.key))}"


@dataclass(frozen=True, slots=True)
class Remove:
    """A key of a mapping or an item of a sequence goes, with the comments that belong to it.

    `keeps_comments` lets those stay that stand in its collection and belong to none of the entries there.
    """

    path: Path
    keeps_comments: bool = False

    def __str__(self) -> str:
        return f"remove {dotted_path(self.path)}"


@dataclass(frozen=True, slots=True)
class AddItem:
    """A sequence gains an item, before the one at `index`, else at its end."""

    path: Path
    value: Any
    index: int | None = None

    def __str__(self) -> str:
        return f"add an item to {dotted_path(self.path)}"


@dataclass(frozen=True, slots=True)
class Rename:
    """A key of a mapping gets another name, in its place."""

    path: Path
    key: str

    def __str__(self) -> str:
        return f"rename {dotted_path(self.path)} to {self.key}"


Operation = Set | Add | Remove | AddItem | Rename


def dotted_path(path: Path) -> str:
    return ".".join(map(str, path)) or "the document"


def owner_path(operation: Operation) -> Path:
    """The path of the collection that an operation changes."""
    return operation.path if isinstance(operation, Add | AddItem) else operation.path[:-1]


def apply_to_data(value: Any, operations: Sequence[Operation]) -> Any:
    """The data after the operations; `value` is left alone. Raises `OperationError` for one that does not fit."""
    by_parent: dict[Path, list[Operation]] = {}
    for operation in operations:
        if isinstance(operation, Set) and not operation.path:
            raise OperationError(f"{operation}: the whole document cannot be replaced")
        by_parent.setdefault(owner_path(operation), []).append(operation)
    touched = with_ancestors(by_parent)
    for operation in operations:
        if isinstance(operation, Set | Remove) and operation.path in touched:
            raise OperationError(f"{operation}: another operation changes something inside it")
    return _rebuild_value(value, (), by_parent, touched)


def with_ancestors(paths: Iterable[Path]) -> set[Path]:
    """The paths themselves and all above them."""
    return {path[:length] for path in paths for length in range(len(path) + 1)}


def _rebuild_value(value: Any, path: Path, operations: dict[Path, list[Operation]], touched: set[Path]) -> Any:
    """Only the collections on the way to an operation are copied."""
    if path not in touched:
        return value
    here = operations.get(path, [])
    change = _change_mapping if isinstance(value, dict) else _change_sequence if isinstance(value, list) else None
    if change is None:
        return _fill_null(value, here, path)

    def child(step: str | int, item: Any) -> Any:
        return _rebuild_value(item, (*path, step), operations, touched)

    return change(value, here, child)


def _fill_null(value: Any, here: list[Operation], path: Path) -> Any:
    """A null where a collection is meant (`models:`) becomes one when something is added to it."""
    if value is None and here and all(isinstance(operation, Add) for operation in here):
        return _change_mapping({}, here, lambda _step, item: item)
    if value is None and here and all(isinstance(operation, AddItem) for operation in here):
        return _change_sequence([], here, lambda _step, item: item)
    named = here[0] if here else f"a change inside {dotted_path(path)}"
    raise OperationError(f"{named}: {dotted_path(path)} is no collection")


def _change_mapping(value: dict[str, Any], here: list[Operation], child: Callable[[str, Any], Any]) -> dict[str, Any]:
    added = {operation.key: operation for operation in here if isinstance(operation, Add)}
    changes: dict[str, Operation] = {}
    for operation in here:
        if isinstance(operation, AddItem):
            raise OperationError(f"{operation}: it is a mapping")
        if isinstance(operation, Add):
            if operation.key in value or added[operation.key] is not operation:
                raise OperationError(f"{operation}: it exists")
        else:
            _claim_entry(changes, str(operation.path[-1]), operation, value)
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


def _claim_entry(changes: dict[Any, Operation], step: str | int, operation: Operation, there: Container[Any]) -> None:
    """Notes that an operation changes the entry at `step`, which must be there and nobody else's."""
    if step not in there:
        raise OperationError(f"{operation}: there is none")
    if step in changes:
        raise OperationError(f"{operation}: {changes[step]} touches it too")
    changes[step] = operation


def _change_sequence(value: list[Any], here: list[Operation], child: Callable[[int, Any], Any]) -> list[Any]:
    changes: dict[int, Operation] = {}
    added: dict[int, list[Any]] = {}
    for operation in here:
        if isinstance(operation, AddItem):
            index = len(value) if operation.index is None else operation.index
            if not 0 <= index <= len(value):
                raise OperationError(f"{operation}: it has {len(value)} items")
            added.setdefault(index, []).append(operation.value)
            continue
        if isinstance(operation, Rename):
            raise OperationError(f"{operation}: it is an item of a sequence")
        _claim_entry(changes, operation.path[-1], operation, range(len(value)))
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
