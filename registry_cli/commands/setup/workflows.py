"""The GitHub workflows of a catalog repository: the jobs that its providers need, and the files."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from registry_cli.core.catalog.settings import resolve_groups
from registry_cli.core.matching.listening import source_order
from registry_cli.core.trust.variables import ADDRESS_VARIABLES, parts_in
from registry_cli.render.templates import KeyJob, sync_workflow
from registry_cli.sources.base import Source
from registry_cli.sources.registry import find_source
from registry_cli.store.catalog.templates import read_template

FOLDER = Path(".github/workflows")
ENVIRONMENT = "llmreg-sync"  # of GitHub, with the keys as its secrets
Bodies = Mapping[str, Mapping[str, Any]]
Groups = Mapping[str, tuple[str, ...]]  # ids of providers or patterns of them, by the group's name
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SECRET = re.compile(r"(?!GITHUB_)[A-Z_][A-Z0-9_]*")  # what GitHub lets a secret or a variable be called


def workflow_texts(bodies: Bodies, groups: Groups = MappingProxyType({})) -> dict[Path, str]:
    """The texts of the workflows of a catalog, by path. `bodies` are the provider files, without their models."""
    jobs = key_jobs(bodies, groups)
    sync = sync_workflow(read_template("workflows/sync.yml"), read_template("sync-job.yml"), jobs)
    return {FOLDER / "validate.yml": read_template("workflows/validate.yml"), FOLDER / "sync.yml": sync}


def key_jobs(bodies: Bodies, groups: Groups = MappingProxyType({})) -> list[KeyJob]:
    """The jobs of providers that need a key, in the order of the keys' names.

    Providers with the same key share a job. Providers of a group share one too, with all of their keys: they share a
    branch, which only a job with all keys can update.
    """
    needs: dict[str, _Need] = {}
    for provider, body in sorted(bodies.items()):
        need = _find_need(provider, body)
        if need is not None:
            needs[provider] = need
    members: dict[str, list[str]] = {}
    group_of: dict[str, str] = {}
    for name, providers in resolve_groups(groups, bodies).items():
        if _PLAIN_ID.fullmatch(name):
            members[name] = list(filter(_PLAIN_ID.fullmatch, providers))
            group_of.update(dict.fromkeys(members[name], name))
    jobs: dict[tuple[str, ...], _Job] = {}
    for provider in sorted({*needs, *group_of} & bodies.keys()):
        group = group_of.get(provider, "")
        together = members.get(group, [provider])
        keys = tuple(sorted({needs[name].key for name in together if name in needs}))
        if not keys:
            continue
        job = jobs.setdefault((*keys, group) if len(keys) > 1 else keys, _Job(keys))
        job.providers.append(provider)
        if provider in needs:
            job.variables.update(dict.fromkeys(needs[provider].variables))
        if group:
            job.groups[group] = None
    return [job.freeze() for _, job in sorted(jobs.items())]


def keys_of(jobs: Iterable[KeyJob]) -> tuple[str, ...]:
    """The keys that jobs need, each once."""
    return tuple(dict.fromkeys(key for job in jobs for key in job.keys))


@dataclass(frozen=True, slots=True)
class _Need:
    """The variable with a provider's key, and the variables of its address and headers."""

    key: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Job:
    """A `KeyJob` that grows. The dictionaries serve as ordered sets."""

    keys: tuple[str, ...]
    providers: list[str] = field(default_factory=list)
    variables: dict[str, None] = field(default_factory=dict)
    groups: dict[str, None] = field(default_factory=dict)

    def freeze(self) -> KeyJob:
        return KeyJob(self.keys, tuple(self.providers), tuple(self.variables), tuple(self.groups))


def _find_need(provider: str, body: Mapping[str, Any]) -> _Need | None:
    candidates = filter(None, map(find_source, source_order(provider, body)))
    source = next(filter(_has_key, candidates), None)
    if source is None or not _PLAIN_ID.fullmatch(provider):
        return None
    address = str((body.get("api") or {}).get("base_url") or source.base_url)
    of_address = tuple(names[0] for names in parts_in(address) if names[0] in ADDRESS_VARIABLES)
    return _Need(source.key_variables[0], (*of_address, *source.header_variables.values()))


def _has_key(source: Source) -> bool:
    usable = bool(source.key_variables) and _SECRET.fullmatch(source.key_variables[0]) is not None
    return usable and source.key != "none" and not source.local
