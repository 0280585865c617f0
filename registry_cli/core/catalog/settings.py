"""The settings of a catalog, `config/llmreg.yml`: what a person said once instead of at every command."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """`pull_request` is None where nobody said. `groups` are providers, or patterns of their ids, by the name of their
    common branch."""

    pull_request: bool | None = None
    base: str | None = None
    draft: bool = False
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommitSettings:
    """Who commits where git knows nobody."""

    name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class ValidateSettings:
    ignore: tuple[str, ...] = ()
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    sync: SyncSettings = field(default_factory=SyncSettings)
    commit: CommitSettings = field(default_factory=CommitSettings)
    validate: ValidateSettings = field(default_factory=ValidateSettings)


def settings_of(value: Mapping[str, Any]) -> Settings:
    """The settings that a right file states, or that were turned into JSON by `asdict`."""
    sync, commit, validate = ({**(value.get(name) or {})} for name in ("sync", "commit", "validate"))
    for name in ("labels", "assignees", "reviewers"):
        sync[name] = tuple(sync.get(name) or ())
    sync["groups"] = {name: tuple(members) for name, members in (sync.get("groups") or {}).items()}
    validate["ignore"] = tuple(validate.get("ignore") or ())
    return Settings(SyncSettings(**sync), CommitSettings(**commit), ValidateSettings(**validate))


def grouped(groups: Mapping[str, Collection[str]], providers: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The providers of each group, a pattern standing for those of `providers` that match it; each is in the first
    group only that names or matches it."""
    taken: set[str] = set()
    found = {}
    for name, members in groups.items():
        here = dict.fromkeys(each for member in members for each in _named(member, providers) if each not in taken)
        taken.update(here)
        found[name] = tuple(here)
    return found


def _named(member: str, providers: Collection[str]) -> Collection[str]:
    is_pattern = any(letter in member for letter in "*?[")
    return sorted(each for each in providers if fnmatchcase(each, member)) if is_pattern else (member,)
