"""Answers of sources: from files where they were recorded, else from the network."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from registry_cli.commands.sync.run import Ask, Wanted
from registry_cli.core.statements.answers import Answer, Failure
from registry_cli.errors import UpstreamError, UsageError
from registry_cli.sources.base import Source, unpack_pages
from registry_cli.sources.registry import find_source_for
from registry_cli.store.files.user_files import MAX_LIST_SIZE, read_user_file


def parse_source_files(texts: Sequence[str], where: str = "--from") -> dict[str, Path]:
    """`SOURCE=FILE` arguments; `where` is the option or command that has them. Raises `UsageError`."""
    files: dict[str, Path] = {}
    for text in texts:
        source, sign, path = text.partition("=")
        if not sign or not source or not path:
            raise UsageError(f"{where}: {text!r} is not SOURCE=FILE")
        if source in files:
            raise UsageError(f"{where}: {source} is named twice")
        files[source] = Path(path)
    return files


def parse_days(texts: Sequence[str], files: Mapping[str, Path], stamp: str) -> dict[str, str]:
    """`SOURCE=DATE` arguments: when each recorded answer was given, to the second as `stamp` is, which is now; it is
    now for the others. Raises `UsageError`."""
    days: dict[str, str] = {}
    for text in texts:
        source, sign, day = text.partition("=")
        if not sign or source not in files:
            raise UsageError(f"--recorded-on: {text!r} is not SOURCE=DATE of a source that is named")
        try:
            found = date.fromisoformat(day).isoformat()
        except ValueError:
            raise UsageError(f"--recorded-on: {day!r} is not a day such as 2026-01-15") from None
        if found > stamp[:10]:
            raise UsageError(f"--recorded-on: {day} is still to come")
        days[source] = stamp if found == stamp[:10] else f"{found}T00:00:00Z"
    return dict.fromkeys(files, stamp) | days


def recorded_fetcher(
    files: Mapping[str, Path], times: Mapping[str, str], fetch: Ask | None, undated: Collection[str] = ()
) -> Ask:
    """Return a fetcher that reads these files, each with the time of its recording, and asks other sources by `fetch`;
    without `fetch` it asks none. The times of the `undated` are not known."""

    def ask(wanted: Sequence[Wanted], meanwhile: Iterable[object] = ()) -> list[Answer]:
        unasked = files.keys() - {source for source, _, _ in wanted}
        if unasked:
            raise UsageError(f"--from: {', '.join(sorted(unasked))} is no source of the providers that are synced")
        read = _read_answers([each for each in wanted if each[0] in files], files, times)
        answers = [replace(answer, dated=answer.source not in undated) for answer in read]
        others = [each for each in wanted if each[0] not in files]
        return [*answers, *(fetch(others, meanwhile=meanwhile) if fetch and others else ())]

    return ask


def _read_answers(wanted: Sequence[Wanted], files: Mapping[str, Path], times: Mapping[str, str]) -> list[Answer]:
    """An answer for each provider, one for all where the source covers many."""
    answers: dict[tuple[str, str | None], Answer] = {}
    for name, provider, body in wanted:
        api = body.get("api") or {}
        source = find_source_for(name, api.get("base_url"), tuple(api.get("key_env") or ()))
        about = None if source is None or source.covers_many else provider
        if source is not None and (name, about) not in answers:
            answers[name, about] = _parse_answer(source, name, about, files[name], times[name])
    return list(answers.values())


def _parse_answer(source: Source, name: str, provider: str | None, path: Path, checked_at: str) -> Answer:
    data = read_user_file(path, at_most=MAX_LIST_SIZE)
    try:
        observations = source.read_answers(unpack_pages(data), provider or name)
        return Answer(
            name,
            provider,
            observations,
            None,
            checked_at,
            str(path),
            source.verified,
            recorded=True,
            lifecycle=source.lifecycle,
            complete=source.is_complete,
            is_provider_list=source.is_provider_list,
        )
    except UpstreamError as error:
        message = f"{path}: {error.message_about(name)}"
        return Answer(name, provider, None, Failure(name, provider, "unreadable", message), checked_at, str(path))
