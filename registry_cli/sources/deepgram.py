"""Deepgram's lists of what hears and what speaks: names and kinds. No prices, no limits.

What hears is there once for each language and version; its `canonical_name` is what calls use, and the rows of one
name are one model. What speaks is a list of voices; they belong to the generation that is sold, which is the model.
`version` is not a date of release.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.sources.base import Page, Source
from registry_cli.sources.rows import Rows, known_facts

_HEARS = {"mode": "audio_transcription", "modalities": {"input": ["audio"], "output": ["text"]}}
_SPEAKS = {"mode": "audio_speech", "modalities": {"input": ["text"], "output": ["audio"]}}


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("deepgram", provider)
    models = [
        *rows.read_models(
            _merge_rows(rows.read_rows(pages, "stt"), "canonical_name"), lambda row: row["id"], _model_reader(_HEARS)
        ),
        *rows.read_models(
            _merge_rows(rows.read_rows(pages, "tts"), "architecture"), lambda row: row["id"], _model_reader(_SPEAKS)
        ),
    ]
    return rows.build_observations(tuple(models))


def _merge_rows(listed: Sequence[Mapping[str, Any]], key: str) -> list[Mapping[str, Any]]:
    """Each name once; it streams where one of its rows does."""
    named: dict[Any, bool] = {}
    for row in listed:
        name = row.get(key) if isinstance(row.get(key), str) else None
        named[name] = named.get(name, False) or row.get("streaming") is True
    return [{"id": name, "streaming": streaming} for name, streaming in named.items()]


def _model_reader(kind: Mapping[str, Any]) -> Any:
    def read_model(_rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
        facts = known_facts(**kind, capabilities=["streaming"] if row["streaming"] else [])
        return ObservedModel(row["id"], row["id"], facts)

    return read_model


SOURCE = Source(
    name="deepgram",
    docs="https://developers.deepgram.com/reference/manage/models/list",
    base_url="https://api.deepgram.com/v1",
    path="/models",
    incomplete=True,
    parse=parse,
    key="needed",
    key_variables=("DEEPGRAM_API_KEY",),
    key_prefix="Token ",
    verified=True,
)
