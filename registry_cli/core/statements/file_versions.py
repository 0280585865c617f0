"""The versions of files in another repository, as readers of sources take them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class FileVersion(NamedTuple):
    """A file as one commit left it. `number` counts commits backward from HEAD, `moment` is the commit's time in ISO
    8601. `content` is the id of what the file holds, or of where a link leads; None where the commit took it away."""

    number: int
    moment: str
    content: str | None
    is_link: bool = False


FileVersions = Mapping[str, Sequence[FileVersion]]  # by path, the newest first


def version_at(versions: Sequence[FileVersion], number: int) -> FileVersion | None:
    """Return what a file was after the commit of this number, or last was before it; None for one that never was."""
    return next((each for each in versions if each.number >= number and each.content), None)
