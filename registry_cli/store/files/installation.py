"""How llmreg was installed, as a requirement that pip installs again: PEP 610's `direct_url.json`, or an index."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

NAME = "llmreg"
_PACKAGE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Requirement:
    """A pip requirement; `only_here` if it names a file or directory of this machine."""

    text: str
    only_here: bool = False
    from_index: bool = False


def installed_requirement() -> Requirement | None:
    """Return the requirement that installs the running llmreg; None where its installation does not say."""
    try:
        installed = distribution(NAME)
    except PackageNotFoundError:
        return None
    record = _read_direct_url(installed)
    if record is not None:
        return requirement_of(record) if _runs_from(installed, record) else None
    by_installer = (installed.read_text("INSTALLER") or "").strip()
    if not by_installer or not _runs_from(installed, {}):
        return None  # a package of an operating system, or another llmreg than this one
    return Requirement(f"{NAME}=={installed.version}", from_index=True)


def requirement_of(record: Mapping[str, Any]) -> Requirement | None:
    """Return the requirement for the content of a `direct_url.json`; None for an incomplete one or a password."""
    url = record.get("url")
    if not isinstance(url, str) or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not parts.scheme or parts.password is not None:
        return None
    source = _versioned_url(url, record.get("vcs_info"))
    fragment = _fragment_of(record)
    if source is None or fragment is None:
        return None
    here = parts.scheme == "file"
    named = source if here and source != url else f"{NAME} @ {source}"  # older pips take no name before git+file:
    return Requirement(f"{named}{fragment}", only_here=here)


def _versioned_url(url: str, vcs: Any) -> str | None:
    if vcs is None:
        return url
    name, commit = (vcs.get("vcs"), vcs.get("commit_id")) if isinstance(vcs, Mapping) else (None, None)
    if not (isinstance(name, str) and isinstance(commit, str) and name.isalnum() and commit.isalnum()):
        return None
    return f"{name}+{url}@{commit}"


def _fragment_of(record: Mapping[str, Any]) -> str | None:
    """The hash of an archive and the subdirectory, as a URL says them; None where they are not plain text."""
    archive, subdirectory = record.get("archive_info"), record.get("subdirectory")
    hashes = archive.get("hashes") if isinstance(archive, Mapping) else None
    digest = hashes.get("sha256") if isinstance(hashes, Mapping) else None
    said = []
    if digest is not None:
        if not isinstance(digest, str) or not digest.isalnum():
            return None
        said.append(f"sha256={digest}")
    if subdirectory is not None:
        if not isinstance(subdirectory, str) or not subdirectory.isprintable() or " " in subdirectory:
            return None
        said.append(f"subdirectory={subdirectory}")
    return f"#{'&'.join(said)}" if said else ""


def _read_direct_url(installed: Distribution) -> Mapping[str, Any] | None:
    """The parsed `direct_url.json`, empty where it cannot be read; None where there is none."""
    text = installed.read_text("direct_url.json")
    if text is None:
        return None
    try:
        record = json.loads(text)
    except ValueError:
        return {}
    return record if isinstance(record, Mapping) else {}


def _runs_from(installed: Distribution, record: Mapping[str, Any]) -> bool:
    """Whether the running code is that of the distribution, and not of another directory on Python's path."""
    package = Path(str(installed.locate_file(_PACKAGE.name))).resolve()
    how = record.get("dir_info")
    if isinstance(how, Mapping) and how.get("editable") is True:
        package = Path(url2pathname(urlsplit(str(record.get("url"))).path), _PACKAGE.name).resolve()
    return package == _PACKAGE
