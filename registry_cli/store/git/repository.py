"""Commits of files that llmreg wrote, and of nothing else.

The git program makes them, so that hooks, signing and attributes work as they do for the user. Other changes in the
work tree and the index stay there.
"""

import contextlib
import os
import shlex
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from registry_cli.core.text.secrets import SecretKey
from registry_cli.errors import GitError
from registry_cli.store.files.discovery import find_repository
from registry_cli.store.files.durable import make_folder, os_errors_as_faults
from registry_cli.store.git.process import GitProgram

# Used where git has no user. LLMREG_GIT_NAME and LLMREG_GIT_EMAIL choose another, as do a catalog's settings.
BOT_NAME = "llmreg"
BOT_EMAIL = "llmreg@users.noreply.github.com"


class Repository:
    """The repository whose work tree holds a directory. Raises `GitError` where there is none that can be used.

    `bot` is the name and the address for commits where git has no user. `settings` are `-c NAME=VALUE` arguments
    for every command, `commit_settings` further ones for commits.
    """

    def __init__(
        self,
        folder: Path,
        environ: Mapping[str, str],
        bot: tuple[str | None, str | None] = (None, None),
        settings: Sequence[str] = (),
        commit_settings: Sequence[str] = (),
    ) -> None:
        found = find_repository(folder)
        if found is None:
            raise GitError(f"{folder}: not in a git repository")
        self.top = found.top
        self.git_dir = found.git_dir
        self.own_dir = found.git_dir / "llmreg"
        self._environ = environ
        self._bot = (bot[0] or BOT_NAME, bot[1] or BOT_EMAIL)
        self._git = GitProgram(found.top, environ, settings=settings)
        self._commit_settings = commit_settings

    def in_own_tree(self, folder: Path) -> Self:
        """Return the same repository seen from a work tree that this run made.

        Its index has every file of a commit, and only a commit runs hooks.
        """
        hooks = self.top / self.git_text("rev-parse", "--git-path", "hooks")
        settings = (*_WHOLE, "-c", f"core.hooksPath={os.devnull}")
        return type(self)(folder, self._environ, self._bot, settings, ("-c", f"core.hooksPath={hooks}"))

    def path_of(self, path: Path) -> str:
        """Return the path of a file or folder below the top, with links resolved."""
        return os.path.relpath(os.path.realpath(path), self.top)

    def check_no_hook(self) -> None:
        """Raises `GitError` where git runs llmreg as a hook of a commit in this work tree."""
        index = self._environ.get("GIT_INDEX_FILE")
        if index and Path(os.path.realpath(index)).parent == self.git_dir:
            raise GitError(
                f"{self.top}: git is making a commit here and runs llmreg in a hook of it (GIT_INDEX_FILE is set); "
                "another commit would break that one. Nothing was written; leave out --commit in hooks"
            )

    def check_index_is_free(self) -> None:
        """Raises `GitError` where git is writing the index, or died of it."""
        lock = self.git_dir / "index.lock"
        if lock.exists():
            raise GitError(f"{lock} exists: git is at work here, or died; delete the file when none runs")

    def check_clean(self, paths: Sequence[Path]) -> None:
        """Raises `GitError` where one of the files has changes that are not committed, is ignored, or where git is
        busy with something else."""
        self.check_index_is_free()
        for state, name in self.changed_files(map(self.path_of, paths)):
            what = "is ignored by git" if state == "!!" else "has changes that are not committed"
            raise GitError(f"{name} {what}; nothing was written")

    def changed_files(self, paths: Iterable[str]) -> list[tuple[str, str]]:
        """Return the state of each of the files that is not as HEAD has it, in the two letters of `git status`, and
        its path. Paths are below the top."""
        how = ("--porcelain=v1", "-z", "--ignored", "--untracked-files=all", "--no-renames")
        printed = self.git_text("-c", "core.fsmonitor=false", "status", *how, "--", *map(_literal_path, paths))
        return [(entry[:2], entry[3:]) for entry in printed.split("\0") if entry]

    def committed_ids(self, paths: Iterable[str]) -> dict[str, str]:
        """Return the ids of the contents that HEAD has for these files. Paths are below the top."""
        if not self.head_commit():
            return {}
        printed = self.git_text("ls-tree", "-z", "--full-tree", "HEAD", "--", *map(_literal_path, paths))
        return _ids_of(printed, 2)

    def commit_files(self, paths: Sequence[Path], message: str) -> str:
        """Commit these files as they are on disk; return the commit's short name.

        Raises `GitError` with the output of git (or of a hook); the index is then unchanged.
        """
        names = _literal_paths(paths)
        try:
            with self._copy_of_index() as index:
                env = {"GIT_INDEX_FILE": str(index)}
                new = [name for name in names if not self.git_text("ls-files", "--", name, env=env)]
                if new:
                    self.git_text(*_WHOLE, "add", "--intent-to-add", "--force", "--", *new, env=env)
                how = ("--quiet", "--cleanup=whitespace", f"--message={message}", "--only")
                self.git_text("commit", *how, "--", *names, env={**env, **self._fallback_identity()})
        except BaseException:
            if self.is_committed(paths):  # a signal came after the commit
                self.update_index(paths)
            raise
        self.update_index(paths)
        return self.git_text("rev-parse", "--short", "HEAD")

    @contextlib.contextmanager
    def _copy_of_index(self) -> Iterator[Path]:
        """Give a copy of the index to commit with. git locks an index while hooks run, and a lock that outlives a power
        cut keeps everybody from using it. Raises `FileError`."""
        copy = self.own_dir / f"{_INDEX}{os.urandom(8).hex()}"
        make_folder(self.own_dir)
        with os_errors_as_faults(copy):
            for left in self.own_dir.glob(f"{_INDEX}*"):
                if time.time() - left.stat().st_mtime > _DAY:  # of a run that was killed, whose git has ended since
                    left.unlink()
            if (self.git_dir / "index").exists():  # not before the first commit
                shutil.copyfile(self.git_dir / "index", copy)
        try:
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def is_committed(self, paths: Iterable[Path]) -> bool:
        """Whether HEAD has these files as they lie on disk."""
        names = [self.path_of(path) for path in paths]
        committed = self.committed_ids(names)
        return all(committed.get(name) == self._id_of(name) for name in names)

    def _id_of(self, path: str) -> str | None:
        """The id that a file's content would have in a commit, None for no file."""
        return self.git_text("hash-object", "--", path) if (self.top / path).exists() else None

    def update_index(self, paths: Iterable[Path]) -> None:
        """Put these files into the index as HEAD has them. Raises `GitError`."""
        names = [self.path_of(path) for path in paths]
        try:
            self.git_text("reset", "--quiet", "--", *map(_literal_path, names))
        except GitError as error:
            message = f"{error.message}\nThe commit was made, but not noted in the index; run: git reset -- "
            raise GitError(message + shlex.join(names)) from None

    def index_ids(self, paths: Iterable[str]) -> dict[str, str]:
        """Return the ids of the contents that the index has for these files. Paths are below the top."""
        printed = self.git_text("ls-files", "--stage", "-z", "--", *map(_literal_path, paths))
        return _ids_of(printed, 1)

    def stage_folders(self, folders: Iterable[Path]) -> str:
        """Stage all changes in these directories; return how the index differs from HEAD, as `difference` does."""
        existing = [folder for folder in folders if folder.is_dir()]
        # Ignored files, too, such as *.jsonl: a catalog without its records cannot be synced again.
        self.git_text("add", "--all", "--force", "--", *_literal_paths(existing))
        return self.git_text("diff-index", "--cached", *_RAW, "HEAD")

    def commit_difference(self, old: str, new: str) -> str:
        """Return how two commits differ: for each file the object names of its old and new content.

        Empty where they have the same files.
        """
        return self.git_text("diff-tree", "-r", *_RAW, old, new)

    def commit_staged(self, message: Callable[[str], str]) -> str:
        """Commit the index; return the commit's full name.

        `message` makes the message from the name of the tree. If a hook changes the files, it is called again.
        """
        tree = self.git_text("write-tree")
        how = ("--quiet", "--cleanup=whitespace")
        self.git_text(
            *self._commit_settings, "commit", *how, f"--message={message(tree)}", env=self._fallback_identity()
        )
        made = self.git_text("rev-parse", "HEAD^{tree}")
        if made != tree:
            again = ("--amend", "--no-verify", f"--message={message(made)}")
            self.git_text(*self._commit_settings, "commit", *how, *again, env=self._fallback_identity())
        return self.head_commit()

    def head_commit(self) -> str:
        """Return the commit that is checked out, empty before the first one."""
        return self.git_text("rev-parse", "--revs-only", "HEAD")

    def current_branch(self) -> str | None:
        """Return the branch that is checked out; None where HEAD is detached."""
        return self.git_text("branch", "--show-current") or None

    def check_not_checked_out(self, branch: str) -> None:
        """Raise `GitError` where a work tree has the branch checked out: its files would not follow the branch."""
        if f"branch refs/heads/{branch}" in self.git_text("worktree", "list", "--porcelain").splitlines():
            raise GitError(f"{branch} is checked out in another work tree; sync there, or choose another --branch")

    def file_content(self, commit: str, path: Path) -> bytes | None:
        """Return a file's content in a commit, by its path below the repository's top; None where it has none."""
        try:
            return self.git_output("cat-file", "blob", f"{commit}:{path.as_posix()}")
        except GitError:
            return None

    def has_commit(self, commit: str) -> bool:
        """Whether the repository has a commit."""
        try:
            self.git_text("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}")
        except GitError:
            return False
        return True

    def is_descendant(self, later: str, earlier: str) -> bool:
        """Whether `later` is a descendant of `earlier`, or the same commit."""
        try:
            self.git_text("merge-base", "--is-ancestor", earlier, later)
        except GitError:
            return False
        return True

    def _fallback_identity(self) -> dict[str, str]:
        """Return variables for the name and address that neither the environment nor git's configuration sets."""
        settings = self.git_text("config", "--null", "--list").split("\0")
        configured = dict(setting.partition("\n")[::2] for setting in settings)
        filled = {}
        for part, fallback in zip(("name", "email"), self._bot, strict=True):
            value = self._environ.get(f"LLMREG_GIT_{part.upper()}") or fallback
            known = configured.get(f"user.{part}") or (part == "email" and self._environ.get("EMAIL"))
            for who in ("author", "committer"):
                variable = f"GIT_{who.upper()}_{part.upper()}"
                if not known and not configured.get(f"{who}.{part}") and not self._environ.get(variable):
                    filled[variable] = value
        return filled

    def git_text(self, *arguments: str, env: Mapping[str, str] | None = None, secret: SecretKey | None = None) -> str:
        """Return what git prints, without the last line break. Raises `GitError`, as `output` does."""
        return self.git_output(*arguments, env=env, secret=secret).decode(errors="surrogateescape").removesuffix("\n")

    def git_output(
        self, *arguments: str, env: Mapping[str, str] | None = None, secret: SecretKey | None = None
    ) -> bytes:
        """Return what git prints. Raises `GitError` with git's message, without the secret."""
        return self._git.run_git(*arguments, env=env, secret=secret)


_INDEX = "index-"
_WHOLE = ("-c", "core.sparseCheckout=false")  # files of the catalog, whichever the person has checked out
_DAY = 24 * 60 * 60  # seconds
_RAW = ("--raw", "--no-abbrev", "--no-renames")


def _ids_of(printed: str, column: int) -> dict[str, str]:
    """Return the ids by path of a list that git prints; its rows are columns, a tab and a path."""
    entries = (entry.partition("\t") for entry in printed.split("\0") if entry)
    return {name: columns.split()[column] for columns, _, name in entries}


def _literal_paths(paths: Iterable[Path]) -> list[str]:
    """Return the real paths as literal pathspecs."""
    return [_literal_path(path.resolve()) for path in paths]


def _literal_path(path: Path | str) -> str:
    return f":(literal){path}"
