"""Names of sources that a person types."""

from collections.abc import Callable, Collection, Iterable

from registry_cli.core.text.suggest import did_you_mean
from registry_cli.errors import UsageError
from registry_cli.sources.registry import find_source, source_names


def refuse_unknown(option: str, named: Iterable[str], others: Callable[[], Collection[str]]) -> None:
    """Raises `UsageError` for a name that neither the registry of sources has nor `others`, which are looked up only
    then: those of providers and of their files, which may have a list of their own."""
    unknown = sorted(name for name in named if find_source(name) is None)
    for name in unknown:
        if name not in (known := others()):
            near = did_you_mean(name, {*known, *source_names()})
            raise UsageError(f"{option}: no source is called {name!a}{near}")
