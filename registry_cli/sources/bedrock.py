"""Amazon Bedrock's list of foundation models in one region: names, modalities, lifecycle, limits. No prices.

The limits stand in two fields that its documentation does not have, and that are null in many rows:
`description.maxContextWindow` is free text ("200K", "1M", "163,840"), `converse.maxTokensMaximum` the most that a
request may ask for. That is what the model can write for those of Amazon and Anthropic, but the whole window for most
open ones; so it counts only below a stated window or for these two.

Ids such as `anthropic.claude-v2:1:18k` are sizes of provisioned throughput, not models. Inference profiles (`us.`,
`eu.`) are ids of their own, and in another list. What a row lacks is not denied: half of the rows are bare. Dates of
launch are those of Bedrock, not of the model, and are not taken.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.core.text.secrets import SecretKey
from registry_cli.sources.base import Page, Signing, Source
from registry_cli.sources.modalities import implied_capabilities, in_catalog_order
from registry_cli.sources.rows import Rows, known_facts, read_number
from registry_cli.sources.shapes import list_or_empty, object_or_empty

_PROVISIONED = re.compile(r"[^:]+:[0-9]+:(?:[0-9]+k?|mm)")
_WINDOW = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?) *([KM]?)", re.IGNORECASE)
_TIMES = {"": 1, "K": 1_000, "M": 1_000_000}
_MODALITIES = {"TEXT": "text", "IMAGE": "image", "VIDEO": "video", "SPEECH": "audio", "AUDIO": "audio"}
_MODES = {"EMBEDDING": "embedding", "IMAGE": "image_generation", "VIDEO": "video_generation"}
_OUTPUT_IS_STATED = frozenset({"Amazon", "Anthropic"})
_REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
_ID, _SECRET = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
_BEARER = "AWS_BEARER_TOKEN_BEDROCK"


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("bedrock", provider)
    models = rows.read_models(rows.read_rows(pages, "modelSummaries"), lambda row: row.get("modelId"), _read_model)
    return rows.build_observations(models)


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel | None:
    model_id = row["modelId"]
    if _PROVISIONED.fullmatch(model_id):
        rows.note("modelId", model_id, "a size of provisioned throughput, not a model")
        return None
    made = rows.keep_texts(row.get("outputModalities"))
    modalities = _read_modalities(rows, row, made)
    life = object_or_empty(row.get("modelLifecycle"))
    facts = known_facts(
        name=rows.read_line("modelName", row.get("modelName")),
        mode=_read_mode(row, made),
        status="deprecated" if life.get("status") == "LEGACY" else None,
        **_read_limits(rows, row),
        modalities=modalities,
        capabilities=_read_capabilities(row, made, modalities),
        deprecation_date=rows.read_day("modelLifecycle.legacyTime", life.get("legacyTime")),
        retirement_date=rows.read_day("modelLifecycle.endOfLifeTime", life.get("endOfLifeTime")),
    )
    return ObservedModel(model_id, model_id, facts)


def _read_mode(row: Mapping[str, Any], made: Sequence[str]) -> str | None:
    """None for what makes images of images too: it may generate or edit."""
    edits = made == ["IMAGE"] and "IMAGE" in _input_kinds(row)
    return None if edits else next((mode for theirs, mode in _MODES.items() if made == [theirs]), None)


def _input_kinds(row: Mapping[str, Any]) -> list[str]:
    return [name for name in list_or_empty(row.get("inputModalities")) if isinstance(name, str)]


def _read_limits(rows: Rows, row: Mapping[str, Any]) -> dict[str, int]:
    window = _read_window(rows, object_or_empty(row.get("description")).get("maxContextWindow"))
    most = rows.read_tokens("converse.maxTokensMaximum", object_or_empty(row.get("converse")).get("maxTokensMaximum"))
    below = bool(window and most and most < window)
    return rows.consistent_limits(window, most if below or str(row.get("providerName")) in _OUTPUT_IS_STATED else None)


def _read_window(rows: Rows, text: Any) -> int | None:
    """Tokens from "200K", "1M" or "163,840"."""
    found = _WINDOW.fullmatch(text.strip()) if isinstance(text, str) else None
    number = read_number(found[1].replace(",", "")) if found else None
    if found is None or number is None:
        if text:
            rows.note("description.maxContextWindow", text, "not a number of tokens")
        return None
    return rows.read_tokens("description.maxContextWindow", number * _TIMES[found[2].upper()])


def _read_modalities(rows: Rows, row: Mapping[str, Any], made: Sequence[str]) -> dict[str, list[str]]:
    """Of models that write text only where the row says which documents they read: otherwise it may omit some."""
    taken = [_MODALITIES[name] for name in _input_kinds(row) if name in _MODALITIES]
    gives = [_MODALITIES[name] for name in made if name in _MODALITIES]
    documents = object_or_empty(row.get("converse")).get("userDocumentTypesSupported")
    if not taken or not gives or ("text" in gives and not isinstance(documents, list)):
        return {}
    return {
        "input": in_catalog_order([*taken, *(["pdf"] if "pdf" in rows.keep_texts(documents) else ())]),
        "output": in_catalog_order(gives),
    }


def _read_capabilities(
    row: Mapping[str, Any], made: Sequence[str], modalities: Mapping[str, Sequence[str]]
) -> list[str]:
    converse = object_or_empty(row.get("converse"))
    batches = object_or_empty(row.get("batchSupported"))
    stated = {
        "streaming": row.get("responseStreamingSupported") is True,
        "system_messages": converse.get("systemRoleSupported") is True,
        "reasoning": bool(converse.get("reasoningSupported")),
        "prompt_caching": object_or_empty(row.get("explicitPromptCaching")).get("isSupported") is True,
        "batch_operations": True in (batches.get("baseModelSupported"), batches.get("crossRegionSupported")),
        "vision": "IMAGE" in _input_kinds(row) and "TEXT" in made,
    }
    return list(dict.fromkeys([*(name for name, has in stated.items() if has), *implied_capabilities(modalities)]))


def find_signing(environ: Mapping[str, str]) -> Signing | str:
    """AWS's signature of a request, made by botocore from the credentials of the environment."""
    if not (environ.get(_ID) and environ.get(_SECRET)):
        return f"{_BEARER}, or {_ID} and {_SECRET}, not set"
    try:
        from botocore.auth import SigV4Auth  # noqa: PLC0415  # an extra, and slow to import
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415
        from botocore.credentials import EnvProvider  # noqa: PLC0415
    except ImportError:
        return f"{_ID} is set, but signing is an extra: pip install 'llmreg[bedrock]', or set {_BEARER}"
    credentials = EnvProvider(dict(environ)).load()
    region = next((environ[name] for name in _REGION if environ.get(name)), "")

    def sign_headers(url: str) -> dict[str, str]:
        request = AWSRequest(method="GET", url=url)
        SigV4Auth(credentials, "bedrock", region).add_auth(request)
        return dict(request.headers.items())

    return Signing(SecretKey(_SECRET, environ[_SECRET]), sign_headers)


SOURCE = Source(
    name="bedrock",
    docs="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html",
    base_url="https://bedrock.${" + ",".join(_REGION) + "}.amazonaws.com",
    path="/foundation-models",
    parse=parse,
    key="needed",
    key_variables=(_BEARER,),
    signing=find_signing,
    verified=True,
)
