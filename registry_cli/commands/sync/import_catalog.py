"""Make provider files from the lists of aggregators: read, merge by precedence, lay out, write what is new."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from registry_cli.commands.edit.provider_text import provider_text
from registry_cli.core.sync.import_merge import merge
from registry_cli.core.sync.observations import Note, Observations
from registry_cli.errors import FileError, UpstreamError, UsageError
from registry_cli.sources import csv_list, exllm, genai_prices, litellm, llm_prices, models_dev
from registry_cli.store.catalog.load import load_catalog
from registry_cli.store.catalog.locate import SUFFIXES
from registry_cli.store.catalog.provider_files import provider_files
from registry_cli.store.files.durable import faults_of, make_folder
from registry_cli.store.files.transaction import Change, write_files, writing
from registry_cli.store.files.user_files import MAX_LIST_SIZE, read_user_file
from registry_cli.yamledit.escapes import UNSAFE, escaped

PARSERS: Mapping[str, Callable[[bytes], Observations]] = {
    models_dev.SOURCE: models_dev.parse,
    litellm.SOURCE: litellm.parse,
    genai_prices.SOURCE: genai_prices.parse,
    llm_prices.SOURCE: llm_prices.parse,
    csv_list.SOURCE: csv_list.parse,
}
# The one that is a folder, read as a catalog is.
SOURCES = (*PARSERS, exllm.SOURCE)
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_UNSAFE_ID = re.compile(rf"{UNSAFE.pattern}|[\r\n\t]")


@dataclass(frozen=True, slots=True)
class Imported:
    """What was read and written. `texts` maps each provider to its file's text, written or not."""

    folder: Path
    texts: Mapping[str, str]
    written: tuple[str, ...]
    kept: tuple[str, ...]  # providers whose file was there already, and was left alone
    model_count: int
    notes: tuple[Note, ...]


def import_catalog(named_files: Sequence[str], *, to: Path, dry_run: bool, now: Callable[[], datetime]) -> Imported:
    """Import `SOURCE=FILE` arguments, the first taking precedence.

    Raises `UsageError` for an argument that is none, `FileError` for a file that cannot be read, is not the source's
    JSON, or cannot be written. Every text is made and checked before the first is written.
    """
    observations = [_read(source, path) for source, path in map(_argument, named_files)]
    if len({seen.source for seen in observations}) < len(observations):
        raise UsageError("import: a source is named twice")
    started = now().astimezone(UTC)
    merged = merge(observations, on=started.date().isoformat())
    stamp = started.strftime("%Y-%m-%dT%H:%M:%SZ")
    notes = [note for seen in observations for note in seen.notes] + list(merged.notes)
    texts: dict[str, str] = {}
    for provider_id, body in merged.providers.items():
        if not _FILE_NAME.fullmatch(provider_id):
            notes.append(Note(provider_id, "", "", "", "an id that cannot be a file's name"))
            continue
        models = {name: model for name, model in body["models"].items() if not _UNSAFE_ID.search(name)}
        for name in body["models"].keys() - models.keys():
            notes.append(Note(provider_id, escaped(name), "", "", "an id with a character that cannot be seen"))
        texts[provider_id] = provider_text({**body, "models": models, "updated_at": stamp}, to)
    there = {path.stem.lower() for path in (to.iterdir() if to.is_dir() else ()) if path.suffix in SUFFIXES}
    existing = {provider_id for provider_id in texts if provider_id.lower() in there}
    written = [] if dry_run else _write(to, {name: text for name, text in texts.items() if name not in existing})
    return Imported(
        to,
        texts,
        tuple(written),
        tuple(sorted(existing)),
        sum(len(merged.providers[name]["models"]) for name in texts),
        tuple(notes),
    )


def write_notes(path: Path, notes: Sequence[Note]) -> None:
    """One note a line: `provider/model`, the source's field, its value, the reason, parted by tabs."""
    with faults_of(path):
        path.write_text("".join(f"{note}\n" for note in notes), encoding="utf-8")


def _argument(argument: str) -> tuple[str, Path]:
    source, separator, path = argument.partition("=")
    if not separator or not path:
        raise UsageError(f"import: {argument!r} is not SOURCE=FILE")
    if source not in SOURCES:
        raise UsageError(f"import: no source is called {source!r} (there are {', '.join(SOURCES)})")
    return source, Path(path)


def _read(source: str, path: Path) -> Observations:
    if source == exllm.SOURCE:
        if not path.is_dir():
            raise UsageError(f"import: {source}={path}: not a folder of YAML")
        return exllm.observe(load_catalog(provider_files(path, None)).providers.values())
    try:
        return PARSERS[source](read_user_file(path, at_most=MAX_LIST_SIZE))
    except UpstreamError as error:
        raise FileError(str(path), error.message) from None


def _write(folder: Path, texts: Mapping[str, str]) -> list[str]:
    make_folder(folder)
    with writing(folder):
        write_files(folder, [Change(folder / f"{name}.yml", None, text.encode()) for name, text in texts.items()])
    return sorted(texts)
