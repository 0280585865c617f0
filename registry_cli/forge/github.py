"""Pull requests of GitHub and GitHub Enterprise, over its REST API (version 2022-11-28)."""

import json
import time
from collections.abc import Sequence
from time import sleep
from typing import Any
from urllib.parse import quote, urlencode

from registry_cli.core.text.secrets import SecretKey, quote_redacted
from registry_cli.errors import ForgeError
from registry_cli.forge.base import ExistsError, PullRequest, RepositoryFacts
from registry_cli.forge.limits import limit_wait
from registry_cli.forge.places import ForgeRepository
from registry_cli.http import Limits, Reply, Request, RequestError
from registry_cli.http.client import Session
from registry_cli.http.loop import run_coroutine

BETWEEN_WRITES = 1.0  # seconds: GitHub's own advice against its second kind of limit
PATIENCE = 300.0  # longest wait for a rate limit, in seconds; for a longer one the run ends with an error
RETRY_PAUSE = 1.0  # seconds before the second attempt where the server failed; doubled each time
_ATTEMPTS = 4
_LIMITS = Limits(deadline=30.0, bytes=16 << 20, attempts=1)
_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_SAID = 300
_ACTIONS_MAY_NOT = "not permitted to create or approve pull requests"
_ALLOW = "Allow GitHub Actions to create and approve pull requests"  # the label on GitHub's settings page


