"""Names of the branches that llmreg pushes: one for each provider or group that is synced, and one for each edit.

No two catalogs of a repository share a branch, and no two base branches.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from registry_cli.core.text.exact_json import dumps

_BRANCHES = "llmreg/"
USUAL_FOLDER = "config/models"  # of a catalog in its repository
SYNC_KIND = "sync"
_LONGEST = 80  # characters of an edit's name that people read
_DIGITS = 10  # of its digest


def branches_of(base: str, kind: str = SYNC_KIND) -> str:
    """What the names of the branches of a kind begin with that are to be merged into a base branch, empty for the
    default one. Kinds are `sync` and the commands that edit."""
    return f"{_BRANCHES}{base}/{kind}-" if base else f"{_BRANCHES}{kind}-"


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


@dataclass(frozen=True, slots=True)
class EditIdentity:
    """What makes two edits the same one: the command, its target, and what it is about, such as the fields.

    The values that fields are set to are no part of it, so that another value updates the same pull request. `inputs`
    are the files that an import reads, which count and are not shown.
    """

    command: str
    target: str = ""
    about: Sequence[str] = ()
    inputs: Sequence[str] = ()

    def name_in(self, folder: str) -> str:
        """The name of the edit in the catalog in this folder of its repository: what people read, and a digest of
        everything. It may be a part of any branch name."""
        about = sorted(set(self.about))
        everything = [self.command, self.target, about, self.inputs, folder]
        digest = hashlib.sha256(dumps(everything).encode()).hexdigest()[:_DIGITS]
        words = _plain_words(" ".join((self.target, *about)))[:_LONGEST].strip("-.")
        return "-".join(filter(None, (self.command, words, digest)))


def _plain_words(text: str) -> str:
    return re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9._]+", "-", text)).strip("-.")


def edit_branch_of(name: str, command: str, base: str) -> str:
    """The branch of an edit by its name, which begins with the command."""
    return f"{branches_of(base, command)}{name.removeprefix(f'{command}-')}"
