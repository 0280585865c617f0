"""Catalogs to break: what lies on the disk before a change, the change, and what must lie there after."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_cli.store.files.transaction import Change, write_files, writing

BEFORE = {
    "models/acme.yml": b"provider: acme\n",
    "models/borealis.yml": b"provider: borealis\n# of a person\n" * 400,
    "models/cirrus.yml": b"provider: cirrus\n",
}
EDITED = b"provider: borealis\nname: Borealis\n" * 500


@dataclass(frozen=True)
class Scenario:
    """`after` by path; None deletes. `linked`: a name that is a link to another file of the catalog."""

    after: Mapping[str, bytes | None]
    linked: Mapping[str, str]

    def build(self, folder: Path) -> Path:
        """The catalog as it is before, under `folder`; gives its root."""
        for path, content in BEFORE.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        for path, target in self.linked.items():
            (folder / path).symlink_to(target)
        return folder / "models"

    def write(self, root: Path) -> None:
        changes = [
            Change(root.parent / path, BEFORE.get(self._real(path)), content) for path, content in self.after.items()
        ]
        with writing(root):
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


def files_under(folder: Path) -> dict[str, bytes]:
    """Every regular file, hidden ones included; links are not files."""
    paths = (Path(parent) / name for parent, _, names in os.walk(folder) for name in names)
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if not path.is_symlink()}


def visible(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if not Path(path).name.startswith(".")}
