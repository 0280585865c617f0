"""The settings of a catalog, `config/llmreg.yml`: what a person said once instead of at every command."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
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
    """`prices` is what list prices are multiplied by, by `provider` or `provider/model`."""

    sync: SyncSettings = field(default_factory=SyncSettings)
    commit: CommitSettings = field(default_factory=CommitSettings)
    validate: ValidateSettings = field(default_factory=ValidateSettings)
    prices: Mapping[str, Decimal] = field(default_factory=dict)


def settings_of(value: Mapping[str, Any]) -> Settings:
    """The settings that a right file states, or that `facts_of_settings` turned into JSON."""
    sync, commit, validate = ({**(value.get(name) or {})} for name in ("sync", "commit", "validate"))
    for name in ("labels", "assignees", "reviewers"):
        sync[name] = tuple(sync.get(name) or ())
    sync["groups"] = {name: tuple(members) for name, members in (sync.get("groups") or {}).items()}
    validate["ignore"] = tuple(validate.get("ignore") or ())
    prices = {name: Decimal(price["multiply"]) for name, price in (value.get("prices") or {}).items()}
    return Settings(SyncSettings(**sync), CommitSettings(**commit), ValidateSettings(**validate), prices)


def facts_of_settings(settings: Settings) -> dict[str, Any]:
    """Settings as a file would state them, for JSON: exact numbers are texts."""
    prices = {name: {"multiply": str(multiply)} for name, multiply in settings.prices.items()}
    return {**asdict(settings), "prices": prices}


def resolve_groups(groups: Mapping[str, Collection[str]], providers: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The providers of each group, a pattern standing for those of `providers` that match it; each is in the first
    group only that names or matches it."""
    taken: set[str] = set()
    found = {}
    for name, members in groups.items():
        here = dict.fromkeys(
            each for member in members for each in _match_providers(member, providers) if each not in taken
        )
        taken.update(here)
        found[name] = tuple(here)
    return found


def _match_providers(member: str, providers: Collection[str]) -> Collection[str]:
    is_pattern = any(letter in member for letter in "*?[")
    return sorted(each for each in providers if fnmatchcase(each, member)) if is_pattern else (member,)
