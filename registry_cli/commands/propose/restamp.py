"""Files that a sync wrote, with the times of an unmerged branch where its facts are the same."""

from collections.abc import Collection, Iterator
from pathlib import Path

from registry_cli.core.catalog.layout import on_one_line, parted
from registry_cli.core.edits.difference import operations
from registry_cli.core.proposals.restamp import with_checks_of, with_times_of
from registry_cli.core.statements.record import emit, parse
from registry_cli.errors import FileError
from registry_cli.store.catalog.locate import SUFFIXES
from registry_cli.store.files.durable import read_whole
from registry_cli.store.git.repository import Repository
from registry_cli.yamledit.apply import apply
from registry_cli.yamledit.document import decode, load


def restamp(tree: Repository, folders: Collection[Path], tip: str, today: Collection[str]) -> None:
    """Of what differs from HEAD in these folders of the work tree, takes the times of `today` from the commit `tip`.

    What that commit has in a shape that cannot be read stays as it is now.
    """
    tree.stage(folders)
    for path in _changed(tree):
        before = tree.content(tip, path)
        if before is None:
            continue
        file = tree.top / path
        try:
            text = _restamped(file, decode(read_whole(file) or b""), decode(before), today)
        except FileError:
            continue
        file.write_bytes(text.encode())


def _changed(tree: Repository) -> Iterator[Path]:
    listed = tree.run("diff-index", "--cached", "--name-only", "--no-renames", "--diff-filter=AM", "-z", "HEAD")
    return (Path(name) for name in listed.split("\0") if name)


def _restamped(file: Path, text: str, before: str, today: Collection[str]) -> str:
    if file.suffix not in SUFFIXES:
        return emit(with_checks_of(parse(before, file.name), parse(text, file.name), today))
    value, earlier = load(text), load(before)
    if not isinstance(value, dict) or not isinstance(earlier, dict):
        return text
    wanted = with_times_of(earlier, value, today)
    return apply(text, list(operations(value, wanted, {})), flow=on_one_line, parted=parted)