class GitHub:
    """One repository, as the owner of a token sees it."""

    def __init__(self, place: ForgeRepository, key: SecretKey) -> None:
        self._place, self._key = place, key
        self._home = f"/repos/{quote(place.owner)}/{quote(place.name)}"
        self._session = Session()
        self._wrote_at: float | None = None

    def repository_facts(self) -> RepositoryFacts:
        found = self._ask_json("GET", "")
        permissions = found.get("permissions")
        return RepositoryFacts(
            full_name=_text_at(found, "full_name"),
            default_branch=_text_at(found, "default_branch"),
            archived=found.get("archived") is True,
            may_push=permissions.get("push") is True if isinstance(permissions, dict) else None,
        )

    def open_requests(self, branch: str) -> list[PullRequest]:
        return self._list_requests(branch, state="open")

    def closed_requests(self, branch: str) -> list[PullRequest]:
        return self._list_requests(branch, state="closed", sort="updated", direction="desc")

    def _list_requests(self, branch: str, **narrowed: str) -> list[PullRequest]:
        query = urlencode({**narrowed, "head": f"{self._place.owner}:{branch}", "per_page": "100"})
        found = self._ask_json("GET", f"/pulls?{query}", kind=list)
        return [_pull_request(request) for request in found if self._is_from(request, branch)]

    def _is_from(self, found: Any, branch: str) -> bool:
        """Whether a pull request comes from this repository's branch, and not from one of the same name in a fork."""
        head = found.get("head") if isinstance(found, dict) else None
        repository = head.get("repo") if isinstance(head, dict) else None
        own = f"{self._place.owner}/{self._place.name}".lower()
        home = _text_at(repository, "full_name").lower() if isinstance(repository, dict) else ""
        return home == own and _text_at(head, "ref") == branch

    def create_request(self, branch: str, base: str, title: str, body: str, *, draft: bool) -> PullRequest:
        wanted = {"title": title, "head": branch, "base": base, "body": body, "draft": draft}
        return _pull_request(self._ask_json("POST", "/pulls", {**wanted, "maintainer_can_modify": True}))

    def update_request(self, number: int, *, title: str, body: str, base: str) -> None:
        self._ask_json("PATCH", f"/pulls/{number}", {"title": title, "body": body, "base": base})

    def close_request(self, number: int, *, body: str, comment: str) -> None:
        self._ask_json("PATCH", f"/pulls/{number}", {"state": "closed", "body": body})
        self._ask_json("POST", f"/issues/{number}/comments", {"body": comment})

    def add_labels(self, number: int, labels: Sequence[str]) -> None:
        self._ask_json("POST", f"/issues/{number}/labels", {"labels": list(labels)}, kind=list)

    def assign_people(self, number: int, people: Sequence[str]) -> None:
        self._ask_json("POST", f"/issues/{number}/assignees", {"assignees": list(people)})

    def ask_review(self, number: int, reviewers: Sequence[str]) -> None:
        """Request reviews from users and teams; a team is `org/team`."""
        teams = [name.partition("/")[2] for name in reviewers if "/" in name]
        users = [name for name in reviewers if "/" not in name]
        wanted = {"reviewers": users, "team_reviewers": teams}
        self._ask_json("POST", f"/pulls/{number}/requested_reviewers", wanted)

    def _ask_json(self, method: str, path: str, content: Any = None, kind: type = dict) -> Any:
        """Return the JSON of a successful answer. Raises `ForgeError`, `ExistsError`."""
        attempt, reply = 1, self._send_request(method, path, content)
        while attempt < _ATTEMPTS and (wait := self._retry_wait(method, reply, attempt)) is not None:
            sleep(wait)
            attempt, reply = attempt + 1, self._send_request(method, path, content)
        if not 200 <= reply.status < 300:  # noqa: PLR2004  # HTTP's successes
            raise self._reply_error(method, path, reply)
        value = _parse_json(reply.body)
        if not isinstance(value, kind):
            raise ForgeError(
                f"{self._place.host}: {method} {self._home}{path.partition('?')[0]}: not an answer of GitHub"
            )
        return value

    def _send_request(self, method: str, path: str, content: Any) -> Reply:
        if method != "GET":
            self._space_out()
        request = Request(
            f"{self._place.api}{self._home}{path}",
            headers=_HEADERS,
            json=None if content is None else json.dumps(content),
            key=self._key,
            method=method,
            open=True,
        )

        async def ask() -> Reply:
            async with self._session.conversation(_LIMITS) as talk:
                return await talk.ask(request)

        try:
            return run_coroutine(ask())
        except RequestError as fault:
            raise ForgeError(fault.message) from None

    def _space_out(self) -> None:
        """Wait until the last write was a second ago."""
        if self._wrote_at is not None and (early := self._wrote_at + BETWEEN_WRITES - time.monotonic()) > 0:
            sleep(early)
        self._wrote_at = time.monotonic()

    def _retry_wait(self, method: str, reply: Reply, attempt: int) -> float | None:
        """Return the seconds to wait before another attempt; None for no other attempt."""
        wait = limit_wait(reply.status, reply.headers, reply.body, time.time(), attempt)
        if wait is not None:
            if wait > PATIENCE:
                raise ForgeError(f"{self._place.host}: its rate limit is met, for another {wait / 60:.0f} minutes")
            return wait
        # A POST may have succeeded in spite of the answer: a second one would make a second comment.
        again = method != "POST" and reply.status >= 500  # noqa: PLR2004  # the server's own faults
        return RETRY_PAUSE * 2.0 ** (attempt - 1) if again else None

    def _reply_error(self, method: str, path: str, reply: Reply) -> Exception:
        said = _error_words(reply.body)
        if reply.status == 422 and "already exists" in said:  # noqa: PLR2004
            return ExistsError()
        host, name = self._place.host, f"{self._place.owner}/{self._place.name}"
        if reply.status == 401:  # noqa: PLR2004
            return ForgeError(f"{host}: refused the token in {self._key.variable} (401)")
        if reply.status == 404 and not path:  # noqa: PLR2004
            return ForgeError(f"{host}: {name} is not there for the token in {self._key.variable} (404)")
        if reply.status == 403 and _ACTIONS_MAY_NOT in said:  # noqa: PLR2004
            return ForgeError(
                f"{host}: {said} To allow it: {name}, Settings, Actions, General, Workflow permissions, {_ALLOW!r} (an "
                "organization may have to allow it first). The branch is pushed; the next run opens its pull request"
            )
        what = f"{method} {self._home}{path.partition('?')[0]}"
        words = quote_redacted(said, [self._key], _SAID)[1:-1]
        return ForgeError(f"{host}: {what} answered {reply.status}{f': {words}' if words else ''}")


def _error_words(body: bytes) -> str:
    """Return the error messages in an answer; empty where there are none."""
    value = _parse_json(body)
    if not isinstance(value, dict):
        return ""
    errors = value.get("errors")
    details = []
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, str):
            details.append(error)
        elif isinstance(error, dict):
            details.append(str(error.get("message") or ""))
    return "; ".join(filter(None, [_text_at(value, "message"), *details]))


def _parse_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _pull_request(found: Any) -> PullRequest:
    number = found.get("number")
    if not isinstance(number, int):
        raise ForgeError("a pull request without a number: not an answer of GitHub")
    return PullRequest(
        number,
        _text_at(found, "html_url"),
        _text_at(found, "title"),
        _text_at(found, "body").replace("\r\n", "\n"),
        _text_at(found.get("base"), "ref"),
        _text_at(found.get("head"), "sha"),
        merged=bool(found.get("merged_at")),
    )


def _text_at(found: Any, name: str) -> str:
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""
