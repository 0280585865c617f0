"""What a plan is made of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.flattening import is_within
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.statements.facts import Canonical, Field
from registry_cli.core.statements.record import Record

Status = Literal["address", "applied", "held", "conflict", "listed", "kept", "new", "missing", "retired", "unmatched"]
BARE = "without limits or prices"  # the reason of a new model of which the provider states neither
OPEN = frozenset({"held", "conflict", "listed"})
EDITED, DELETED = "edited in the file", "deleted in the file"  # the reasons of what is kept because a person wrote it


@dataclass(frozen=True, slots=True)
class Item:
    """One field of one model, or a whole model where `field` is empty; `ABSENT` where a side states nothing.

    address    a provider's `api` is new or another: where requests and keys go
    applied    upstream's change is made
    held       it waits for a person: the policy or a rule wants one
    conflict   a person and upstream changed the field differently; the person's value stays
    listed     upstream differs, and it is not known which is newer; the file's value stays
    kept       a person's value, upstream being as it was
    new        a model that is added; the reason is `BARE` where neither its limits nor its prices are known
    missing    a model that its source lists no more
    retired    such a model, now retired (`--retire-missing`)
    unmatched  a model of a source that is in no file, and why it is not added
    """

    model: str
    field: str
    status: Status
    old: Any = ABSENT
    new: Any = ABSENT
    source: str = ""
    reason: str = ""


def target_of(item: Item) -> str:
    """How a decision about it names it: `acme/large#context_window`, `acme/large`, `acme#models`, `acme`."""
    has_field = item.field and ("/" in item.model or item.field == "models")
    return str(FieldRef(item.model, item.field if has_field else None))


def is_edit(item: Item) -> bool:
    """Whether a person's edit, or deletion, is what stays."""
    return item.status == "kept" and item.reason in (EDITED, DELETED)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decided: `acme/large#context_window` about this field, `acme/large`, `acme` or `all` about what is
    open there."""

    accept: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()

    def accepts_over_edit(self, model: str, field: Field = "") -> bool:
        """Whether upstream's value is accepted even where a person edited the field: the field itself is named, or
        for a deleted model the model."""
        return _is_field_named(self.accept, model, field) if field else model in self.accept

    def accepts(self, model: str, field: Field = "") -> bool:
        return _is_named(self.accept, model, field)

    def keeps(self, model: str, field: Field = "") -> bool:
        return _is_named(self.keep, model, field)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncFlags:
    """What a sync does and leaves, as the options of the same names say."""

    new_only: bool = False
    update_only: bool = False
    include_private: bool = False
    retire_missing: bool = False
    confirm: bool = False

    def as_arguments(self) -> dict[str, bool]:
        """The flags alone, by their names."""
        return {flag.name: getattr(self, flag.name) for flag in fields(SyncFlags)}


@dataclass(frozen=True, slots=True)
class Wishes(SyncFlags):
    """How a sync is to go about it. `stamp` is the time of writing, `day` the ISO day to judge dates by."""

    stamp: str
    day: str
    decisions: Decisions = Decisions()


@dataclass(frozen=True, slots=True)
class RuleViolation:
    """An error that the rules or the schema find in a provider's value: where, and what is wrong."""

    model: str | None
    field: Field
    message: str


@dataclass(frozen=True, slots=True)
class Means:
    """What a plan is made with: the vocabulary's names, the judge of a provider's value, the identity of a model of
    the provider by its id and the one it has (see `core.names.identity`), and the modality (a direction and a kind)
    that a capability implies."""

    canonical: Canonical
    problems: Callable[[Mapping[str, Any]], Sequence[RuleViolation]]
    identify: Callable[[str, str | None], str | None] = lambda _id, _written: None
    modality_of: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProviderPlan:
    """One provider: its value as it should be, without new stamps of existing models, its record, and why."""

    provider: str
    value: Mapping[str, Any]
    record: Record
    items: tuple[Item, ...] = ()
    answered: bool = True

    def items_with(self, *statuses: Status) -> list[Item]:
        return [item for item in self.items if item.status in statuses]


def _is_named(targets: frozenset[str], model: str, field: Field) -> bool:
    if not targets:
        return False
    if "all" in targets or model in targets or model.partition("/")[0] in targets:
        return True
    return _is_field_named(targets, model, field)


def _is_field_named(targets: frozenset[str], model: str, field: Field) -> bool:
    addresses = map(FieldRef.parse, targets)
    return any(owner == model and named is not None and is_within(field, named) for owner, named in addresses)
