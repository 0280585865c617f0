"""The options of pull requests, and their results."""

from dataclasses import dataclass
from urllib.parse import quote, unquote

from registry_cli.commands.sync.run import Synced
from registry_cli.core.catalog.settings import SyncSettings
from registry_cli.core.proposals.outcomes import Outcome
from registry_cli.errors import GitError

_BRANCHES = "llmreg/"
USUAL_FOLDER = "config/models"  # of a catalog in its repository
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
    """What shares one branch; `folder` is the catalog's below the top of its repository, `base` the branch to merge
    into where that is not the default one."""

    name: str
    providers: tuple[str, ...]
    folder: str = USUAL_FOLDER
    base: str = ""

    @property
    def branch(self) -> str:
        return branch_of(self.name, self.folder, self.base)


def branches_of(base: str) -> str:
    """What the names of the branches begin with that are to be merged into a base branch, empty for the default one."""
    return f"{_BRANCHES}{base}/sync-" if base else f"{_BRANCHES}sync-"


def branch_of(name: str, folder: str, base: str = "") -> str:
    """The branch of a provider or group: no two catalogs of a repository share one, whatever they are called, and no
    two base branches."""
    place = "" if folder == USUAL_FOLDER else f"@{quote(folder, safe='').replace('%2F', '+').replace('~', '%7E')}"
    text = f"{name}{place}".replace("..", ".%2E")  # git takes neither two dots nor these ends
    cut = len(text) - next((len(end) for end in (".lock", ".") if text.endswith(end)), 0)
    return f"{branches_of(base)}{text[:cut]}{text[cut:].replace('.', '%2E')}"


def name_of(branch: str, folder: str, base: str = "") -> str | None:
    """The provider or group whose branch it is, None for a branch of another catalog or base, or of no sync."""
    name = unquote(branch.removeprefix(branches_of(base)).partition("@")[0])
    return name if branch == branch_of(name, folder, base) else None
