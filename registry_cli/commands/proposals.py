"""What pull requests are wanted, and what became of them."""

from dataclasses import dataclass

from registry_cli.commands.sync import Synced
from registry_cli.core.outcomes import Outcome
from registry_cli.core.settings import SyncSettings
from registry_cli.errors import GitError

BRANCHES = "llmreg/sync-"
MOST_NEW = 10  # pull requests that one run opens; the others wait for the next


@dataclass(frozen=True, slots=True)
class Wish:
    """How pull requests are to be opened, where it is not as the settings say."""

    base: str | None = None
    draft: bool = False
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()

    def with_settings(self, said: SyncSettings) -> "Wish":
        return Wish(
            self.base or said.base,
            self.draft or said.draft,
            self.labels or said.labels,
            self.assignees or said.assignees,
            self.reviewers or said.reviewers,
        )


@dataclass(frozen=True, slots=True)
class Proposed:
    """`synced` is the plan against the base branch; what was written of it is in the outcomes' branches."""

    synced: Synced
    outcomes: tuple[Outcome, ...]
    base: str

    def exit_code(self, *, fail_on_held: bool) -> int:
        if any(outcome.action == "failed" for outcome in self.outcomes):
            return GitError.exit_code
        code = self.synced.exit_code(check=False)
        return 0 if code == 3 and not fail_on_held else code  # noqa: PLR2004  # held (`Synced.exit_code`)


@dataclass(frozen=True, slots=True)
class Unit:
    """What shares one branch."""

    name: str
    providers: tuple[str, ...]

    @property
    def branch(self) -> str:
        return f"{BRANCHES}{self.name}"
