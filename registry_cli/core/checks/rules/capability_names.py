"""Finds names of capabilities that differ from those of the vocabulary."""

from collections.abc import Iterator

from registry_cli.core.checks.rules.base import ProviderFile, capabilities_of
from registry_cli.core.text.pointer import Pointer


def odd_names(file: ProviderFile) -> Iterator[tuple[str, Pointer]]:
    """Yield such names in `features`, in `defaults` and in models, each with its place."""
    canonical = file.vocabulary.terms
    for index, name in enumerate(file.value.get("features") or ()):
        if name not in canonical:
            yield name, ("features", index)
    for name, _, where in capabilities_of(file.value.get("defaults") or {}, but_not=canonical):
        yield name, ("defaults", *where)
    for entry in file.entries:
        for name, _, where in capabilities_of(entry.body, but_not=canonical):
            yield name, (*entry.pointer, *where)
