"""Names of capabilities that are not written as the vocabulary writes them."""

from collections.abc import Iterator

from registry_cli.core.checks.rules.base import ProviderFile, capabilities_of
from registry_cli.core.text.pointer import Pointer


def odd_names(file: ProviderFile) -> Iterator[tuple[str, Pointer]]:
    """Such names in `features`, in `defaults` and of every model, with where they stand."""
    canonical = file.vocabulary.terms
    for index, name in enumerate(file.value.get("features") or ()):
        if name not in canonical:
            yield name, ("features", index)
    for name, _, where in capabilities_of(file.value.get("defaults") or {}, but_not=canonical):
        yield name, ("defaults", *where)
    for entry in file.entries:
        for name, _, where in capabilities_of(entry.body, but_not=canonical):
            yield name, (*entry.pointer, *where)
