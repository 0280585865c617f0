"""The largest sizes of files: what readers refuse, no write makes."""

from pathlib import Path

from registry_cli.errors import FileError

MAX_FILE_SIZE = 10_000_000  # bytes of a provider file
MAX_RECORD_SIZE = 50_000_000  # bytes of any other file: a record keeps what each of several sources stated
RECORD_SUFFIX = ".jsonl"


def check_size(path: Path, content: bytes) -> None:
    """Raise `FileError` for a content that readers would refuse."""
    is_record = path.suffix == RECORD_SUFFIX
    kind, most = ("record", MAX_RECORD_SIZE) if is_record else ("provider file", MAX_FILE_SIZE)
    if len(content) > most:
        size = f"{len(content) / 1e6:.1f} MB"
        raise FileError(str(path), f"would have {size}; a {kind} has at most {most / 1e6:.0f} MB; nothing was written")
