"""Files that a sync wrote, with the times of an unmerged branch where its facts are the same."""

from collections.abc import Collection, Iterator
from pathlib import Path

from registry_cli.core.edits.difference import find_operations
from registry_cli.core.format.layout import is_on_one_line, needs_blank_line
from registry_cli.core.proposals.restamp import keep_checks, keep_times
from registry_cli.core.statements.record import format_record, parse_record
from registry_cli.errors import FileError
from registry_cli.store.files.durable import read_whole
from registry_cli.store.files.names import SUFFIXES
from registry_cli.store.git.repository import Repository
from registry_cli.yamledit.apply import apply
from registry_cli.yamledit.document import decode_utf8, load_value


def keep_timestamps(tree: Repository, folders: Collection[Path], tip: str, today: Collection[str]) -> None:
    """Of what differs from HEAD in these folders of the work tree, takes the times of `today` from the commit `tip`.

    What that commit has in a shape that cannot be read stays as it is now.
    """
    tree.stage_folders(folders)
    for path in changed_paths(tree):
        before = tree.file_content(tip, path)
        if before is None:
            continue
        file = tree.top / path
        try:
            text = _restamp_text(file, decode_utf8(read_whole(file) or b""), decode_utf8(before), today)
        except FileError:
            continue
        file.write_bytes(text.encode())


def changed_paths(tree: Repository) -> Iterator[Path]:
    """The files, below the top, that the index has new or otherwise than HEAD."""
    listed = tree.git_text("diff-index", "--cached", "--name-only", "--no-renames", "--diff-filter=AM", "-z", "HEAD")
    return (Path(name) for name in listed.split("\0") if name)


def _restamp_text(file: Path, text: str, before: str, today: Collection[str]) -> str:
    if file.suffix not in SUFFIXES:
        return format_record(keep_checks(parse_record(before, file.name), parse_record(text, file.name), today))
    value, earlier = load_value(text), load_value(before)
    if not isinstance(value, dict) or not isinstance(earlier, dict):
        return text
    wanted = keep_times(earlier, value, today)
    return apply(text, list(find_operations(value, wanted, {})), flow=is_on_one_line, parted=needs_blank_line)
