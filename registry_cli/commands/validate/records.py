"""Checks the source records beside a catalog. A record without findings is kept in the cache by its content."""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from registry_cli import clock
from registry_cli.core.checks.report import Mark
from registry_cli.core.checks.rules import record
from registry_cli.errors import FileError
from registry_cli.store.cache.blobs import read_memo, write_memo
from registry_cli.store.cache.directory import CacheKind, find_cache_file
from registry_cli.store.cache.fingerprint import code_stamp
from registry_cli.store.files.durable import check_no_link, read_whole
from registry_cli.store.files.names import RECORDS, records_folder
from registry_cli.yamledit.escapes import one_line

_SUFFIX = ".jsonl"


def is_record(path: Path) -> bool:
    """Return whether a path is that of a source record."""
    return path.suffix == _SUFFIX and path.parent.name == RECORDS


def record_paths(folder: Path) -> list[Path]:
    """Return the paths of the source records of a directory of provider files."""
    return sorted(records_folder(folder).glob(f"*{_SUFFIX}"))


def examine_records(
    paths: list[Path], unfinished: Mapping[Path, Path | None], environ: Mapping[str, str] | None, on: str
) -> Iterator[tuple[Path, Mark]]:
    """Yield the findings of source records, each with its path.

    Times are judged from the end of the ISO day `on`, or from now if that is later. With an environment the cache is
    used. `unfinished` maps records to the files with their new contents (`recovery.new_contents`).
    """
    if not paths:
        return
    try:
        check_no_link(paths[0].parents[1], Path(RECORDS, paths[0].name))
    except FileError as fault:
        yield Path(fault.path), Mark("file-link", 1, 1, fault.message, ())
        return
    memo = find_cache_file(environ, CacheKind.RECORDS, str(paths[0].parent.resolve())) if environ is not None else None
    key = code_stamp() if memo else ""
    now = max(f"{on}T23:59:59Z", clock.current_time().strftime("%Y-%m-%dT%H:%M:%SZ"))
    known = read_memo(memo, key).get("sound", {})
    sound = {}  # digest of the content -> the latest time in it
    for path in paths:
        source = unfinished.get(path.resolve(), path) if unfinished else path
        try:
            data = (source and read_whole(source)) or b""
        except FileError as fault:
            yield path, _mark_line(1, fault.message)
            continue
        digest = hashlib.sha256(data).hexdigest()
        if digest in known and known[digest] <= now:
            sound[digest] = known[digest]
            continue
        newest, marks = _examine_record(data, now)
        if not marks:
            sound[digest] = newest
        for mark in marks:
            yield path, mark
    if not sound.items() <= known.items():
        write_memo(memo, key, {"sound": sound})


def _examine_record(data: bytes, now: str) -> tuple[str, list[Mark]]:
    """Return the latest time in a record, and its findings."""
    from registry_cli.core.statements.record_faults import record_faults  # noqa: PLC0415  # not for records in the cache
    from registry_cli.core.statements.record_times import newest_moment  # noqa: PLC0415

    try:
        text = data.decode()
    except UnicodeDecodeError as fault:
        return "", [_mark_line(data.count(b"\n", 0, fault.start) + 1, "not UTF-8; restore it from git")]
    return newest_moment(text), [_mark_line(line, message, code) for line, code, message in record_faults(text, now)]


def _mark_line(line: int, message: str, code: str = record.RULE.code) -> Mark:
    return Mark(code, line, 1, one_line(message), ())
