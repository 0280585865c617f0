"""The pairs of host and variable that the user trusts, in a file of the user's configuration directory.

They are never in a catalog: a change of a catalog must not decide where keys are sent.
"""

import os
import stat
from collections.abc import Collection, Mapping
from pathlib import Path

from registry_cli.core.trust.decision import UserTrust, parse_pair, parse_pairs
from registry_cli.core.trust.known import Pair
from registry_cli.errors import FileError, UsageError
from registry_cli.store.files.durable import make_folder, os_errors_as_faults, replace_file
from registry_cli.store.files.lock import Lock
from registry_cli.store.files.user_directories import config_directory

VARIABLE = "LLMREG_TRUST"
BY_COMMAND = "llmreg trust"  # where a pair of the file comes from
_NAME = "trusted-pairs"
_HEADER = "# HOST=NAME: hosts that llmreg may send a variable's value to. Written by `llmreg trust`.\n"
_LARGEST = 1 << 20  # bytes


def trusted_pairs_path(environ: Mapping[str, str]) -> Path | None:
    """Return the path of the file, which may not exist yet; None where the user has no home directory."""
    config = config_directory(environ)
    return config and config / _NAME


def read_trusted_pairs(environ: Mapping[str, str]) -> list[Pair]:
    """Return the pairs in the file, none where there is no file. Raises `FileError` that names the line."""
    path = trusted_pairs_path(environ)
    if path is None:
        return []
    pairs = []
    for number, line in enumerate(_read_text(path).splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            try:
                pairs.append(parse_pair(line))
            except ValueError as fault:
                raise FileError(str(path), str(fault), number) from None
    return pairs


def read_user_trust(environ: Mapping[str, str]) -> UserTrust:
    """Return the pairs that the user trusts, each with where it is stated. Raises `UsageError`, `FileError`."""
    trust = dict.fromkeys(read_trusted_pairs(environ), BY_COMMAND)
    try:
        return {**dict.fromkeys(parse_pairs(environ.get(VARIABLE) or ""), VARIABLE), **trust}
    except ValueError as fault:
        raise UsageError(f"{VARIABLE}: {fault}") from None


def change_trusted_pairs(
    environ: Mapping[str, str], *, add: Collection[Pair] = (), remove: Collection[Pair] = ()
) -> list[Pair]:
    """Add and remove pairs, durably, in a file that the user alone may read; return the pairs that it then has.

    Raises `UsageError` where the user has no configuration directory, `FileError`, `LockedError`.
    """
    path = trusted_pairs_path(environ)
    if path is None:
        raise UsageError("no configuration directory: you have no home directory; set XDG_CONFIG_HOME")
    make_folder(path.parent)
    with Lock(path.parent):
        pairs = sorted({*read_trusted_pairs(environ), *add}.difference(remove))
        text = _HEADER + "".join(f"{pair}\n" for pair in pairs)
        replace_file(Path(os.path.realpath(path)), text.encode(), 0o600)
    return pairs


def _read_text(path: Path) -> str:
    """Return the text of the file; empty where there is none, or where the user may not read it.

    The file may be a link, because users link their dotfiles.
    """
    with os_errors_as_faults(path):
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            return ""
        with open(descriptor, "rb") as file:  # noqa: PTH123  # of a descriptor
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FileError(str(path), "not a regular file")
            data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise FileError(str(path), "larger than 1 MiB")
    return data.decode(errors="replace")
