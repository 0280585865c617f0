"""Every name of a capability in a file."""

from collections.abc import Iterator

from registry_cli.core.findings import Pointer
from registry_cli.core.rules.base import ProviderFile, capabilities_of


def names_in(file: ProviderFile) -> Iterator[tuple[str, Pointer]]:
    """Names as written in `features`, in `defaults` and of every model, with where they stand."""
    for index, name in enumerate(file.value.get("features") or ()):
        yield name, ("features", index)
    for name, _, where in capabilities_of(file.value.get("defaults") or {}):
        yield name, ("defaults", *where)
    for entry in file.entries:
        if "capabilities" in entry.body:
            for name, _, where in capabilities_of(entry.body):
                yield name, (*entry.pointer, *where)
