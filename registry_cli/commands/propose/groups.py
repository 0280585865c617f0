"""What shares a branch of a sync, and what became of the branches."""

from dataclasses import dataclass

from registry_cli.commands.propose.branch_names import USUAL_FOLDER, branch_of
from registry_cli.commands.sync.run import Synced
from registry_cli.core.proposals.outcomes import Outcome
from registry_cli.errors import GitError

MOST_NEW = 10  # pull requests that one run opens; the others wait for the next


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
    """What shares one branch; `folder` is the catalog's below the top of its repository, `base` the branch to merge
    into where that is not the default one."""

    name: str
    providers: tuple[str, ...]
    folder: str = USUAL_FOLDER
    base: str = ""

    @property
    def branch(self) -> str:
        return branch_of(self.name, self.folder, self.base)
