"""Finds the forge and the repository name in a remote's address. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

_SCP = re.compile(r"(?:[^@/:]+@)?([^/:]+):(?!/)(.+)")  # git@host:owner/name.git
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_GITHUB = "github.com"


@dataclass(frozen=True, slots=True)
class ForgeRepository:
    """A repository on GitHub or GitHub Enterprise; `api` and `web` are addresses without a slash at the end."""

    host: str
    api: str
    web: str
    owner: str
    name: str

    def new_request_page(self, base: str, branch: str) -> str:
        """Return the address of the page on which a user can open the pull request."""
        span = f"{quote(base, safe='/')}...{quote(branch, safe='/')}"
        return f"{self.web}/{self.owner}/{self.name}/compare/{span}?expand=1"


def github_place(url: str, environ: Mapping[str, str]) -> ForgeRepository | None:
    """Return the repository that a remote's address means; None where it is on no known GitHub.

    github.com, a company's part of ghe.com, and the server that `GITHUB_SERVER_URL` or `GH_HOST` names. An address
    without a host of its own, such as a folder, is the `GITHUB_REPOSITORY` of `GITHUB_API_URL` where both are set.
    """
    host, path = _split_url(url)
    server = (environ.get("GITHUB_SERVER_URL") or "").rstrip("/")
    api = (environ.get("GITHUB_API_URL") or "").rstrip("/")
    if not host:
        named = environ.get("GITHUB_REPOSITORY") or ""
        path = named if api else ""
        host = urlsplit(server or api).hostname or ""
    elif not _is_github(host, server, environ):
        return None
    owner, _, name = path.strip("/").removesuffix(".git").partition("/")
    if not (_NAME.fullmatch(owner) and _NAME.fullmatch(name)):
        return None
    ours = not server or urlsplit(server).hostname == host
    web = server if server and ours else f"https://{host}"
    return ForgeRepository(host, api if api and ours else _usual_api(host), web, owner, name)


def _split_url(url: str) -> tuple[str, str]:
    """Return the host, in lower case and without a port, and the path. The host of a local path is empty."""
    if "://" in url:
        try:
            parts = urlsplit(url)
            return ("", "") if parts.scheme == "file" else ((parts.hostname or "").lower(), parts.path)
        except ValueError:
            return "", ""
    match = _SCP.fullmatch(url)
    return (match[1].lower(), match[2]) if match else ("", "")


def _is_github(host: str, server: str, environ: Mapping[str, str]) -> bool:
    if host == _GITHUB or host.endswith(".ghe.com"):
        return True
    return host in {urlsplit(server).hostname, (environ.get("GH_HOST") or "").lower()} - {None, ""}


def _usual_api(host: str) -> str:
    if host == _GITHUB:
        return "https://api.github.com"
    return f"https://api.{host}" if host.endswith(".ghe.com") else f"https://{host}/api/v3"
