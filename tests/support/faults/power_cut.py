"""A model of a power cut: of the calls made so far, only what was synced is sure to be on the disk.

Names and contents are kept apart, as file systems do. A content is sure once its file was synced, else it is lost. A
change of names is sure once its folder was synced; before, it may have reached the disk or not, whatever came of the
others.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.faults.system_calls import Call, disk


@dataclass(frozen=True)
class Survivors:
    """What a power cut left: contents by path, and folders. Both relative."""

    contents: dict[str, bytes]
    folders: set[str]

    def build(self, folder: Path) -> None:
        for name in ("", *sorted(self.folders)):
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, content in self.contents.items():
            (folder / name).write_bytes(content)


@dataclass
class _Disk:
    """Names point to numbers of contents; operations on names wait, in order, until their folder is synced."""

    names: dict[str, int]
    folders: set[str]
    contents: dict[int, bytes] = field(default_factory=dict)
    waiting: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def survivors(self) -> Iterator[Survivors]:
        """After a cut now: every waiting operation lost, none lost, each alone lost, each alone kept."""
        count = len(self.waiting)
        kept = {frozenset(), frozenset(range(count))}
        for number in range(count):
            kept |= {frozenset({number}), frozenset(range(count)) - {number}}
        for chosen in sorted(kept, key=sorted):
            names, folders = dict(self.names), set(self.folders)
            for number in sorted(chosen):
                _do(self.waiting[number][1], names, folders)
            contents = {name: self.contents[content] for name, content in names.items() if folder_of(name) in folders}
            yield Survivors(contents, folders)

    def sync(self, folder: str) -> None:
        for _, operation in (entry for entry in self.waiting if entry[0] == folder):
            _do(operation, self.names, self.folders)
        self.waiting = [entry for entry in self.waiting if entry[0] != folder]


def folder_of(name: str) -> str:
    return name.rpartition("/")[0]


def _do(operation: tuple[Any, ...], names: dict[str, int], folders: set[str]) -> None:
    match operation:
        case ("create", name, content):
            names[name] = content
        case ("rename", source, target, content):
            names.pop(source, None)
            names[target] = content
        case ("unlink", name):
            names.pop(name, None)
        case ("mkdir", name):
            folders.add(name)


def cuts(folder: Path, action: Callable[[], object]) -> Iterator[tuple[bool, Survivors]]:
    """Every state that a power cut may leave while `action` changes files under `folder`, whose files are all synced.

    Gives (whether the action had returned, the state). Links are left out: their targets are files like any other.
    """
    recorder = _Recorder(folder)
    with disk(recorder.watch):
        action()
    for survivors in recorder.states:
        yield False, survivors
    for survivors in recorder.disk.survivors():
        yield True, survivors


class _Recorder:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        paths = [Path(parent) / name for parent, _, names in os.walk(folder) for name in names]
        self.live = [path.read_bytes() for path in paths if not path.is_symlink()]  # by number of the content
        self.names = {self.name(path): number for number, path in enumerate(p for p in paths if not p.is_symlink())}
        folders = {self.name(parent) for parent, _, _ in os.walk(folder)}
        self.disk = _Disk(dict(self.names), folders, dict(enumerate(self.live)))
        self.open: dict[int, str | int] = {}  # a folder's name or a content's number by descriptor
        self.states: list[Survivors] = []

    def name(self, path: Path | str) -> str:
        name = os.path.relpath(path, self.folder)
        return "" if name == "." else name

    def watch(self, number: int, call: Call, do: Callable[[], Any]) -> Any:
        result = do()
        getattr(self, f"_{call[0]}", lambda *_: None)(result, *call[1])
        self.states += (state for state in self.disk.survivors() if state not in self.states)
        return result

    def _open(self, descriptor: int, path: Path | str, flags: int, mode: int = 0) -> None:
        name = self.name(path)
        if flags & os.O_CREAT:
            self.names[name] = len(self.live)
            self.live.append(b"")
            self.disk.contents[self.names[name]] = b""
            self._change(name, "create", name, self.names[name])
        self.open[descriptor] = self.names.get(name, name)

    def _write(self, count: int, descriptor: int, data: memoryview) -> None:
        self.live[self.open[descriptor]] += bytes(data)[:count]

    def _fsync(self, result: None, descriptor: int) -> None:
        opened = self.open[descriptor]
        if isinstance(opened, int):
            self.disk.contents[opened] = self.live[opened]
        else:
            self.disk.sync(opened)

    def _close(self, result: None, descriptor: int) -> None:
        self.open.pop(descriptor)

    def _replace(self, result: None, source: Path, target: Path) -> None:
        content = self.names.pop(self.name(source))
        self.names[self.name(target)] = content
        self._change(self.name(target), "rename", self.name(source), self.name(target), content)

    def _unlink(self, result: None, path: Path) -> None:
        self.names.pop(self.name(path))
        self._change(self.name(path), "unlink", self.name(path))

    def _mkdir(self, result: None, path: Path, mode: int = 0) -> None:
        self._change(self.name(path), "mkdir", self.name(path))

    def _change(self, name: str, *operation: Any) -> None:
        self.disk.waiting.append((folder_of(name), operation))
