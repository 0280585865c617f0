"""The one place that starts git.

git runs at the top of the repository that `store.files.discovery` found, never in a folder of the catalog, and may not
search further up. It searches for itself there, because it checks the owner of what it finds, and of nothing that
`GIT_DIR` names. What writes (commits, work trees, pushes) is started through GitPython, what reads history directly:
that is faster. Of git's own variables it gets those that a user sets on purpose: a hook's tell it to work on the
repository, the index and the commit that the hook is about.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from registry_cli.core.text.secrets import SecretKey, redact_keys
from registry_cli.errors import GitError
from registry_cli.store.git.objects import ObjectReader, missing_object_message
from registry_cli.store.git.pipes import widen_pipe
from registry_cli.yamledit.escapes import escape_text

# Who commits, how a server is reached, and which settings hold.
_USERS_VARIABLES = frozenset({
    "GIT_ALLOW_PROTOCOL", "GIT_ASKPASS", "GIT_CONFIG_COUNT", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_SYSTEM", "GIT_CURL_VERBOSE", "GIT_EXEC_PATH", "GIT_PROTOCOL_FROM_USER", "GIT_PROXY_COMMAND", "GIT_SSH",
    "GIT_SSH_COMMAND", "GIT_SSH_VARIANT", "GIT_TEMPLATE_DIR", "GIT_TERMINAL_PROMPT",
})  # fmt: skip
_USERS_FAMILIES = (
    "GIT_AUTHOR_",
    "GIT_COMMITTER_",
    "GIT_CONFIG_KEY_",
    "GIT_CONFIG_VALUE_",
    "GIT_HTTP_",
    "GIT_SSL_",
    "GIT_TRACE",
)
_ALWAYS = ("-c", "safe.bareRepository=explicit", "-c", "i18n.commitEncoding=UTF-8")
_ALSO_BARE = ("-c", "safe.bareRepository=all")
# What a repository's or a user's settings may name that `git log` and the like would run, and what changes which
# commits and files they print, and how.
_FOR_READING = (
    "--no-pager",
    "-c", "color.ui=false",
    "-c", "core.fsmonitor=false",
    "-c", f"core.hooksPath={os.devnull}",
    "-c", "diff.orderFile=/dev/null",
    "-c", "diff.relative=false",
    "-c", "diff.renameLimit=1000",
    "-c", "diff.submodule=short",
    "-c", "i18n.logOutputEncoding=UTF-8",
    "-c", "log.diffMerges=separate",
    "-c", "log.follow=false",
    "-c", "log.showRoot=true",
    "-c", "log.showSignature=false",
)  # fmt: skip
# An object that a partial clone lacks is not fetched: that would run what the repository's settings name. The first is
# for git from 2.39.4, 2.40.2, ... on. The second forbids every transport, whatever `protocol.*` says, in any git.
_WITHOUT_FETCHING = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}
_FETCH_REFUSED = re.compile(r"lazy fetching disabled|transport '[^']*' not allowed")
_INTERRUPTS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
_CHUNK = 1 << 16
_QUERY = re.compile(r"(://[^\s'\"?]*\?)[^\s'\"]+")  # of an address, where a token may be


class GitProgram:
    """git at the top of one repository. Every method raises `GitError` where git is missing, refuses or fails.

    With `only_reads`, git runs no program that settings name, fetches nothing, and no setting changes what it prints.
    `settings` are `-c NAME=VALUE` arguments to add. `bare` is for a git directory that the user named: git uses no
    other that it finds in a folder of files.
    Names and messages are bytes to git; they become text as paths do (`os.fsdecode`).
    """

    def __init__(
        self,
        top: Path,
        environ: Mapping[str, str],
        *,
        only_reads: bool = False,
        bare: bool = False,
        settings: Sequence[str] = (),
    ) -> None:
        self.top = top
        self._only_reads = only_reads
        own = (*_ALWAYS, *_FOR_READING) if only_reads else _ALWAYS
        own = (*own, *_ALSO_BARE) if bare else own
        self._command = ("git", "-C", str(top), *own, *settings)
        self._environ = git_environment(top, environ) | (_WITHOUT_FETCHING if only_reads else {})

    def run_git(
        self,
        *arguments: str,
        env: Mapping[str, str] | None = None,
        secret: SecretKey | None = None,
        timeout: float | None = None,
    ) -> bytes:
        """Return all that git prints. `env` is added to the environment; `secret` is taken out of error messages.

        However this ends, git has ended: nothing is committed behind the caller's back.
        """
        process = None
        try:
            with _signals_deferred():  # until there is a process to end
                process = self._start_git(arguments, env)
            printed, complained = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise GitError(f"git: no answer within {timeout} seconds") from None
        finally:
            if process is not None:
                _end_process(process)
        if process.returncode:
            said = complained if self._only_reads else b"\n".join((complained, printed))
            raise GitError(self._explain_failure(said, process.returncode, secret))
        return printed

    def stream_tokens(self, *arguments: str) -> Generator[bytes, None, None]:
        """Yield what git prints between NULs, as it comes: nothing of it is kept."""
        with self._start_git(arguments) as process:
            assert process.stdout  # noqa: S101  # a pipe, as asked for
            rest = b""
            try:
                while chunk := process.stdout.read(_CHUNK):
                    *whole, rest = (rest + chunk).split(b"\0")
                    yield from whole
            except BaseException:
                process.kill()  # nobody reads on
                raise
            complained = process.stderr.read() if process.stderr else b""
        if process.returncode:
            raise GitError(self._explain_failure(complained, process.returncode))
        if rest.strip():
            yield rest

    def object_reader(self, max_size: int) -> ObjectReader:
        """Return a reader of objects of at most so many bytes."""
        return ObjectReader(self._start_git(("cat-file", "--batch"), stdin=True), self.top, max_size)

    def _start_git(
        self, arguments: Iterable[str], env: Mapping[str, str] | None = None, *, stdin: bool = False
    ) -> "subprocess.Popen[bytes]":
        if not self._only_reads:
            return _start_with_gitpython([*self._command, *arguments], {**self._environ, **(env or {})})
        try:
            process = subprocess.Popen(  # noqa: S603  # no shell
                [*self._command, *arguments],
                env={**self._environ, **(env or {})},
                stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if stdin else subprocess.PIPE,
            )
        except FileNotFoundError:
            raise GitError("the git program is not installed") from None
        except OSError as error:
            raise GitError(f"the git program cannot be run: {error.strerror or error}") from None
        for pipe in filter(None, (process.stdin, process.stdout)):
            widen_pipe(pipe)
        return process

    def _explain_failure(self, complained: bytes, status: int, secret: SecretKey | None = None) -> str:
        said = redact_keys(complained.decode(errors="surrogateescape").strip(), [secret] if secret else [])
        if "dubious ownership" in said:
            return (
                f"{self.top}: the repository belongs to another user, and git refuses to use it "
                "(git's safe.directory setting allows it)"
            )
        if "not a git repository" in said:
            return f"{self.top}: not in a git repository"
        if "must be run in a work tree" in said:
            return f"{self.top}: not in the work tree of a git repository"
        if self._only_reads and _FETCH_REFUSED.search(said):
            return missing_object_message(self.top)
        shown = escape_text(_QUERY.sub(r"\1...", said))
        return f"git: {shown or f'ended with {status}'}"


def _start_with_gitpython(command: list[str], environ: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start git through GitPython. It hands on the whole environment of this process and can only add to it, so `env`
    takes away what git shall not get."""
    if shutil.which("git", path=environ.get("PATH")) is None:
        raise GitError("the git program is not installed")
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # else GitPython may refuse to be imported
    import git  # noqa: PLC0415  # 0.1 s that reading history does not need

    unwanted = [name for name in os.environ if name.startswith("GIT_") and name not in environ]
    options = [option for name in unwanted for option in ("-u", name)]
    try:
        started = git.Git().execute(["env", *options, *command], env=dict(environ), as_process=True)
    except git.GitCommandNotFound as error:
        raise GitError(f"the git program cannot be run: {error}") from None
    process, started.proc = started.proc, None  # GitPython would end the process together with its own object
    return cast("subprocess.Popen[bytes]", process)


