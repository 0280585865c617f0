"""A remote of a repository: lists its branches, and pushes to them without overwriting the work of others.

A token travels in the environment of the one git process that needs it: never in an argument, an address or a file.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from registry_cli.core.text.secrets import SecretKey
from registry_cli.errors import GitError
from registry_cli.http.rules import may_send_key
from registry_cli.store.git.repository import Repository

HEADS = "refs/heads/"
_USER = "x-access-token"  # the name that goes with a token, for GitHub and its like
# A trace of requests, or of git's settings and variables, would hold the token, also where a file keeps it. What
# GIT_CURL_VERBOSE asks for cannot be taken back; it goes where errors go, whose text is redacted before it is shown.
_UNTRACED = dict.fromkeys(("GIT_TRACE", "GIT_TRACE_CURL", "GIT_TRACE2", "GIT_TRACE2_EVENT", "GIT_TRACE2_PERF"), "0")
_UNTRACED |= {"GIT_TRACE_REDACT": "1"}


class MovedError(GitError):
    """The branch has moved since it was read; nothing was pushed."""


@dataclass(frozen=True, slots=True)
class Tip:
    """The last commit of a branch. `trailers` are the values of each in the order of the message."""

    oid: str
    tree: str
    parent: str
    author: str
    trailers: Mapping[str, tuple[str, ...]]


class Remote:
    """`origin`, or the only remote. `url` is where pushes go, and where branches are looked up, because a remote may
    be fetched from another address."""

    def __init__(self, repository: Repository, environ: Mapping[str, str]) -> None:
        names = repository.git_text("remote").split()
        if not names:
            missing = f"{repository.top}: the repository has no remote to push to"
            raise GitError(f"{missing}; without --pr llmreg writes to the files here")
        if "origin" not in names and len(names) > 1:
            raise GitError(f"{repository.top}: none of the remotes {', '.join(names)} is called origin")
        self.name = "origin" if "origin" in names else names[0]
        self.url = repository.git_text("remote", "get-url", "--push", self.name)
        is_one = self.url == repository.git_text("remote", "get-url", self.name)
        self._place = self.name if is_one else self.url  # what is compared with a push lies where that goes
        self._repository = repository
        self._environ = environ
        self._key: SecretKey | None = None

    def use_token(self, key: SecretKey | None) -> None:
        """Send a token with every request over https. An ssh address and a credential helper need none."""
        self._key = key if self.takes_token else None

    @property
    def takes_token(self) -> bool:
        """Whether pushes carry a token: over https (or http to an internal host), if the address names no user."""
        parts = urlsplit(self.url)
        return parts.scheme in ("http", "https") and "@" not in parts.netloc and may_send_key(parts)

    def branch_heads(self, *branches: str) -> dict[str, str]:
        """Return the object names of those of the branches that exist; a `*` matches any part of a name."""
        listed = self._run_with_key("ls-remote", self._place, *(f"{HEADS}{branch}" for branch in branches))
        rows = (line.partition("\t") for line in listed.splitlines())
        return {name.removeprefix(HEADS): oid for oid, _, name in rows if name.startswith(HEADS)}

    def default_branch(self) -> str:
        """Return the branch that a new clone checks out."""
        for line in self._run_with_key("ls-remote", "--symref", self._place, "HEAD").splitlines():
            if line.startswith(f"ref: {HEADS}"):
                return line.removeprefix(f"ref: {HEADS}").partition("\t")[0]
        raise GitError(f"{self.name} has no branch yet, or says of none that it is the default: --base names one")

    def fetch_heads(self, heads: Mapping[str, str], *, parents: bool = False) -> None:
        """Fetch the tips of these branches, with `parents` also the parent of each. No local branch moves.

        A shallow clone gets as few commits as possible.
        """
        is_shallow = self._repository.git_text("rev-parse", "--is-shallow-repository") == "true"
        needed = {branch: f"{oid}^" if parents and is_shallow else oid for branch, oid in heads.items()}
        missing = [f"{HEADS}{branch}" for branch, commit in needed.items() if not self._repository.has_commit(commit)]
        if missing:
            depth = ["--depth=2"] if is_shallow else []
            self._run_with_key("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", *depth, self._place, *missing)

    def read_tip(self, oid: str) -> Tip:
        """Return the facts of a commit that was fetched."""
        form = "%T%x00%P%x00%an%x00%(trailers:only,unfold)"
        log = ("-c", "trailer.separators=:", "log", "-1", "--encoding=UTF-8", "--no-show-signature")
        tree, parents, author, said = self._repository.git_text(*log, f"--format={form}", oid).split("\0")
        trailers: dict[str, tuple[str, ...]] = {}
        for line in said.splitlines():
            name, _, value = line.partition(": ")
            trailers[name] = (*trailers.get(name, ()), value)
        return Tip(oid, tree, parents.partition(" ")[0], author, trailers)

    def push_commit(self, oid: str, branch: str, *, expected: str | None = None) -> None:
        """Make a commit the branch's tip if that is at `expected` (empty: if there is no such branch).

        Without `expected`, push only a descendant of the tip. Raises `MovedError`, `GitError` with the server's reason.
        """
        self._push_refspec(f"{oid}:{HEADS}{branch}", branch, expected)

    def delete_branch(self, branch: str, *, expected: str) -> None:
        """Delete the branch if its tip is at `expected`. Raises `MovedError`, `GitError`."""
        self._push_refspec(f":{HEADS}{branch}", branch, expected)

    def _push_refspec(self, refspec: str, branch: str, expected: str | None) -> None:
        # The bare --force-with-lease would pass after any fetch.
        lease = [] if expected is None else [f"--force-with-lease={HEADS}{branch}:{expected}"]
        try:
            # A clone made with --mirror would refuse to push one branch.
            self._run_with_key(
                "-c", f"remote.{self.name}.mirror=false", "push", "--porcelain", *lease, self._place, refspec
            )
        except GitError as error:
            if expected is not None and _MOVED.search(error.message):
                raise MovedError(f"{branch} was moved by somebody else meanwhile; nothing was pushed") from None
            raise

    def _run_with_key(self, *arguments: str) -> str:
        secrecy = {**header_variables(self.url, self._key, self._environ), **_UNTRACED} if self._key else {}
        env = {"GIT_TERMINAL_PROMPT": "0", **secrecy}
        return self._repository.git_text(*arguments, env=env, secret=self._key)


_MOVED = re.compile(
    r"\(stale info\)|incorrect old value provided"
    r"|cannot lock ref '[^']*': (?:is at|reference already exists|unable to resolve)"
)


def header_variables(url: str, key: SecretKey | None, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which git sends the key to the host of this address, and to no host that it redirects to.

    The first setting removes what others set for the host, such as the header that a checkout action left.
    """
    if key is None:
        return {}
    parts = urlsplit(url)
    host = f"http.{parts.scheme}://{parts.netloc}/"
    basic = b64encode(f"{_USER}:{key.value}".encode()).decode()
    settings = (("extraHeader", ""), ("extraHeader", f"Authorization: Basic {basic}"), ("followRedirects", "false"))
    count = int(environ.get("GIT_CONFIG_COUNT") or 0)
    variables = {"GIT_CONFIG_COUNT": str(count + len(settings))}
    for place, (name, value) in enumerate(settings, count):
        variables |= {f"GIT_CONFIG_KEY_{place}": f"{host}.{name}", f"GIT_CONFIG_VALUE_{place}": value}
    return variables
