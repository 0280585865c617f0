"""Finds the catalog and the overlay, and reads the bytes of their files.

Reading is bounded before it starts: only regular files, of at most `MAX_FILE_SIZE` bytes, that lie in the catalog
(a symbolic link may not lead out of it).
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from errno import ELOOP
from pathlib import Path
from typing import NamedTuple

from registry_cli.core.format.layers import stem_of
from registry_cli.errors import FileError, GitError, UsageError, YamlError, describe_os_error
from registry_cli.store.catalog.bundled import BUNDLED_HAS_NO_PAST, bundled_data
from registry_cli.store.files.names import JOURNAL, OWN_FOLDER, SUFFIXES, companion_folder, scan_folder
from registry_cli.store.files.sizes import MAX_FILE_SIZE
from registry_cli.store.files.user_directories import config_directory

SETTINGS_NAME = "llmreg.yml"


class CatalogLocation(NamedTuple):
    """A catalog directory and who chose it: `option`, `environment`, `folder` (found upward) or `bundled`."""

    root: Path
    origin: str


class CatalogFile(NamedTuple):
    """The bytes of one provider file; `shown` is its path as messages name it, `stem` its name without `.yml`.

    The stem of a part has the directory: `openrouter/anthropic`.
    """

    shown: str
    stem: str
    data: bytes
    digest: str

    @property
    def name(self) -> str:
        """The file's path in its catalog."""
        return f"{self.stem}{Path(self.shown).suffix}"


def find_catalog(option: Path | None, *, cwd: Path, environ: Mapping[str, str]) -> CatalogLocation:
    """Return `--catalog`, else `LLMREG_CATALOG`, else the nearest `config/models/` upward, else the bundled one.

    Of a repository that the first two name, its `config/models/` is meant. Raises `UsageError` where one of them is no
    directory. So does a `config/models` found upward that is no directory (a check would pass on the bundled catalog in
    its place), or that is a link to elsewhere, because the user did not name it.
    """
    for chosen, origin in ((option, "option"), (environ.get("LLMREG_CATALOG"), "environment")):
        if chosen:
            root = Path(chosen)
            if not root.is_dir():
                raise UsageError(f"{_NAMES[origin]}{chosen} is not a folder")
            return CatalogLocation(catalog_in(root), origin)
    for folder in (cwd, *cwd.parents):
        root = folder / _USUAL
        if root.is_dir():
            _check_inside(root, folder)
            return CatalogLocation(root, "folder")
        if os.path.lexists(root):
            raise UsageError(f"{root} is not a folder, or a symbolic link to nothing; --catalog names another catalog")
    return CatalogLocation(bundled_data() / _USUAL, "bundled")


def find_catalog_to_read(option: Path | None, *, cwd: Path, environ: Mapping[str, str]) -> CatalogLocation:
    """Return what `find_catalog` returns, for commands that only read: an answer from no file would mean nothing.

    Raises `UsageError` as that does, and as `check_not_empty` does.
    """
    place = find_catalog(option, cwd=cwd, environ=environ)
    check_not_empty(place.root, _NAMES.get(place.origin, ""))
    return place


def check_has_past(place: CatalogLocation) -> None:
    """Raises `GitError` for the bundled catalog: a repository around it is the user's and tells nothing of it."""
    if place.origin == "bundled":
        raise GitError(BUNDLED_HAS_NO_PAST)


_USUAL = Path("config/models")  # of a catalog in its repository
_NAMES = {"option": "--catalog: ", "environment": "LLMREG_CATALOG: "}


def catalog_in(folder: Path) -> Path:
    """Return the catalog directory that is meant by a directory: itself, or the `config/models` of a repository.

    Raises `UsageError` where that is a link to elsewhere.
    """
    root = folder / _USUAL
    if not root.is_dir() or os.path.lexists(folder / OWN_FOLDER):
        return folder
    _check_inside(root, folder)
    return root


def _check_inside(root: Path, folder: Path) -> None:
    if not root.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"{root} is a symbolic link out of {folder}; to use it, name it with --catalog")


