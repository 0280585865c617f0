"""`llmreg doctor`: whether the sources of a catalog have what they need, and whether they answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry_cli.commands.edit.workspace import Workspace, open_workspace
from registry_cli.commands.sync.targets import key_variables, target
from registry_cli.core.catalog.names import resolve_provider
from registry_cli.core.query.table import Table
from registry_cli.core.sync.answers import Answer, Failure
from registry_cli.core.sync.listening import precedence
from registry_cli.sources.base import Source
from registry_cli.sources.registry import find_for
from registry_cli.store.catalog.locate import find_catalog

COLUMNS = ("source", "provider", "state", "verified", "key", "address", "answer")
Wanted = tuple[str, str, Mapping[str, Any]]
Ping = Callable[[Sequence[Wanted]], Sequence[Answer]]


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found; `failed` where a source that could be asked did not answer, `unknown` are providers that no
    source but an aggregator can be asked about."""

    table: Table
    failed: bool
    unknown: tuple[str, ...]


def examine(
    providers: Sequence[str],
    *,
    catalog: Path | None,
    on: str,
    cwd: Path,
    environ: Mapping[str, str],
    ping: Ping | None,
) -> Examination:
    """Looks at the sources of these providers, of all where none is named; with `ping` asks those that can be asked.
    Where providers are named it asks those of their own, and those that cover many only for want of one.

    A key is named by its variable and never shown. Raises `UsageError`, `FileError`.
    """
    workspace = open_workspace(find_catalog(catalog, cwd=cwd, environ=environ).root, on, environ)
    names = [resolve_provider(workspace.names, name) for name in providers] or sorted(workspace.names.all_providers())
    asked, unknown = _sources(workspace, names)
    targets = {key: target(source, key[1], _api(body), environ) for key, (source, _, body) in asked.items()}
    ready = [
        (source.name, provider, body)
        for key, (source, provider, body) in asked.items()
        if not isinstance(targets[key], Failure) and not (source.covers_many and providers and not unknown)
    ]
    answers = {(each.source, each.provider): each for each in (ping(ready) if ping else ())}
    rows: list[tuple[str | None, ...]] = []
    for key, (source, _, body) in asked.items():
        found = targets[key]
        answer = answers.get(key)
        said = None if answer is None else _said(answer)
        verified = "yes" if source.verified else "no"
        if isinstance(found, Failure):
            rows.append((source.name, key[1], "lacks a key", verified, _wanted(source, body), None, found.message))
        else:
            used = found.signing.key if found.signing else found.key
            key_name = used.variable if used else _wanted(source, body)
            rows.append((source.name, key[1], "ready", verified, key_name, found.base_url, said))
    return Examination(Table(COLUMNS, rows), any(answer.failure for answer in answers.values()), unknown)


def _sources(
    workspace: Workspace, names: Sequence[str]
) -> tuple[dict[tuple[str, str | None], tuple[Source, str, Mapping[str, Any]]], tuple[str, ...]]:
    """The sources to look at, once each where they cover many; and the providers that have none of their own."""
    asked: dict[tuple[str, str | None], tuple[Source, str, Mapping[str, Any]]] = {}
    unknown = []
    for provider in names:
        body = workspace.value(workspace.stems_of(provider)[0])
        api = _api(body)
        own = False
        for name in precedence(provider, body):
            source = find_for(name, api.get("base_url"), tuple(api.get("key_env") or ()))
            if source is not None:
                own = own or not source.covers_many
                asked.setdefault((source.name, None if source.covers_many else provider), (source, provider, body))
        if not own:
            unknown.append(provider)
    return dict(sorted(asked.items(), key=lambda pair: (pair[0][1] or "", pair[0][0]))), tuple(unknown)


def _api(body: Mapping[str, Any]) -> Mapping[str, Any]:
    api: Mapping[str, Any] = body.get("api") or {}
    return api


def _wanted(source: Source, body: Mapping[str, Any]) -> str | None:
    names = key_variables(source, _api(body))
    return f"{' or '.join(names)} ({source.key})" if names else None


def _said(answer: Answer) -> str:
    if answer.failure:
        return f"{'skipped' if answer.failure.is_skip else 'failed'}: {answer.failure.message}"
    return f"{answer.observations.model_count():,} models" if answer.observations else "nothing"
