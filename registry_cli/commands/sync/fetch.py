"""Ask sources, all at once: each has a deadline of its own, and none waits for another or fails with it.

Asking comes first, reading the answers after it, in the order of the questions: which answer came first changes
nothing.
"""

import asyncio
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from registry_cli import clock
from registry_cli.commands.sync.targets import find_target
from registry_cli.core.statements.answers import Answer, Failure, FailureKind
from registry_cli.core.text.secrets import redact_keys
from registry_cli.core.trust.hosts import host_in, is_link_local
from registry_cli.core.trust.known import Pair
from registry_cli.errors import UpstreamError, UsageError
from registry_cli.http import Kept, Limits, Request, RequestError
from registry_cli.http.client import Session
from registry_cli.http.loop import run_coroutine
from registry_cli.http.rules import without_query
from registry_cli.sources.base import Page, Source, Target, pack_pages
from registry_cli.sources.registry import find_source_for
from registry_cli.store.cache.answers import AnswerCache
from registry_cli.store.cache.directory import find_cache
from registry_cli.store.files.durable import make_folder, os_errors_as_faults
from registry_cli.store.files.trusted_pairs import BY_COMMAND, read_user_trust

Wanted = tuple[str, str, Mapping[str, Any]]  # a source's name, a provider's id, the body of its file

_AT_ONCE = 200  # sockets; a process may have 256 files open on some systems
_UNSAFE = re.compile(r"[^A-Za-z0-9._@-]")


@dataclass(frozen=True, slots=True)
class FetchProgress:
    """One source is done: how many are by now, and of how many."""

    source: str
    provider: str | None
    failed: bool
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Asking:
    """How to ask. `record` is a folder for the answers as they came; `keep` allows conditional requests.

    `may_trust` asks the user about a host that a key would go to and that is not trusted with it.
    """

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    limits: Limits = field(default_factory=Limits)
    record: Path | None = None
    keep: bool = True
    progress: Callable[[FetchProgress], None] | None = None
    may_trust: Callable[[Pair], bool] | None = None
    now: Callable[[], datetime] = lambda: clock.current_time()  # noqa: PLW0108  # looked up when it is called


@dataclass(frozen=True, slots=True)
class _Question:
    """A source about one provider, or about all that it covers (None)."""

    source: Source
    provider: str | None
    target: Target | Failure
    local: bool  # a server of one's own machine: there or not, so it is asked once
    expected: bool  # its address is configured, so that its absence is an error

    @property
    def first_request(self) -> Request | None:
        return None if isinstance(self.target, Failure) else self.source.first_request(self.target)

    def make_failure(self, kind: FailureKind, message: str) -> Failure:
        key = self.first_request.key if self.first_request else None
        return Failure(self.source.name, self.provider, kind, redact_keys(message, [key] if key else []))

    def unreadable_failure(self, fault: UpstreamError) -> Failure:
        """The failure of an answer that came and cannot be used: of which host it is, and what is wrong with it."""
        host = urlsplit(self.first_request.url).netloc.rpartition("@")[2] if self.first_request else ""
        return self.make_failure("unreadable", ": ".join(filter(None, (host, fault.message_about(self.source.name)))))


@dataclass(slots=True)
class _Asked:
    """What came of a question: its pages, those that may be kept for next time by address, or why there are none."""

    pages: list[Page] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    failure: Failure | None = None


def fetch_answers(
    wanted: Sequence[Wanted], how: Asking | None = None, meanwhile: Iterable[object] = ()
) -> list[Answer]:
    """An answer for each source and provider, one for all providers where the source covers many. `meanwhile` is work
    in small steps, done until the first answer comes; the rest is not done.

    Raises `UsageError` for a source that llmreg does not know, `FileError` where a recording cannot be written.
    """
    how = how or Asking()
    questions = _plan_questions(wanted, how)
    cache = AnswerCache(find_cache(how.environ)) if how.keep else None
    checked_at = how.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = run_coroutine(_ask_all(questions, how, cache, meanwhile))
    if how.record is not None:
        _record_answers(how.record, zip(questions, asked, strict=True))
    return [
        _read_answer(question, outcome, cache, checked_at) for question, outcome in zip(questions, asked, strict=True)
    ]


def ask_one(request: Request, limits: Limits) -> bytes:
    """The answer to one question, as it came. Raises `RequestError`."""

    async def ask() -> bytes:
        async with Session().conversation(limits) as talk:
            return (await talk.ask(request)).body

    return run_coroutine(ask())