def check_not_empty(root: Path, named_by: str = "") -> None:
    """Raises `UsageError` for a directory without provider files, unless settings mark it as a new catalog."""
    try:
        if scan_folder(root).files or os.path.lexists(root / JOURNAL) or os.path.lexists(settings_path(root)):
            return
    except OSError:  # which the reader of the directory reports
        return
    message = f"{named_by}{root} has no provider files (*.yml); name the directory of a catalog, such as config/models"
    raise UsageError(message)


def find_overlay(environ: Mapping[str, str]) -> Path | None:
    """Return the directory of the user's own models: `LLMREG_OVERLAY`, else `llmreg/models` in the configuration.

    None where `LLMREG_OVERLAY` is empty, and where the directory does not exist yet: `add --overlay` creates it.
    Raises `UsageError` where `LLMREG_OVERLAY` names something else than a directory.
    """
    chosen = environ.get("LLMREG_OVERLAY")
    if chosen and Path(chosen).exists() and not Path(chosen).is_dir():
        raise UsageError(f"LLMREG_OVERLAY: {chosen} is not a directory")
    folder = overlay_folder(environ)
    return folder if folder is not None and folder.is_dir() else None


def overlay_folder(environ: Mapping[str, str]) -> Path | None:
    """Return the directory of the user's own models, which may not exist yet.

    None where `LLMREG_OVERLAY` is empty, which means no overlay, and where the user has no home directory.
    """
    chosen = environ.get("LLMREG_OVERLAY")
    if chosen is not None:
        return Path(chosen) if chosen else None
    config = config_directory(environ)
    return config and config / "models"


def require_overlay_folder(environ: Mapping[str, str]) -> Path:
    """Return the directory of the user's own models, for `--overlay`. Raises `UsageError` where there is none."""
    folder = overlay_folder(environ)
    if folder is not None:
        return folder
    if "LLMREG_OVERLAY" in environ:
        raise UsageError("--overlay: LLMREG_OVERLAY is empty, which says that there are no models of your own")
    raise UsageError("--overlay: you have no home directory; set LLMREG_OVERLAY")


def settings_path(root: Path) -> Path:
    """Return the path of the settings of a catalog directory, or of the user's overlay."""
    return companion_folder(root.resolve()) / SETTINGS_NAME


def read_catalog(root: Path) -> tuple[list[CatalogFile], list[FileError]]:
    """Return the provider files of a directory, sorted by name, and an error for each that must not be read."""
    files: list[CatalogFile] = []
    try:
        names, faults = _file_names(root)
    except OSError as error:
        return [], [_unreadable_fault(root, error)]
    faults += _find_case_clashes(root, names)
    real_root, folder = root.resolve(), os.path.join(root, "")  # noqa: PTH118  # texts: a Path a file takes as long as its hash
    unfinished = _unfinished_contents(root)
    for name in sorted({*names, *_names_in(real_root, unfinished)}):
        try:
            if unfinished and (target := Path(os.path.realpath(folder + name))) in unfinished:
                content = unfinished[target]
                files += [_catalog_file(folder + name, name, _read_bytes(str(content)))] if content else []
            else:
                files.append(_read_provider_file(folder + name, name, inside=(real_root / name).parent))
        except FileError as fault:
            faults.append(fault)
    return files, faults


def file_stem(root: Path, path: str) -> str:
    """Return the stem of a provider file, by its path as `CatalogFile.shown` or an error has it."""
    inside = Path(path)
    return stem_of(inside.relative_to(root).as_posix() if inside.is_relative_to(root) else inside.name)


def _names_in(real_root: Path, paths: Iterable[Path]) -> list[str]:
    """The names, in the catalog, of those paths that are provider files."""
    return [
        path.relative_to(real_root).as_posix()
        for path in paths
        if path.name.endswith(SUFFIXES) and real_root in (path.parent, path.parent.parent)
    ]


def _unfinished_contents(root: Path) -> Mapping[Path, Path | None]:
    """Return where the new contents are of a change that this reader may not finish."""
    if not os.path.lexists(root / JOURNAL):
        return {}
    from registry_cli.store.files.recovery import new_contents  # noqa: PLC0415  # seldom needed

    return new_contents(root)


