"""Mistral's list: windows and capabilities, each alias as a row of its own. No prices, no output limit.

Rows with one `name` are one model; the row whose id is that name is the model, the others are its aliases. `created`
is the time of asking. `deprecation` is the day from which calls fail, announced some weeks before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.sources.base import Page, Source
from registry_cli.sources.rows import Rows, is_fine_tune, known_facts, read_flags
from registry_cli.sources.wording import translate_first

_CAPABILITIES = {
    "completion_chat": "chat",
    "completion_fim": "fill_in_the_middle",
    "function_calling": "function_calling",
    "fine_tuning": "fine_tuning",
    "vision": "vision",
    "ocr": "ocr",
    "classification": "classification",
    "moderation": "moderation",
    "audio": "audio_input",
    "audio_transcription": "speech_recognition",
    "audio_transcription_realtime": "realtime",
    "audio_speech": "speech_synthesis",
    "reasoning": "reasoning",
}
# The first that a model has decides. What answers in real time at Mistral are transcriptions.
_MODES = {
    "chat": "chat",
    "speech_recognition": "audio_transcription",
    "realtime": "audio_transcription",
    "speech_synthesis": "audio_speech",
    "ocr": "ocr",
    "moderation": "moderation",
}


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("mistral", provider)
    listed: dict[str, dict[str, Any]] = {}
    disputed: set[str] = set()
    for row in rows.read_rows(pages, "data"):
        model_id = rows.read_id(row.get("id"))
        if model_id is None:
            continue
        plain = row | {"created": None}
        if listed.setdefault(model_id, plain) != plain:
            disputed.add(model_id)
    for model_id in sorted(disputed):
        with rows.guard_row(model_id):
            rows.note("id", model_id, "listed more than once, with different facts")
        del listed[model_id]
    main_rows = [row | {"aliases": _aliases(row, listed)} for row in listed.values() if not _is_alias(row, listed)]
    models = rows.read_models(main_rows, lambda row: row["id"], _read_model)
    return rows.build_observations(models)


def _is_alias(row: Mapping[str, Any], listed: Mapping[str, Any]) -> bool:
    return row.get("name") != row["id"] and str(row.get("name")) in listed


def _aliases(main: Mapping[str, Any], listed: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The ids of the other rows of this model; those it only claims are rows of other models, or disputed."""
    return sorted(
        model_id for model_id, row in listed.items() if row.get("name") == main["id"] and model_id != main["id"]
    )


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    has, denied = read_flags(row.get("capabilities"), _CAPABILITIES)
    retires = rows.read_day("deprecation", row.get("deprecation"))
    facts = known_facts(
        aliases=row["aliases"],
        mode=translate_first(has, _MODES),
        status="deprecated" if retires else None,
        context_window=rows.read_tokens("max_context_length", row.get("max_context_length")),
        capabilities=has,
        retirement_date=retires,
        replacement=rows.read_line("deprecation_replacement_model", row.get("deprecation_replacement_model")),
    )
    own = is_fine_tune(row["id"]) or row.get("type") == "fine-tuned"
    return ObservedModel(row["id"], row["id"], facts, denied, private=own)


SOURCE = Source(
    name="mistral",
    docs="https://docs.mistral.ai/api/endpoint/models",
    base_url="https://api.mistral.ai/v1",
    path="/models",
    parse=parse,
    key="needed",
    key_variables=("MISTRAL_API_KEY",),
    verified=True,
)