def _end_process(process: "subprocess.Popen[bytes]") -> None:
    """End git if it still runs, and close its pipes: what a hook started may hold the other ends."""
    with process:
        if process.returncode is None:
            process.terminate()  # git ends its hooks with it
            process.wait()


@contextlib.contextmanager
def _signals_deferred() -> Iterator[None]:
    """Handle signals that come meanwhile at the end. They are not blocked: a program that is started would have them
    blocked, too."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are handled in the main thread
        return
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in _INTERRUPTS}
    deferred = {number: handler for number, handler in before.items() if callable(handler)}
    try:
        for number in deferred:
            signal.signal(number, lambda number, _: came.append(number))
        yield
    finally:
        for number, handler in deferred.items():
            signal.signal(number, handler)
        for late in came:
            signal.raise_signal(late)


def git_environment(top: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of every git process in a repository."""
    kept = {name: value for name, value in environ.items() if not name.startswith("GIT_") or _is_users(name)}
    own = {"GIT_CEILING_DIRECTORIES": str(top.parent), "GIT_OPTIONAL_LOCKS": "0", "LANGUAGE": "C", "LC_ALL": "C"}
    return {**kept, **own}


def _is_users(name: str) -> bool:
    return name in _USERS_VARIABLES or name.startswith(_USERS_FAMILIES)


def text_of(data: bytes) -> str:
    """Return a name or a message as text; bytes that are no UTF-8 survive the way back."""
    return os.fsdecode(data)
