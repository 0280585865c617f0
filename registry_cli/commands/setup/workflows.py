"""The workflows of a catalog's repository: which jobs its providers need, and the files."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from registry_cli.core.catalog.settings import grouped
from registry_cli.core.matching.listening import precedence
from registry_cli.core.trust.variables import ADDRESS_VARIABLES, parts_in
from registry_cli.render.templates import KeyJob, sync_workflow
from registry_cli.sources.base import Source
from registry_cli.sources.registry import find
from registry_cli.store.catalog.templates import read_template

FOLDER = Path(".github/workflows")
ENVIRONMENT = "llmreg-sync"  # of GitHub, with the keys as its secrets
Bodies = Mapping[str, Mapping[str, Any]]
Groups = Mapping[str, tuple[str, ...]]  # ids of providers or patterns of them, by the group's name
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SECRET = re.compile(r"(?!GITHUB_)[A-Z_][A-Z0-9_]*")  # what GitHub lets a secret or a variable be called


def workflows(bodies: Bodies, groups: Groups = MappingProxyType({})) -> dict[Path, str]:
    """The texts of the workflows of a catalog with these providers, each with the body of its file, and these groups
    of its settings."""
    jobs = key_jobs(bodies, groups)
    sync = sync_workflow(read_template("workflows/sync.yml"), read_template("sync-job.yml"), jobs)
    return {FOLDER / "validate.yml": read_template("workflows/validate.yml"), FOLDER / "sync.yml": sync}


def key_jobs(bodies: Bodies, groups: Groups = MappingProxyType({})) -> list[KeyJob]:
    """A job for each key, in the order of their names, with the providers that a source of the registry asks with it;
    and one for each group that needs several, whose providers share a branch that is right with all of them alone."""
    needs = {provider: need for provider, body in sorted(bodies.items()) if (need := _need(provider, body))}
    members = {name: [each for each in found if _PLAIN_ID.fullmatch(each)]
               for name, found in grouped(groups, bodies).items() if _PLAIN_ID.fullmatch(name)}  # fmt: skip
    group_of = {each: name for name, found in members.items() for each in found}
    jobs: dict[tuple[str, ...], _Job] = {}
    for provider in sorted({*needs, *group_of} & bodies.keys()):
        group = group_of.get(provider, "")
        together = members.get(group, [provider])
        keys = tuple(sorted({needs[each].key for each in together if each in needs}))
        if keys:
            job = jobs.setdefault((*keys, group) if len(keys) > 1 else keys, _Job(keys))
            job.providers.append(provider)
            job.variables.update(dict.fromkeys(needs[provider].variables if provider in needs else ()))
            job.groups.update({group: None} if group else {})
    return [KeyJob(job.keys, tuple(job.providers), tuple(job.variables), tuple(job.groups))
            for _, job in sorted(jobs.items())]  # fmt: skip


def keys_of(jobs: Iterable[KeyJob]) -> tuple[str, ...]:
    """The keys that jobs need, each once."""
    return tuple(dict.fromkeys(key for job in jobs for key in job.keys))


@dataclass(frozen=True, slots=True)
class _Need:
    """The key that a provider is asked with, and the variables of its address and headers."""

    key: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Job:
    """A `KeyJob` that grows; of the dictionaries the order of the keys counts."""

    keys: tuple[str, ...]
    providers: list[str] = field(default_factory=list)
    variables: dict[str, None] = field(default_factory=dict)
    groups: dict[str, None] = field(default_factory=dict)


def _need(provider: str, body: Mapping[str, Any]) -> _Need | None:
    source = next((each for each in map(find, precedence(provider, body)) if each and _has_key(each)), None)
    if source is None or not _PLAIN_ID.fullmatch(provider):
        return None
    address = str((body.get("api") or {}).get("base_url") or source.base_url)
    of_address = tuple(names[0] for names in parts_in(address) if names[0] in ADDRESS_VARIABLES)
    return _Need(source.key_variables[0], (*of_address, *source.header_variables.values()))


def _has_key(source: Source) -> bool:
    usable = bool(source.key_variables) and _SECRET.fullmatch(source.key_variables[0]) is not None
    return usable and source.key != "none" and not source.local
