"""The capabilities of an entry: a list (of names, or of a name with details) or a map. Either stays what it is."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from registry_cli.core.columns import ABSENT
from registry_cli.errors import UsageError

Canonical = Callable[[str], str]


def is_capability(item: Any) -> bool:
    """Whether an item of a list is what the schema asks for: a name, or one name with its details."""
    return isinstance(item, str) or (isinstance(item, Mapping) and len(item) == 1)


def pair_of(item: Any) -> tuple[str, Any]:
    """An item of a list as name and details; a bare name is supported, which is all it says.

    Raises `UsageError` for what is no capability.
    """
    if isinstance(item, str):
        return item, True
    if is_capability(item):
        name, details = next(iter(item.items()))
        return str(name), details
    raise UsageError(f"{item!r} is no capability: write a name, or one name with its details")


def pairs_of(written: Any) -> Iterator[tuple[str, Any]]:
    """The capabilities of a list or a map by name and details; what is none is passed over."""
    if isinstance(written, Mapping):
        yield from written.items()
    else:
        yield from (pair_of(item) for item in written or () if is_capability(item))


def added(written: Any, items: Iterable[Any], canonical: Canonical) -> Any:
    """With these capabilities. One that is there, by whatever spelling, stays as it is unless it was denied."""
    for item in items:
        name, details = pair_of(item)
        now = details_of(written, name, canonical)
        if now is ABSENT or is_denied(now) or (isinstance(details, Mapping) and details != now):
            written = with_details(written, name, details, canonical)
    return written


def removed(written: Any, items: Iterable[Any], canonical: Canonical) -> Any:
    """Without these capabilities, by whatever spelling."""
    for item in items:
        written = with_details(written, pair_of(item)[0], ABSENT, canonical)
    return written


def replaced(written: Any, items: Iterable[Any], canonical: Canonical) -> Any:
    """With these and no others; what stays keeps its place and its details."""
    wanted = [pair_of(item) for item in items]
    names = {canonical(name) for name, _ in wanted}
    if isinstance(written, Mapping):
        kept: Any = {name: details for name, details in written.items() if canonical(name) in names}
    else:
        listed = written if isinstance(written, list) else []
        kept = [item for item in listed if is_capability(item) and canonical(pair_of(item)[0]) in names]
    return added(kept, [name if details is True else {name: details} for name, details in wanted], canonical)


def details_of(written: Any, name: str, canonical: Canonical) -> Any:
    """What is said of a capability, `ABSENT` where nothing is."""
    wanted = canonical(name)
    return next((details for spelled, details in pairs_of(written) if canonical(spelled) == wanted), ABSENT)


def with_details(written: Any, name: str, details: Any, canonical: Canonical) -> Any:
    """With these details for one capability; `ABSENT` takes it out."""
    wanted = canonical(name)
    if isinstance(written, Mapping):
        spelled = next((each for each in written if canonical(each) == wanted), wanted)
        rest = {**written, spelled: details}
        return {each: said for each, said in rest.items() if said is not ABSENT}
    items: list[Any] = []
    found = False
    for item in written or ():
        spelled = pair_of(item)[0] if is_capability(item) else None
        if spelled is None or canonical(spelled) != wanted:
            items.append(item)
        elif not found:
            found = True
            items += _listed(spelled, details)
    return items if found else [*items, *_listed(wanted, details)]


def is_denied(details: Any) -> bool:
    return details is False or (isinstance(details, Mapping) and details.get("supported") is False)


def _listed(name: str, details: Any) -> list[Any]:
    if details is ABSENT:
        return []
    if details is True:
        return [name]
    return [{name: {"supported": False} if details is False else details}]
