"""Rewrites whole files without changing their data, for `fmt` and `validate --fix`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry_cli.commands.edit.session import Rewritten
from registry_cli.commands.validate.folders import display_path, files_by_folder, hold_folder, read_folder
from registry_cli.errors import FileError, UsageError
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.locate import CatalogFile
from registry_cli.store.files.transaction import FileChange, write_files
from registry_cli.yamledit.document import decode_utf8
from registry_cli.yamledit.ops import OperationError

Rewrite = Callable[[str, str], str]  # the text of a file, its stem -> the new text


@dataclass(frozen=True, slots=True)
class Rewrites:
    """The files that changed (or would, in a dry run), the refused ones with the reason, and the number of all."""

    files: tuple[Rewritten, ...]
    refused: tuple[FileError, ...]
    looked_at: int


def rewrite_files(
    paths: Sequence[Path],
    change: Rewrite,
    *,
    catalog: Path | None,
    dry_run: bool,
    cwd: Path,
    environ: Mapping[str, str],
) -> Rewrites:
    """Rewrite files and directories, or the catalog if no path is given; of each directory all files or none.

    Raises `UsageError` for a path that does not exist, `LockedError`, and `FileError` if a file cannot be written.
    """
    files: list[Rewritten] = []
    refused: list[FileError] = []
    looked_at = 0
    for folder, wanted in files_by_folder(paths, catalog, cwd, environ).items():
        if not dry_run and not paths and folder == bundled_data() / "config" / "models" and not _is_ours(folder, cwd):
            raise UsageError("the catalog that came with llmreg is read-only: name another with --catalog")
        with hold_folder(folder, dry_run=dry_run):
            found, faults = read_folder(folder, wanted or ())
            refused += (fault for fault in faults if wanted is None or Path(fault.path) in wanted)
            chosen = [file for file in found if wanted is None or Path(file.shown) in wanted]
            looked_at += len(chosen)
            changed = list(_rewrite_each(chosen, change, cwd, refused))
            if not dry_run:
                write_files(folder, [FileChange(file.path, file.old, file.new) for file in changed])
            files += changed
    return Rewrites(tuple(files), tuple(refused), looked_at)


def _rewrite_each(
    files: Sequence[CatalogFile], change: Rewrite, cwd: Path, refused: list[FileError]
) -> Iterator[Rewritten]:
    for file in files:
        path = Path(file.shown)
        try:
            new = change(decode_utf8(file.data), file.stem).encode()
        except OperationError as error:
            refused.append(FileError(display_path(path, cwd), str(error)))
        except FileError as fault:
            fault.path = display_path(path, cwd)
            refused.append(fault)
        else:
            if new != file.data:
                yield Rewritten(display_path(path, cwd), file.stem, path, file.data, new)


def _is_ours(folder: Path, cwd: Path) -> bool:
    """Return whether the bundled catalog lies above the working directory, as in a checkout of llmreg."""
    return cwd == folder or folder.parent.parent in (cwd, *cwd.parents)
