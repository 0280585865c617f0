"""One model on its way through the plan of its provider."""

from dataclasses import dataclass, field, replace

from registry_cli.core.merging.upstream import Upstream
from registry_cli.core.statements.record import Line
from registry_cli.core.sync.entry import NewEntry
from registry_cli.core.sync.retiring import Retirement
from registry_cli.core.sync.threeway import Verdict


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """`verdict` is for a model that the file has, `entry` for a new one. `retirement` is sync's own, which the file
    still has."""

    line: Line
    upstream: Upstream
    verdict: Verdict | None = None
    entry: NewEntry | None = None
    retirement: Retirement = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.line.id

    def changes(self, of: str = "") -> bool:
        """Whether a model of the file changes, in a field where one is named."""
        return any(of in ("", item.field) for item in (self.verdict.changes if self.verdict else ()))


def leave_out(verdict: Verdict, of: str, reason: str) -> Verdict:
    """The verdict without a change that leads nowhere until what it names is there; the others do not hang on it."""
    left = [replace(item, status="unmatched", reason=reason) for item in verdict.changes if item.field == of]
    changes = tuple(item for item in verdict.changes if item.field != of)
    return replace(verdict, changes=changes, items=(*verdict.items, *left))
