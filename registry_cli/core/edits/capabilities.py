"""Changes to the capabilities of an entry; a list stays a list and a map a map."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from registry_cli.core.catalog.capabilities import is_capability, is_denied, read_capabilities, read_capability
from registry_cli.core.format.absent import ABSENT

Canonical = Callable[[str], str]


def add_capabilities(written: Any, items: Iterable[Any], canonical: Canonical) -> Any:
    """Adds capabilities. One that the entry states, in any spelling, stays unchanged unless it was denied."""
    for item in items:
        name, details = read_capability(item)
        now = details_of(written, name, canonical)
        if now is ABSENT or is_denied(now) or (isinstance(details, Mapping) and details != now):
            written = with_details(written, name, details, canonical)
    return written


def remove_capabilities(written: Any, items: Iterable[Any], canonical: Canonical) -> Any:
    """Removes capabilities, in any spelling."""
    for item in items:
        written = with_details(written, read_capability(item)[0], ABSENT, canonical)
    return written


def replace_capabilities(written: Any, items: Iterable[Any], canonical: Canonical) -> Any:
    """Sets the capabilities to these. One that stays keeps its place and its details."""
    wanted = [read_capability(item) for item in items]
    names = {canonical(name) for name, _ in wanted}
    if isinstance(written, Mapping):
        kept: Any = {name: details for name, details in written.items() if canonical(name) in names}
    else:
        listed = written if isinstance(written, list) else []
        kept = [item for item in listed if is_capability(item) and canonical(read_capability(item)[0]) in names]
    return add_capabilities(kept, [name if details is True else {name: details} for name, details in wanted], canonical)


def details_of(written: Any, name: str, canonical: Canonical) -> Any:
    """Returns the details of a capability, `ABSENT` if the entry does not state it."""
    wanted = canonical(name)
    return next((details for spelled, details in read_capabilities(written) if canonical(spelled) == wanted), ABSENT)


def with_details(written: Any, name: str, details: Any, canonical: Canonical) -> Any:
    """Sets the details of one capability; `ABSENT` removes it."""
    wanted = canonical(name)
    if isinstance(written, Mapping):
        spelled = next((each for each in written if canonical(each) == wanted), wanted)
        rest = {**written, spelled: details}
        return {each: said for each, said in rest.items() if said is not ABSENT}
    items: list[Any] = []
    found = False
    for item in written or ():
        spelled = read_capability(item)[0] if is_capability(item) else None
        if spelled is None or canonical(spelled) != wanted:
            items.append(item)
        elif not found:
            found = True
            items += _capability_items(spelled, details)
    return items if found else [*items, *_capability_items(wanted, details)]


def _capability_items(name: str, details: Any) -> list[Any]:
    if details is ABSENT:
        return []
    if details is True:
        return [name]
    return [{name: {"supported": False} if details is False else details}]
