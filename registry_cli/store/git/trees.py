"""The provider files of a catalog in the tree of a commit."""

from registry_cli.core.format.layers import is_layered, stem_of
from registry_cli.errors import GitError
from registry_cli.store.git.log import FILE_MODE, is_provider_file
from registry_cli.store.git.process import GitProgram, text_of

_DIRECTORY_MODE = b"040000"


def list_provider_files(git: GitProgram, commit: str, folder: str) -> dict[str, str]:
    """Return the provider files in a directory of a commit, with their parts: name -> id of the content.

    `folder` ends with a slash, or is empty for the top. Raises `GitError` for a commit that cannot be read.
    """
    contents, folders = _list_folder(git, commit, folder)
    stems = {stem_of(name) for name in contents}
    for name in folders:
        if name in stems and not is_layered(name):
            parts, _ = _list_folder(git, commit, f"{folder}{name}")
            contents |= {f"{name}/{part}": content for part, content in parts.items()}
    return contents


def _list_folder(git: GitProgram, commit: str, folder: str) -> tuple[dict[str, str], list[str]]:
    """Return the YAML files directly in a directory of a commit, and the directories in it."""
    try:
        entries = git.run_git("ls-tree", "-z", "--full-tree", f"{commit}:{folder}").split(b"\0")
    except GitError:
        # Raises where the commit itself cannot be read, rather than has no such directory.
        git.run_git("cat-file", "-e", f"{commit}^{{tree}}")
        return {}, []
    contents, folders = {}, []
    for entry in entries:
        head, _, name = entry.partition(b"\t")
        if head.startswith(FILE_MODE) and is_provider_file(name):
            contents[text_of(name)] = head.split()[2].decode()
        elif head.startswith(_DIRECTORY_MODE) and not name.startswith(b"."):
            folders.append(text_of(name))
    return contents, folders
