"""`llmreg doctor`: whether the sources of a catalog have what they need, and whether they answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry_cli.commands.edit.workspace import Workspace, open_workspace
from registry_cli.commands.sync.ignored_records import ignored_records_warnings
from registry_cli.commands.sync.targets import find_target, key_destination, key_variables
from registry_cli.core.matching.listening import source_order
from registry_cli.core.names.names import resolve_provider
from registry_cli.core.query.table import Table
from registry_cli.core.statements.answers import Answer, Failure
from registry_cli.http.rules import without_query
from registry_cli.sources.base import Source, Target
from registry_cli.sources.registry import find_source, find_source_for, plugin_names
from registry_cli.store.catalog.locate import find_catalog_to_read
from registry_cli.store.files.trusted_pairs import read_user_trust

COLUMNS = ("source", "provider", "state", "verified", "key", "host", "trusted", "address", "answer")
_STATES = {"untrusted": "not trusted", "unreadable": "cannot be loaded"}
Wanted = tuple[str, str, Mapping[str, Any]]
Ping = Callable[[Sequence[Wanted]], Sequence[Answer]]


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found; `failed` where a source that could be asked did not answer, `unknown` are providers that no
    source but an aggregator can be asked about, `warnings` are about records that git ignores."""

    table: Table
    failed: bool
    unknown: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def examine_sources(
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

    A key is named by its variable and never shown; `host` is where it goes, `trusted` why it may. Raises `UsageError`,
    `FileError`.
    """
    workspace = open_workspace(find_catalog_to_read(catalog, cwd=cwd, environ=environ).root, on, environ)
    names = [resolve_provider(workspace.names, name) for name in providers] or sorted(workspace.names.all_providers())
    asked, unknown = _sources_to_examine(workspace, names, () if providers else plugin_names())
    user_trust = read_user_trust(environ)
    targets = {
        key: find_target(source, key[1], _api_of(body), environ, user_trust) for key, (source, _, body) in asked.items()
    }
    ready = [
        (source.name, provider, body)
        for key, (source, provider, body) in asked.items()
        if not isinstance(targets[key], Failure) and not (source.covers_many and providers and not unknown)
    ]
    answers = {(each.source, each.provider): each for each in (ping(ready) if ping else ())}
    rows = []
    for key, (source, _, body) in asked.items():
        destination = key_destination(source, _api_of(body), environ, user_trust)
        wanted, answer = _describe_key(source, body), answers.get(key)
        rows.append(_source_row(source, key[1], wanted, targets[key], destination=destination, answer=answer))
    stopped = any(isinstance(found, Failure) and found.kind in _STATES for found in targets.values())
    failed = any(answer.failure for answer in answers.values()) or (ping is not None and stopped)
    warnings = ignored_records_warnings(workspace.root, names, cwd=cwd, environ=environ)
    return Examination(Table(COLUMNS, rows), failed, unknown, warnings)


def _source_row(
    source: Source,
    provider: str | None,
    key: str | None,
    found: Target | Failure,
    *,
    destination: tuple[str, str],
    answer: Answer | None,
) -> tuple[str | None, ...]:
    """A row of the table: what a source is asked with, where and why there; or what is missing."""
    verified = "yes" if source.verified else "no"
    host, trusted = destination[0], destination[1] or ("no" if key and destination[0] else "")
    if isinstance(found, Failure):
        state = _STATES.get(found.kind, "lacks a key")
        return source.name, provider, state, verified, key, host or None, trusted or None, None, found.message
    used = found.signing.key if found.signing else found.key
    if used:
        key, trusted = used.variable, found.why_trusted
    said = found.key_hint if found.left_out else None
    if answer is not None:
        said = _describe_answer(answer)
    address = without_query(found.base_url)
    return source.name, provider, "ready", verified, key, host or None, trusted or None, address, said


def _sources_to_examine(
    workspace: Workspace, names: Sequence[str], plugins: Sequence[str]
) -> tuple[dict[tuple[str, str | None], tuple[Source, str, Mapping[str, Any]]], tuple[str, ...]]:
    """The sources to look at, once each where they cover many, and the plug-ins that no file asks for; and the
    providers that have none of their own."""
    asked: dict[tuple[str, str | None], tuple[Source, str, Mapping[str, Any]]] = {}
    unknown = []
    for provider in names:
        body = workspace.provider_value(provider)
        api = _api_of(body)
        own = False
        for name in source_order(provider, body):
            source = find_source_for(name, api.get("base_url"), tuple(api.get("key_env") or ()))
            if source is not None:
                own = own or source.is_provider_list
                asked.setdefault((source.name, None if source.covers_many else provider), (source, provider, body))
        if not own:
            unknown.append(provider)
    used = {name for name, _ in asked}
    for source in filter(None, map(find_source, plugins)):
        if source.name not in used:
            asked[source.name, None if source.covers_many else source.name] = (source, source.name, {})
    return dict(sorted(asked.items(), key=lambda pair: (pair[0][1] or "", pair[0][0]))), tuple(unknown)


def _api_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    api: Mapping[str, Any] = body.get("api") or {}
    return api


def _describe_key(source: Source, body: Mapping[str, Any]) -> str | None:
    names = key_variables(source, _api_of(body))
    return f"{' or '.join(names)} ({source.key})" if names else None


def _describe_answer(answer: Answer) -> str:
    if answer.failure:
        return f"{'skipped' if answer.failure.is_skip else 'failed'}: {answer.failure.message}"
    return f"{answer.observations.model_count():,} models" if answer.observations else "nothing"
