"""Make provider files from the lists of aggregators: read, merge by precedence, lay out, write what is new."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry_cli.commands.edit.provider_text import provider_text
from registry_cli.core.matching.addresses import known_api
from registry_cli.core.matching.import_merge import keep_sound, merge_observations, note_of
from registry_cli.core.statements.observations import Note, Observations
from registry_cli.core.trust.routes import KeyRoute, key_routes
from registry_cli.errors import FileError, UpstreamError, UsageError
from registry_cli.sources import csv_list, exllm, genai_prices, litellm, llm_prices, model_prices, models_dev
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.provider_files import provider_files
from registry_cli.store.files.durable import make_folder, os_errors_as_faults
from registry_cli.store.files.names import SUFFIXES
from registry_cli.store.files.transaction import FileChange, lock_for_writing, write_files
from registry_cli.store.files.user_files import MAX_LIST_SIZE, read_user_file

if TYPE_CHECKING:
    from registry_cli.core.format.schema import Broken

PARSERS: Mapping[str, Callable[[bytes], Observations]] = {
    models_dev.SOURCE: models_dev.parse,
    litellm.SOURCE: litellm.parse,
    genai_prices.SOURCE: genai_prices.parse,
    llm_prices.SOURCE: llm_prices.parse,
    model_prices.SOURCE: model_prices.parse,
    csv_list.SOURCE: csv_list.parse,
}
# The one that is a folder, read as a catalog is.
SOURCES = (*PARSERS, exllm.SOURCE)
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read and written. `texts` maps each provider to its file's text, written or not."""

    folder: Path
    texts: Mapping[str, str]
    written: tuple[str, ...]
    kept: tuple[str, ...]  # providers whose file was there already, and was left alone
    model_count: int
    notes: tuple[Note, ...]
    own_notes: tuple[Note, ...]  # those about what people wrote themselves, who can mend it
    key_routes: tuple[tuple[str, KeyRoute], ...] = ()  # of the providers that llmreg does not know


def import_catalog(named_files: Sequence[str], *, to: Path, dry_run: bool, now: Callable[[], datetime]) -> Imported:
    """Import `SOURCE=FILE` arguments, the first taking precedence.

    Raises `UsageError` for an argument that is none, `FileError` for a file that cannot be read, is not the source's
    JSON, or cannot be written. Every text is made and checked before the first is written.
    """
    reader = Reader()
    observations = [_read_source(source, path, reader) for source, path in map(_parse_argument, named_files)]
    if len({seen.source for seen in observations}) < len(observations):
        raise UsageError("import: a source is named twice")
    started = now().astimezone(UTC)
    merged = merge_observations(observations, on=started.date().isoformat())
    stamp = started.strftime("%Y-%m-%dT%H:%M:%SZ")
    notes = [note for seen in observations for note in seen.notes] + list(merged.notes)
    texts: dict[str, str] = {}
    for provider_id, body in merged.providers.items():
        if not _FILE_NAME.fullmatch(provider_id):
            notes.append(Note(provider_id, "", "", "", "an id that cannot be a file's name"))
            continue
        texts[provider_id] = provider_text({**body, "updated_at": stamp}, to)
    there = {path.stem.lower() for path in (to.iterdir() if to.is_dir() else ()) if path.suffix in SUFFIXES}
    existing = {provider_id for provider_id in texts if provider_id.lower() in there}
    written = [] if dry_run else _write_folder(to, {name: text for name, text in texts.items() if name not in existing})
    return Imported(
        to,
        texts,
        tuple(written),
        tuple(sorted(existing)),
        sum(len(merged.providers[name]["models"]) for name in texts),
        tuple(notes),
        tuple(note for seen in observations if seen.own for note in seen.notes),
        tuple(_new_routes({name: merged.providers[name] for name in texts.keys() - existing})),
    )


def _new_routes(bodies: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, KeyRoute]]:
    for name, body in sorted(bodies.items()):
        if known_api(name) is None:
            yield from ((name, route) for route in key_routes(name, body.get("api") or {}))


def write_notes(path: Path, notes: Sequence[Note]) -> None:
    """One note a line: `provider/model`, the source's field, its value, the reason, parted by tabs."""
    with os_errors_as_faults(path):
        path.write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")


def _parse_argument(argument: str) -> tuple[str, Path]:
    source, separator, path = argument.partition("=")
    if not separator or not path:
        raise UsageError(f"import: {argument!r} is not SOURCE=FILE")
    if source not in SOURCES:
        raise UsageError(f"import: no source is called {source!r} (there are {', '.join(SOURCES)})")
    return source, Path(path)


def _read_source(source: str, path: Path, reader: Reader) -> Observations:
    """What a file states, without what a catalog cannot hold. Raises `FileError` where nothing of it can be read."""
    seen = read_folder(path, reader) if source == exllm.SOURCE else _parse_file(source, path)
    seen = keep_sound(seen, reader.contract)
    if seen.notes and not seen.model_count():
        first = seen.notes[0]
        about = first.model or first.field or "the first"
        raise FileError(str(path), f"no model of it can be read ({about}: {first.reason})")
    return seen


def read_folder(path: Path, reader: Reader) -> Observations:
    if not path.is_dir():
        raise UsageError(f"import: {exllm.SOURCE}={path}: not a folder of YAML")
    notes: list[Note] = []
    providers = []
    for files in provider_files(path, None):
        broken: list[Broken] = []
        providers.append(reader.read_provider(files, broken.append))
        notes += [note_of(files.id, fault) for fault in broken]
    return replace(exllm.read_providers(providers), notes=tuple(notes))


def _parse_file(source: str, path: Path) -> Observations:
    try:
        return PARSERS[source](read_user_file(path, at_most=MAX_LIST_SIZE))
    except UpstreamError as error:
        raise FileError(str(path), error.message_about(source)) from None


def _write_folder(folder: Path, texts: Mapping[str, str]) -> list[str]:
    make_folder(folder)
    with lock_for_writing(folder):
        write_files(folder, [FileChange(folder / f"{name}.yml", None, text.encode()) for name, text in texts.items()])
    return sorted(texts)
