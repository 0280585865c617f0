"""Which forge a remote belongs to, and with whose token it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass

from registry_cli.core.text.secrets import SecretKey
from registry_cli.errors import ForgeError
from registry_cli.forge.base import Forge
from registry_cli.forge.places import ForgeRepository, github_place
from registry_cli.store.git.github_cli import gh_token
from registry_cli.store.git.remote import Remote

_VARIABLES = ("GH_TOKEN", "GITHUB_TOKEN")


@dataclass(frozen=True, slots=True)
class Hub:
    """`forge` is None where llmreg cannot open pull requests; `why` tells the user the reason."""

    forge: Forge | None = None
    place: ForgeRepository | None = None
    default_branch: str = ""
    why: str = ""

    def request_page(self, base: str, branch: str) -> str:
        """Where a person opens a pull request by hand; empty where that is not known."""
        return self.place.new_request_page(base, branch) if self.place else ""


def connect_forge(remote: Remote, environ: Mapping[str, str], *, asked: bool = True) -> Hub:
    """The forge of a remote, `asked` once what it knows. The remote uses its token from now on.

    Raises `ForgeError`, also where the repository is archived or the token may not push.
    """
    place = github_place(remote.url, environ)
    if place is None:
        return Hub(why=f"{remote.name} is no GitHub repository that llmreg knows: open the request there by hand")
    key = _find_token(place.host, environ)
    if key is None:
        return Hub(place=place, why=f"no token in {' or '.join(_VARIABLES)}: open the pull request at the page")
    remote.use_token(key)
    if not asked:
        return Hub(place=place)
    from registry_cli.forge.github import GitHub  # noqa: PLC0415  # httpx, for who has a token alone

    forge = GitHub(place, key)
    facts = forge.repository_facts()
    if facts.archived:
        raise ForgeError(f"{place.host}: {facts.full_name} is archived, and takes no pull requests")
    if facts.may_push is False and remote.takes_token:
        raise ForgeError(f"{place.host}: the token in {key.variable} may not push to {facts.full_name}")
    return Hub(forge, place, facts.default_branch)


def _find_token(host: str, environ: Mapping[str, str]) -> SecretKey | None:
    found = [SecretKey(variable, value) for variable in _VARIABLES if (value := environ.get(variable))]
    if not found and (kept := gh_token(host, environ)):
        found = [SecretKey("gh auth token", kept)]
    for key in found[:1]:
        if not key.is_usable():
            raise ForgeError(f"{key.variable} holds a space, a line break or the like; it was not sent")
        return key
    return None
