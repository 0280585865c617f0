"""Catalogs to break: what lies on the disk before a change, the change, and what must lie there after."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_cli.store.files.transaction import FileChange, lock_for_writing, write_files

BEFORE = {
    "models/acme.yml": b"provider: acme\n",
    "models/borealis.yml": b"provider: borealis\n# of a person\n" * 400,
    "models/cirrus.yml": b"provider: cirrus\n",
}
STATE = "state"  # the user's state directory, where a test wants it beside the catalog
EDITED = b"provider: borealis\nname: Borealis\n" * 500


@dataclass(frozen=True)
class Scenario:
    """`after` by path; None deletes. `linked`: a name that is a link to another file of the catalog."""

    after: Mapping[str, bytes | None]
    linked: Mapping[str, str]

    def build(self, folder: Path) -> Path:
        """The catalog as it is before, in a work tree of git's; gives its root."""
        make_git_directory(folder)
        for path, content in BEFORE.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        for path, target in self.linked.items():
            (folder / path).symlink_to(target)
        return folder / "models"

    def write(self, root: Path) -> None:
        changes = [
            FileChange(root.parent / path, BEFORE.get(self._real(path)), content)
            for path, content in self.after.items()
        ]
        with lock_for_writing(root):
            write_files(root, changes)

    def expected(self) -> dict[str, bytes]:
        state = dict(BEFORE)
        for path, content in self.after.items():
            state.pop(self._real(path), None)
            if content is not None:
                state[self._real(path)] = content
        return state

    def _real(self, path: str) -> str:
        return f"models/{self.linked[path]}" if path in self.linked else path


SCENARIOS = {
    "edit one": Scenario({"models/borealis.yml": EDITED}, {}),
    "create one": Scenario({"models/dune.yml": b"provider: dune\n"}, {}),
    "delete one": Scenario({"models/cirrus.yml": None}, {}),
    "through a link": Scenario({"models/north.yml": EDITED}, {"models/north.yml": "borealis.yml"}),
    "several": Scenario(
        {
            "models/acme.yml": b"provider: acme\nname: Acme\n",
            "models/north.yml": EDITED,
            "models/cirrus.yml": None,
            "upstream/acme.jsonl": b"{}\n",
        },
        {"models/north.yml": "borealis.yml"},
    ),
}


def leave_git(folder: Path) -> None:
    """Makes a catalog one that lies in no repository; the user's state directory is beside it from now on."""
    shutil.rmtree(folder / ".git", ignore_errors=True)
    os.environ["XDG_STATE_HOME"] = str(folder / STATE)  # as every test has one of its own


def make_git_directory(folder: Path) -> None:
    """As much of one as llmreg looks for."""
    for name in ("objects", "refs"):
        (folder / ".git" / name).mkdir(parents=True)
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")


def files_under(folder: Path) -> dict[str, bytes]:
    """Every regular file of a catalog, hidden ones included; links are not files."""
    paths = (Path(parent) / name for parent, _, names in os.walk(folder) for name in names)
    found = {path.relative_to(folder): path for path in paths if not path.is_symlink()}
    return {str(name): path.read_bytes() for name, path in found.items() if name.parts[0] not in (".git", STATE)}


def notes_under(folder: Path) -> list[str]:
    """The names of the notes about journals; not the key, and not what a killed run had begun to write."""
    names = (path.name for path in folder.rglob("llmreg/journals/*"))
    return sorted(name for name in names if name != "key" and not name.startswith("."))


def visible(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if not Path(path).name.startswith(".")}
