"""The settings of a catalog, `config/llmreg.yml`: what a person said once instead of at every command."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """`pull_request` is None where nobody said. `groups` are providers by the name of their common branch."""

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
