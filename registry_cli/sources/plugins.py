"""Sources of other packages: entry points of the group `llmreg.sources`.

They are looked up when a name is none of llmreg's own, and imported when they are asked for by name. A plug-in that
cannot be used is a source that fails: it has no answer, with one line that names its distribution, and stops no other.
`docs/adding-a-source.md` describes how to write one.
"""

import re
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from registry_cli.core.names.names import fold_name
from registry_cli.core.statements.lifecycle_sources import is_page
from registry_cli.core.statements.observations import Observations, ObservedModel, ObservedProvider
from registry_cli.errors import CatalogWarning, UpstreamError
from registry_cli.sources.base import Page, Source
from registry_cli.yamledit.escapes import one_line

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

GROUP = "llmreg.sources"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_RESERVED = frozenset({"derived", "file", "all"})  # mean something else where sources are named
# What a built-in source may read from the environment by itself, past the rules of trust.
_NOT_FOR_PLUGINS = ("header_variables", "signing", "host_variable")
Answered = TypeVar("Answered")


@dataclass(frozen=True, slots=True)
class SourcePlugin:
    """An entry point, and the distribution that has it (`initech-llmreg 1.0`); `rivals` have one of the same name."""

    name: str
    distribution: str
    entry_point: "EntryPoint"
    rivals: tuple[str, ...] = ()


@cache
def find_plugins(own_names: frozenset[str]) -> Mapping[str, SourcePlugin]:
    """Return the plug-ins by name. Warns of those that are ignored because of their names.

    `own_names` are those of llmreg's own sources, which no plug-in may have.
    """
    taken = {fold_name(name) for name in own_names | _RESERVED}
    plugins: dict[str, SourcePlugin] = {}
    for distribution, point in _list_entry_points():
        name = point.name
        if not _NAME.fullmatch(name) or is_page(name):
            _warn(distribution, f"a source cannot be called {name!a}; ignored")
        elif fold_name(name) in taken:
            _warn(distribution, f"llmreg has a source called {name} of its own; the plug-in's is ignored")
        elif name not in plugins:
            plugins[name] = SourcePlugin(name, distribution, point)
        elif plugins[name].distribution != distribution:
            plugins[name] = replace(plugins[name], rivals=(*plugins[name].rivals, distribution))
    return plugins


@cache
def load_plugin(plugin: SourcePlugin) -> Source:
    """Return the source of a plug-in, or one that fails with the reason why it cannot be used."""
    if plugin.rivals:
        others = " and ".join(plugin.rivals)
        return _failing_source(plugin, f"{others} has a source of the same name; uninstall one of them")
    try:
        found: object = plugin.entry_point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001  # somebody else's module may do anything
        return _failing_source(plugin, f"{plugin.entry_point.value} cannot be loaded: {_describe(error)}")
    if not isinstance(found, Source):
        kind = type(found).__name__
        return _failing_source(
            plugin, f"{plugin.entry_point.value} is a {kind}, not a registry_cli.sources.base.Source"
        )
    if fault := _find_fault(plugin, found):
        return _failing_source(plugin, fault)
    return replace(found, parse=_guard_parse(plugin, found.parse), follow=_guard(plugin, found.follow), verified=False)


def _list_entry_points() -> "list[tuple[str, EntryPoint]]":
    from importlib.metadata import distributions  # noqa: PLC0415  # slow, and most runs need none

    found = []
    for distribution in distributions():
        with suppress(Exception):  # broken metadata of a package that has nothing to do with llmreg
            points = [point for point in distribution.entry_points if point.group == GROUP]
            named = _name_distribution(distribution) if points else ""
            found += [(named, point) for point in points]
    return sorted(found, key=lambda pair: (pair[1].name, pair[0]))


def _name_distribution(distribution: "Distribution") -> str:
    return one_line(f"{distribution.metadata['Name']} {distribution.version}")


def _find_fault(plugin: SourcePlugin, found: Source) -> str:
    """Return why a plug-in may not have this source; empty if it may."""
    value = plugin.entry_point.value
    if found.name != plugin.name:
        return f"{value} is called {found.name!a}, its entry point {plugin.name!a}; both must be equal"
    refused = [name for name in _NOT_FOR_PLUGINS if getattr(found, name)]
    return f"{value} has {refused[0]}, which only sources of llmreg itself may have" if refused else ""


def _failing_source(plugin: SourcePlugin, reason: str) -> Source:
    fault = one_line(f"plug-in {plugin.distribution}: {reason}")

    def fail(_pages: Sequence[Page], _provider: str) -> NoReturn:
        raise UpstreamError(f"{plugin.name}: {fault}")

    return Source(plugin.name, docs="", base_url="", path="", parse=fail, fault=fault)


def _guard_parse(
    plugin: SourcePlugin, parse: Callable[[Sequence[Page], str], Observations]
) -> Callable[[Sequence[Page], str], Observations]:
    read = _guard(plugin, parse)

    def parse_checked(pages: Sequence[Page], provider: str) -> Observations:
        seen = read(pages, provider)
        if not _are_observations(seen):
            raise UpstreamError(f"{plugin.name}: plug-in {plugin.distribution}: its parse returns no Observations")
        return replace(seen, source=plugin.name)

    return parse_checked


def _are_observations(seen: object) -> bool:
    if not isinstance(seen, Observations) or not _are_all(ObservedProvider, seen.providers):
        return False
    models: list[Any] = [model for each in seen.providers for model in each.models]
    return _are_all(ObservedModel, models) and all(isinstance(model.facts, Mapping) for model in models)


def _are_all(kind: type, values: Iterable[object]) -> bool:
    return all(isinstance(value, kind) for value in values)


def _guard(plugin: SourcePlugin, function: Callable[..., Answered]) -> Callable[..., Answered]:
    """Return a function of a plug-in of which every error is an `UpstreamError` that names its distribution."""

    def call_guarded(first: Any, second: Any) -> Answered:
        try:
            return function(first, second)
        except UpstreamError:
            raise
        except (Exception, SystemExit) as error:  # as above
            message = f"{plugin.name}: plug-in {plugin.distribution} failed: {_describe(error)}"
            raise UpstreamError(one_line(message)) from error

    return call_guarded


def _describe(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _warn(distribution: str, message: str) -> None:
    warnings.warn(CatalogWarning(f"plug-in {distribution}", message), stacklevel=2)
