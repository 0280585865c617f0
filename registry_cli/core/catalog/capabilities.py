"""The capabilities of an entry as written: a list (of names, or of a name with details) or a map."""

from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.errors import UsageError


def is_capability(item: Any) -> bool:
    """Whether an item of a list is what the schema asks for: a name, or one name with its details."""
    return isinstance(item, str) or (isinstance(item, Mapping) and len(item) == 1)


def read_capability(item: Any) -> tuple[str, Any]:
    """An item of a list as name and details; a bare name is supported, which is all it says.

    Raises `UsageError` for what is no capability.
    """
    if isinstance(item, str):
        return item, True
    if is_capability(item):
        name, details = next(iter(item.items()))
        return str(name), details
    raise UsageError(f"{item!r} is no capability: write a name, or one name with its details")


def read_capabilities(written: Any) -> Iterator[tuple[str, Any]]:
    """The capabilities of a list or a map by name and details; what is none is passed over."""
    if isinstance(written, Mapping):
        yield from written.items()
    else:
        for item in written or ():
            if item.__class__ is str:  # nearly all are
                yield item, True
            elif is_capability(item):
                yield read_capability(item)


def is_denied(details: Any) -> bool:
    return details is False or (isinstance(details, Mapping) and details.get("supported") is False)
