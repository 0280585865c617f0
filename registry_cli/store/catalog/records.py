"""The source records of a catalog: `config/upstream/<provider>.jsonl` (see `core.statements.record`)."""

from pathlib import Path

from registry_cli.core.statements.record import Line, Record, format_record, parse_record
from registry_cli.errors import FileError
from registry_cli.store.files.durable import check_no_link, read_whole
from registry_cli.store.files.names import RECORDS, records_folder
from registry_cli.store.files.recovery import new_contents
from registry_cli.store.files.transaction import FileChange


def record_path(root: Path, provider: str) -> Path:
    """Return the path of a provider's source record; `root` is the directory of provider files."""
    return records_folder(root.resolve()) / f"{provider}.jsonl"


def read_record(
    root: Path, provider: str, before: tuple[dict[str, Line], bytes | None] | None = None
) -> tuple[dict[str, Line], bytes | None]:
    """Return the record and the bytes it was read from; empty and None where there is none. Raises `FileError`.

    `before` is the result of an earlier call, which is returned again if the file did not change.
    """
    path = record_path(root, provider)
    check_no_link(path.parents[1], Path(RECORDS, path.name))
    source = new_contents(root).get(path, path)
    data = None if source is None else read_whole(source)
    if before is not None and before[1] == data:
        return before
    try:
        return parse_record((data or b"").decode(), str(path)), data
    except UnicodeDecodeError:
        raise FileError(str(path), "not UTF-8; restore it from git") from None


def record_change(root: Path, provider: str, record: Record, old: bytes | None) -> FileChange | None:
    """Return the change that writes this record; None where the file has it already. An empty record needs no file."""
    new = format_record(record).encode()
    if b"\r\n" in (old or b""):  # as git checks it out on Windows
        new = new.replace(b"\n", b"\r\n")
    if new == (old or b""):
        return None
    return FileChange(record_path(root, provider), old, new)
