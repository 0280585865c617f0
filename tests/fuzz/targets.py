"""What is fuzzed: for each family of outside data its seeds, how they are mutated, and what reads them.

A target raises nothing but what a person may see: an error of `registry_cli.errors`. An input of the families `sources`
and `imports` begins with a line that names the source.
"""

import json
import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from registry_cli.commands.billing.usage_file import read_calls
from registry_cli.commands.sync.import_catalog import PARSERS, import_catalog
from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.catalog.build import build_model, build_provider
from registry_cli.core.catalog.models import Model
from registry_cli.core.checks.checker import Judge, examine_bytes
from registry_cli.core.checks.settings import examine_settings
from registry_cli.core.format.schema import Contract
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.responses.lines import LeftOutLine
from registry_cli.core.statements.record import format_record, parse_record
from registry_cli.core.statements.record_faults import record_faults
from registry_cli.errors import LlmregError
from registry_cli.sources.base import Page, Target
from registry_cli.sources.registry import find_source
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.load import Reader
from registry_cli.yamledit.document import Scalars, decode_utf8, read_document
from tests.fuzz.mutation import mutate_json, mutate_lines, mutate_text
from tests.fuzz.seeds import IMPORTS, RECORDS, SETTINGS, SOURCES, USAGE, YAML
from tests.support.random_syncs import DAY, STAMP, again, file_of, plan, says

Mutator = Callable[[bytes, random.Random], bytes]
_NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


@dataclass(frozen=True)
class Family:
    """`check` runs llmreg on one input; it lets through only what is not llmreg's own error."""

    seeds: tuple[bytes, ...]
    mutate: Mutator
    read: Callable[[bytes], object]

    def check(self, data: bytes) -> None:
        try:
            self.read(data)
        except LlmregError as error:
            str(error)


def _named(text: bytes) -> tuple[str, bytes]:
    name, _, body = text.partition(b"\n")
    return name.decode("ascii", "ignore"), body


def mutate_named(data: bytes, rng: random.Random) -> bytes:
    """Mutates what stands under the line that names the source."""
    name, body = _named(data)
    return name.encode() + b"\n" + (mutate_text if name == "csv" else mutate_json)(body, rng)


def read_source(data: bytes) -> None:
    """Reads an answer of a source, looks for its next page, and plans a sync of what it states, twice."""
    name, body = _named(data)
    source = find_source(name)
    if source is None:
        return
    source.follow(source.first_request(Target(source.base_url)), body)
    seen = source.parse([Page(body)], name)
    models = [model for provider in seen.providers for model in provider.models]
    done = plan(file_of(), {}, says(name, *models))
    assert again(done, says(name, *models)).items_with("applied", "new") == []


def read_import(data: bytes) -> None:
    """Imports a file, up to the texts that would be written."""
    source, body = _named(data)
    if source not in PARSERS:
        return
    path = _scratch() / "import"
    path.write_bytes(body)
    import_catalog([f"{source}={path}"], to=_scratch() / "models", dry_run=True, now=lambda: _NOW)


def read_usage(data: bytes) -> None:
    """Reads usage blocks and prices them."""
    path = _scratch() / "usage"
    path.write_bytes(data)
    price = ModelPrice(_model())
    for item in read_calls(path):
        if not isinstance(item, LeftOutLine):
            for call in (item.call, *item.call.side_calls):
                given = Conditions(day=DAY).filled_from(call.service_tier, call.region)
                assert price.bill_call(call.usage, given).total >= 0


def read_records(data: bytes) -> None:
    """Checks a record, reads it, and plans a sync with it and an answer."""
    text = data.decode(errors="replace")
    list(record_faults(text, STAMP))
    record = parse_record(text, "acme.jsonl")
    assert parse_record(format_record(record), "acme.jsonl") == record
    answer = json.loads(SOURCES[0].partition(b"\n")[2])
    models = find_source("models.dev").parse([Page(json.dumps(answer).encode())], "acme").providers[0].models
    value = file_of(**{name.replace("-", "_"): {"context_window": 5} for name in list(record)[:3] if name.isascii()})
    plan(value, record, says("models.dev", *models))


def read_settings(data: bytes) -> None:
    """Checks settings."""
    examine_settings(data, _settings_contract())


def read_yaml(data: bytes) -> None:
    """Checks a provider file, finds the place of each mark, and builds the provider where it is sound."""
    reader, judge, scalars = _reading()
    lines = data.count(b"\n") + data.count(b"\r") + 2
    for mark in examine_bytes(data, "acme", judge, scalars).marks:
        assert 1 <= mark.line <= lines
        assert mark.column >= 1
    document = read_document(decode_utf8(data), scalars)
    document.misread_positions()
    for key in document.value if isinstance(document.value, dict) else ():
        assert 1 <= document.position_of((key,)).line <= lines
    if not document.faults and reader.contract.accepts(document.value):
        build_provider("acme", [document.value], None, reader.vocabulary)


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="llmreg-fuzz-"))


@cache
def _reading() -> tuple[Reader, Judge, Scalars]:
    reader = Reader()
    return reader, Judge(reader.contract, reader.vocabulary, DAY), Scalars()


@cache
def _settings_contract() -> Contract:
    return Contract(json.loads((bundled_data() / "schema" / "settings.schema.json").read_bytes()))


@cache
def _model() -> Model:
    pricing = {
        "input": 10,
        "output": 50,
        "cache_read": 1,
        "variants": [{"when": {"service_tier": "batch"}, "multiply": 0.5}],
    }
    return build_model("acme", "m1", {"pricing": pricing}, None, Vocabulary({}))


FAMILIES = {
    "sources": Family(SOURCES, mutate_named, read_source),
    "imports": Family(IMPORTS, mutate_named, read_import),
    "usage": Family(USAGE, mutate_lines, read_usage),
    "records": Family(RECORDS, mutate_lines, read_records),
    "settings": Family(SETTINGS, mutate_text, read_settings),
    "yaml": Family(YAML, mutate_text, read_yaml),
}