def catalog_fingerprint(root: Path) -> list[tuple[str, str]] | None:
    """Return the name and digest of every provider file, as `read_catalog` has them, without keeping contents.

    None where there is a link, an error or an unfinished change, which need the closer look of `read_catalog`.
    """
    buffer = bytearray(1 << 18)  # one for all files: fresh memory for each costs as much as hashing it
    digests = []
    try:
        names, faults = _file_names(root)
        if faults:
            return None
        for name in names:
            path = os.path.join(root, name)  # noqa: PTH118  # see `read_catalog`
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_FILE_SIZE:
                return None
            if status.st_size >= len(buffer):
                buffer = bytearray(status.st_size + 1)
            with open(path, "rb", buffering=0) as file:  # noqa: PTH123
                size = file.readinto(buffer)
            if size is None or size != status.st_size:
                return None
            digests.append((name, hashlib.sha256(memoryview(buffer)[:size]).hexdigest()))
    except OSError:
        return None
    is_plain = not _find_case_clashes(root, [name for name, _ in digests]) and not os.path.lexists(root / JOURNAL)
    return digests if is_plain else None


def _file_names(root: Path) -> tuple[list[str], list[FileError]]:
    """The names of the provider files, sorted, and an error for each directory that must not be read."""
    found = scan_folder(root)
    message = "a symbolic link; a provider's parts lie in a directory of the catalog"
    faults = [_file_fault(root / name, "file-link", message) for name in found.linked_folders]
    parts: list[str] = []
    for folder in found.part_folders:
        with os.scandir(root / folder) as entries:
            for entry in entries:
                name = f"{folder}/{entry.name}"
                if entry.name[0] == ".":
                    continue
                if entry.is_dir():
                    message = f"a directory; the parts of {folder} lie in {folder}/ itself"
                    faults.append(_file_fault(root / name, "file-kind", message))
                elif entry.name.endswith(SUFFIXES):
                    parts.append(name)
    return sorted([*found.files, *parts]), faults


def read_file(path: Path, *, inside: Path | None = None) -> CatalogFile:
    """Read one provider file. A link that leads out of `inside`, a real path, raises `FileError`, as any error does."""
    return _read_provider_file(str(path), path.name, inside=inside)


def _read_provider_file(path: str, name: str, *, inside: Path | None) -> CatalogFile:
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            if inside is not None and _real_path(Path(path)).parent != inside:
                raise _file_fault(path, "file-link", "a symbolic link that leads out of the catalog")
            status = os.stat(path)  # noqa: PTH116
        if not stat.S_ISREG(status.st_mode):
            raise _file_fault(path, "file-kind", "not a regular file")
        if status.st_size > MAX_FILE_SIZE:
            size = f"{status.st_size / 1e6:,.0f} MB"
            raise _file_fault(path, "file-size", f"{size}; a provider file has at most {MAX_FILE_SIZE / 1e6:.0f} MB")
    except OSError as error:
        raise _unreadable_fault(path, error) from None
    return _catalog_file(path, name, _read_bytes(path))


def _read_bytes(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123  # see `read_catalog`
            return file.read()
    except OSError as error:
        raise _unreadable_fault(path, error) from None


def _catalog_file(path: str, name: str, data: bytes) -> CatalogFile:
    return CatalogFile(path, stem_of(name), data, hashlib.sha256(data).hexdigest())


def _real_path(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except RuntimeError as error:  # a loop of links, before Python 3.13
        raise OSError(ELOOP, os.strerror(ELOOP)) from error


def _find_case_clashes(root: Path, names: Iterable[str]) -> list[FileError]:
    seen: dict[str, str] = {}
    faults: list[FileError] = []
    for name in names:
        first = seen.setdefault(name.rpartition(".")[0].lower(), name)
        if first != name:
            message = f"differs from {first} only by case or ending: some file systems hold one of them"
            faults.append(_file_fault(root / name, "file-case", message))
    return faults


def _file_fault(path: Path | str, code: str, message: str) -> FileError:
    fault = YamlError(code, message)
    fault.path = str(path)
    return fault


def _unreadable_fault(path: Path | str, error: OSError) -> FileError:
    return _file_fault(path, "file-unreadable", describe_os_error(error))