def _plan_questions(wanted: Sequence[Wanted], how: Asking) -> list[_Question]:
    user_trust = dict(read_user_trust(how.environ))
    questions: dict[tuple[str, str | None], _Question] = {}
    for name, provider, body in wanted:
        api = body.get("api") or {}
        source = find_source_for(name, api.get("base_url"), tuple(api.get("key_env") or ()))
        if source is None:
            raise UsageError(f"no source is called {name!r}")
        about = None if source.covers_many else provider
        if (name, about) not in questions:
            local = source.local or body.get("billing") == "local"
            expected = not local or bool(source.host_variable and how.environ.get(source.host_variable))
            found = _trusted_target(source, about, api, how, user_trust)
            questions[name, about] = _Question(source, about, found, local, expected)
    return list(questions.values())


def _trusted_target(
    source: Source, provider: str | None, api: Mapping[str, Any], how: Asking, user_trust: dict[Pair, str]
) -> Target | Failure:
    """How to ask a source, with the host that the user trusts now; `user_trust` grows by it."""
    found = find_target(source, provider, api, how.environ, user_trust)
    pair = found.pair if isinstance(found, Failure) else found.left_out
    if pair is None or how.may_trust is None or is_link_local(host_in(pair.place)) or not how.may_trust(pair):
        return found
    user_trust[pair] = BY_COMMAND
    return find_target(source, provider, api, how.environ, user_trust)


async def _ask_all(
    questions: Sequence[_Question], how: Asking, cache: AnswerCache | None, meanwhile: Iterable[object]
) -> list[_Asked]:
    gate, done = asyncio.Semaphore(_AT_ONCE), 0

    async def ask_and_count(question: _Question) -> _Asked:
        nonlocal done
        async with gate:
            outcome = await _ask_question(session, question, _limits_of(question, how), cache)
        done += 1
        if how.progress is not None:
            failed = outcome.failure is not None
            how.progress(FetchProgress(question.source.name, question.provider, failed, done, len(questions)))
        return outcome

    session = Session()
    asked = asyncio.gather(*map(ask_and_count, questions))
    for _ in meanwhile:
        await asyncio.sleep(0)  # whatever has come in goes first
        if done:
            break
    return await asked


async def _ask_question(session: Session, question: _Question, limits: Limits, cache: AnswerCache | None) -> _Asked:
    """Every page of a source, or none: a listing of which a page fails is not a shorter listing."""
    outcome, first = _Asked(), question.first_request
    if isinstance(question.target, Failure):
        outcome.failure = question.target
    if first is None:
        return outcome
    try:
        async with session.conversation(limits) as talk:
            waiting = [first]
            while waiting:
                request = waiting.pop(0)
                kept = (
                    cache.read_answer(request.url) if cache and request.key is None and request.json is None else None
                )
                reply = await talk.ask(request, kept)
                outcome.pages.append(Page(reply.body, request.about))
                if reply.kept and not reply.unchanged:
                    outcome.kept[request.url] = reply.kept
                waiting += question.source.next_requests(request, reply.body)
    except RequestError as fault:
        # Most people run no such server: one that is not configured is skipped like a source without its key.
        absent = fault.kind == "unreachable" and not question.expected and not outcome.pages
        outcome.failure = question.make_failure("no-key" if absent else fault.kind, fault.message)
    except UpstreamError as fault:
        outcome.failure = question.unreadable_failure(fault)
    return outcome


def _limits_of(question: _Question, how: Asking) -> Limits:
    return replace(how.limits, attempts=1, connect=2.0) if question.local else how.limits


def _read_answer(question: _Question, outcome: _Asked, cache: AnswerCache | None, checked_at: str) -> Answer:
    source, provider, failure, observations = question.source, question.provider, outcome.failure, None
    if failure is None:
        try:
            observations = source.read_answers(outcome.pages, provider or source.name)
        except UpstreamError as fault:
            failure = question.unreadable_failure(fault)
    if cache is not None and observations is not None:
        for url, kept in outcome.kept.items():
            cache.write_answer(url, kept)
    url = without_query(question.first_request.url) if question.first_request else ""
    return Answer(
        source.name,
        provider,
        observations,
        failure,
        checked_at,
        url,
        source.verified,
        lifecycle=source.lifecycle,
        complete=source.is_complete,
        is_provider_list=source.is_provider_list,
    )


def _record_answers(folder: Path, results: Any) -> None:
    """The answers as they came, a file a source: what `--from` reads. None that failed: half a listing is none."""
    make_folder(folder)
    for question, outcome in results:
        if outcome.failure is None and outcome.pages:
            about = question.provider if question.provider != question.source.name else None
            name = _UNSAFE.sub("_", "@".join(filter(None, (question.source.name, about))))
            path = folder / f"{name.lstrip('.')}.json"
            with os_errors_as_faults(path):
                path.write_bytes(pack_pages(outcome.pages))
