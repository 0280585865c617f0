"""Which catalog is meant, and the bytes of its files.

Reading is bounded before it starts: only regular files, of at most `MAX_FILE_SIZE` bytes, that lie in the catalog
(a symbolic link may not lead out of it).
"""

import hashlib
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from errno import ELOOP
from pathlib import Path

from registry_cli.errors import FileError, UsageError, YamlError
from registry_cli.store.bundled import bundled_data

MAX_FILE_SIZE = 10_000_000
SUFFIXES = (".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class Place:
    """A catalog's folder and who chose it: `option`, `environment`, `folder` (found upward) or `bundled`."""

    root: Path
    origin: str


@dataclass(frozen=True, slots=True)
class CatalogFile:
    """The bytes of one provider file; `shown` is its path as messages name it, `stem` its name without `.yml`."""

    shown: str
    stem: str
    data: bytes
    digest: str


def find_catalog(option: Path | None, *, cwd: Path, environ: Mapping[str, str]) -> Place:
    """`--catalog`, else `LLMREG_CATALOG`, else the nearest `config/models/` upward, else the bundled one.

    Raises `UsageError` where the first two name no folder.
    """
    for chosen, origin in ((option, "option"), (environ.get("LLMREG_CATALOG"), "environment")):
        if chosen:
            root = Path(chosen)
            if not root.is_dir():
                name = "--catalog" if origin == "option" else "LLMREG_CATALOG"
                raise UsageError(f"{name}: {chosen} is not a folder")
            return Place(root, origin)
    for folder in (cwd, *cwd.parents):
        root = folder / "config" / "models"
        if root.is_dir():
            return Place(root, "folder")
    return Place(bundled_data() / "config" / "models", "bundled")


def find_overlay(environ: Mapping[str, str]) -> Path | None:
    """A person's own models: the folder `LLMREG_OVERLAY`, else `llmreg/models` in the user's configuration.

    An empty `LLMREG_OVERLAY` means none. Raises `UsageError` where it names no folder.
    """
    chosen = environ.get("LLMREG_OVERLAY")
    if chosen and not Path(chosen).is_dir():
        raise UsageError(f"LLMREG_OVERLAY: {chosen} is not a folder")
    folder = overlay_folder(environ)
    return folder if folder is not None and folder.is_dir() else None


def overlay_folder(environ: Mapping[str, str]) -> Path | None:
    """Where a person's own models lie, or would; None where an empty `LLMREG_OVERLAY` wants none."""
    chosen = environ.get("LLMREG_OVERLAY")
    if chosen is not None:
        return Path(chosen) if chosen else None
    base = environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "llmreg" / "models"


def read_catalog(root: Path) -> tuple[list[CatalogFile], list[FileError]]:
    """Every provider file of a folder in the order of its name, and a fault for each that must not be read."""
    files: list[CatalogFile] = []
    faults: list[FileError] = []
    try:
        paths = sorted(path for path in root.iterdir() if path.suffix in SUFFIXES and path.name[0] != ".")
    except OSError as error:
        return [], [_unreadable(root, error)]
    faults += _same_but_for_case(paths)
    real_root = root.resolve()
    for path in paths:
        try:
            files.append(read_file(path, inside=real_root))
        except FileError as fault:
            faults.append(fault)
    return files, faults


def read_file(path: Path, *, inside: Path | None = None) -> CatalogFile:
    """One provider file; with `inside`, a real path, a link that leads out of that folder is refused."""
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            if inside is not None and _real(path).parent != inside:
                raise _fault(path, "file-link", "a symbolic link that leaves the catalog")
            status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _fault(path, "file-kind", "not a regular file")
        if status.st_size > MAX_FILE_SIZE:
            size = f"{status.st_size / 1e6:,.0f} MB"
            raise _fault(path, "file-size", f"{size}; a provider file has at most {MAX_FILE_SIZE / 1e6:.0f} MB")
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None
    return CatalogFile(str(path), path.stem, data, hashlib.sha256(data).hexdigest())


def _real(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except RuntimeError as error:  # a loop of links, before Python 3.13
        raise OSError(ELOOP, "the symbolic link leads back to itself") from error


def _same_but_for_case(paths: Iterable[Path]) -> list[FileError]:
    seen: dict[str, Path] = {}
    faults: list[FileError] = []
    for path in paths:
        first = seen.setdefault(path.stem.lower(), path)
        if first != path:
            message = f"differs from {first.name} only by case or ending: some file systems hold one of them"
            faults.append(_fault(path, "file-case", message))
    return faults


def _fault(path: Path, code: str, message: str) -> FileError:
    fault = YamlError(code, message)
    fault.path = str(path)
    return fault


def _unreadable(path: Path, error: OSError) -> FileError:
    return _fault(path, "file-unreadable", error.strerror or type(error).__name__)
