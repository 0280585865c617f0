"""One model on its way through the plan of its provider."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from registry_cli.core.matching.items import Item
from registry_cli.core.merging.upstream import Upstream
from registry_cli.core.statements.facts import Fields
from registry_cli.core.statements.record import Line
from registry_cli.core.sync.entry import NewEntry
from registry_cli.core.sync.retiring import Retirement
from registry_cli.core.sync.threeway import Verdict


@dataclass(frozen=True, slots=True)
class ModelEvidence:
    """What the record and the sources that answered tell of one model.

    `old` is its line as recorded before the answers, `line` the same with them. `stated` is what each source that
    answered states. `listed_by` are the sources that list the model in a row that could be read, the highest first;
    `named_by` those that name it in any row. `taken` are the aliases that are another model's.
    """

    old: Line
    line: Line
    stated: Mapping[str, Fields]
    listed_by: Sequence[str]
    named_by: Collection[str]
    taken: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """`verdict` is for a model that the file has, `entry` for a new one. `retirement` is sync's own, which the file
    still has. `taken` are the aliases that are another model's."""

    line: Line
    upstream: Upstream
    verdict: Verdict | None = None
    entry: NewEntry | None = None
    retirement: Retirement = field(default_factory=dict)
    taken: Collection[str] = ()

    @property
    def id(self) -> str:
        return self.line.id

    def changes(self, of: str = "") -> bool:
        """Whether a model of the file changes, in a field where one is named."""
        return any(of in ("", item.field) for item in (self.verdict.changes if self.verdict else ()))

    def item_of(self, field: str) -> Item | None:
        """What becomes of a field of a model that the file has; None where nothing is to be said of it."""
        items = (*self.verdict.changes, *self.verdict.items) if self.verdict else ()
        return next((item for item in items if item.field == field), None)
