"""Read the catalog, LiteLLM's map and models.dev's list, each in a few lines of code of its own.

Nothing of llmreg is used here, so that a fault of its readers shows. Every list answers the same two questions:
which entry a provider's model has, and what that entry states for a column of a makers' page. `None` is "not stated".

* An id matches exactly, else as an alias of an entry, else without a publisher in front (`qwen/qwen3-coder`) or
  Vertex AI's version behind (`@default`, `@20250805`).
* LiteLLM's `max_input_tokens` stands for the context window as well, and models.dev's `limit.context` for the input
  limit, because neither tells the two apart.
* A rate for audio, image or video that is not stated falls back to the general rate, as in the catalog's schema.
* LiteLLM's `deprecation_date` is the day on which calls begin to fail: the retirement date here.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

_YamlLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

TODAY = "2026-11-30"
MILLION = 1_000_000
Record = Mapping[str, Any]

# Our provider id -> the ids that LiteLLM and models.dev use, where they differ.
LITELLM_PROVIDERS = {
    "azure": ("azure", "azure_text"),
    "bedrock": ("bedrock", "bedrock_converse", "bedrock_mantle"),
    "cohere": ("cohere", "cohere_chat"),
    "fireworks_ai": ("fireworks_ai", "fireworks_ai-embedding-models"),
    "mistral": ("mistral", "codestral"),
    "moonshotai": ("moonshot",),
    "novita-ai": ("novita",),
    "openai": ("openai", "text-completion-openai"),
    "vercel": ("vercel_ai_gateway",),
}
MODELS_DEV_PROVIDERS = {
    "azure_ai": ("azure", "azure-cognitive-services"),
    "bedrock": ("amazon-bedrock",),
    "cloudflare": ("cloudflare-workers-ai",),
    "fireworks_ai": ("fireworks-ai",),
    "gemini": ("google",),
    "kimi-for-coding": ("kimi-for-coding", "kimi-code-plan-global"),
    "together_ai": ("togetherai",),
    "vertex_ai": ("google-vertex", "google-vertex-anthropic"),
}
LITELLM_RATES = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost",
    "cache_write": "cache_creation_input_token_cost",
    "cache_write_1h": "cache_creation_input_token_cost_above_1hr",
    "input_audio": "input_cost_per_audio_token",
    "output_audio": "output_cost_per_audio_token",
    "input_image": "input_cost_per_image_token",
    "output_image": "output_cost_per_image_token",
    "cache_read_audio": "cache_read_input_audio_token_cost",
    "cache_read_image": "cache_read_input_image_token_cost",
}
LITELLM_TIERS = {"batch": "_batches", "flex": "_flex", "priority": "_priority"}
LITELLM_CAPABILITIES = {"structured_output": "supports_response_schema"}
MODELS_DEV_CAPABILITIES = {
    "function_calling": "tool_call",
    "structured_output": "structured_output",
    "reasoning": "reasoning",
}
LIVE, DEPRECATED, RETIRED = "live", "deprecated", "retired"


@dataclass(frozen=True)
class Entry:
    """What a list states of one model."""

    ids: frozenset[str]
    state: Callable[[str], Any]
    """The value of a column, or None where it is not stated."""


@dataclass
class FactList:
    """A list of models: the catalog, LiteLLM's map or models.dev's list."""

    name: str
    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    bare: dict[str, dict[str, list[Entry]]] = field(default_factory=dict)

    def add(self, provider: str, names: Iterable[str], state: Callable[[str], Any]) -> None:
        entry = Entry(frozenset(names), state)
        for number, name in enumerate(names):
            if number == 0:
                self.entries.setdefault(provider, {})[name] = entry
            else:
                self.entries.setdefault(provider, {}).setdefault(name, entry)
            self.bare.setdefault(provider, {}).setdefault(strip_publisher(name), []).append(entry)

    def find(self, provider: str, model: str) -> Entry | None:
        exact = self.entries.get(provider, {}).get(model)
        if exact is not None:
            return exact
        near = self.bare.get(provider, {}).get(strip_publisher(model), [])
        return near[0] if near and all(entry is near[0] for entry in near) else None


def strip_publisher(model: str) -> str:
    """Return an id without the publisher in front of it and Vertex AI's version behind it."""
    return re.sub(r"@(default|\d{8})$", "", model.rpartition("/")[2])


def read_catalog(directory: Path, providers: Iterable[str]) -> FactList:
    """Read some provider files of a catalog directory."""
    facts = FactList("catalog")
    for provider in providers:
        path = directory / f"{provider}.yml"
        if not path.exists():
            continue
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_YamlLoader)  # noqa: S506 (a safe loader)
        for name, model in (content.get("models") or {}).items():
            record = {**(content.get("defaults") or {}), **(model or {})}
            names = [str(name), *map(str, record.get("aliases") or [])]
            facts.add(provider, names, _CatalogModel(record).state)
    return facts


@dataclass(frozen=True)
class _CatalogModel:
    record: Record

    def state(self, column: str) -> Any:
        head, _, rest = column.partition(".")
        if head == "pricing":
            return self._price(rest)
        if head == "modalities":
            return (self.record.get("modalities") or {}).get(rest)
        if head == "capabilities":
            return self._capability(rest)
        if column == "status":
            dates = (self.record.get("deprecation_date"), self.record.get("retirement_date"))
            return status_of(self.record.get("status"), *dates)
        if column in ("context_window", "max_input_tokens"):
            other = {"context_window": "max_input_tokens", "max_input_tokens": "context_window"}[column]
            return self.record.get(column) or self.record.get(other)
        return self.record.get(column)

    def _capability(self, name: str) -> bool | None:
        listed = self.record.get("capabilities") or []
        pairs: list[tuple[str, Any]] = []
        for item in listed.items() if isinstance(listed, dict) else listed:
            pairs += item.items() if isinstance(item, dict) else [item if isinstance(item, tuple) else (item, True)]
        details = dict(pairs).get(name)
        if isinstance(details, Mapping):
            return bool(details.get("supported", True))
        return details

    def _price(self, column: str) -> float | None:
        pricing = self.record.get("pricing") or {}
        if pricing.get("currency", "USD") != "USD":
            return None
        condition, _, rate = column.rpartition(".")
        if not condition:
            return _rate_of(pricing, rate)
        if condition.endswith("peak"):
            return self._peak_price(pricing, rate, high=condition == "peak")
        tier = condition if condition in LITELLM_TIERS else None
        threshold = None if tier else threshold_of(condition)
        price, applied = _rate_of(pricing, rate), False
        factor = 1.0
        for variant in pricing.get("variants") or []:
            if not _holds(variant.get("when") or {}, tier, threshold):
                continue
            applied = applied or _is_asked(variant["when"], tier, threshold)
            stated = _rate_of(variant, rate)
            price = price if stated is None else stated
            factor *= variant.get("multiply", 1)
        return price * factor if applied and price is not None else None

    def _peak_price(self, pricing: Record, rate: str, *, high: bool) -> float | None:
        timed = [variant for variant in pricing.get("variants") or [] if "utc" in (variant.get("when") or {})]
        base = _rate_of(pricing, rate)
        stated = [_rate_of(variant, rate) for variant in timed]
        stated += [base * variant["multiply"] for variant in timed if base is not None and "multiply" in variant]
        prices = [price for price in [base, *stated] if price is not None]
        if not timed or not prices:
            return None
        return max(prices) if high else min(prices)


def _rate_of(rates: Record, rate: str) -> float | None:
    """Return a rate, or the general rate that covers it where it is not stated."""
    for suffix in ("", "_audio", "_image", "_video"):
        if rate.endswith(suffix) and rates.get(rate.removesuffix(suffix)) is not None:
            if suffix and rates.get(rate) is not None:
                return float(rates[rate])
            return float(rates[rate.removesuffix(suffix)])
    return None


def _holds(when: Record, tier: str | None, threshold: int | None) -> bool:
    """Whether a variant holds for a call of this tier whose prompt is just above this threshold."""
    known = {"service_tier", "input_tokens_above", "from", "until"}
    if not when.keys() <= known or not str(when.get("from", "")) <= TODAY <= str(when.get("until", "9999")):
        return False
    if when.get("service_tier") not in (None, tier):
        return False
    above = when.get("input_tokens_above")
    return above is None or (threshold is not None and (threshold == 0 or above <= threshold * 1.05))


def _is_asked(when: Record, tier: str | None, threshold: int | None) -> bool:
    return "service_tier" in when if tier else threshold is not None and "input_tokens_above" in when


def threshold_of(condition: str) -> int:
    """Return the tokens of `above_272k` or `above_524288`, and 0 for `long_context`, whatever its threshold."""
    if condition == "long_context":
        return 0
    number = condition.removeprefix("above_")
    return int(number.removesuffix("k")) * (1000 if number.endswith("k") else 1)


def status_of(stated: str | None, deprecation: object, retirement: object) -> str:
    """Return live, deprecated or retired: what a list says, or what its dates make of today.

    A list that has a model without any mark says that it is live.
    """
    if stated == RETIRED or (retirement and str(retirement) <= TODAY):
        return RETIRED
    if stated == DEPRECATED or (deprecation and str(deprecation) <= TODAY):
        return DEPRECATED
    return LIVE


def read_litellm(path: Path, providers: Iterable[str]) -> FactList:
    """Read LiteLLM's map for some providers of ours."""
    records: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    facts = FactList("litellm")
    for provider in providers:
        theirs = LITELLM_PROVIDERS.get(provider, (provider,))
        for key, listed in records.items():
            record = records.get(listed.get("alias_of"), listed)
            family = str(record.get("litellm_provider")).partition("-")[0] if provider == "vertex_ai" else None
            if record.get("litellm_provider") in theirs or family == "vertex_ai":
                front, _, model = key.partition("/")
                name = model if model and front in (*theirs, "bedrock", provider) else key
                facts.add(provider, [name], _LiteLLMModel(record).state)
    return facts


@dataclass(frozen=True)
class _LiteLLMModel:
    record: Record

    def state(self, column: str) -> Any:
        head, _, rest = column.partition(".")
        if head == "pricing":
            return self._price(rest)
        if head == "capabilities":
            return self.record.get(LITELLM_CAPABILITIES.get(rest, f"supports_{rest}"))
        if column == "status":
            return status_of(None, None, self.record.get("deprecation_date"))
        names = {
            "modalities.input": "supported_modalities",
            "context_window": "max_input_tokens",
            "max_input_tokens": "max_input_tokens",
            "max_output_tokens": "max_output_tokens",
            "retirement_date": "deprecation_date",
            "replacement": "successor_model",
            "output_dimensions": "output_vector_size",
        }
        return self.record.get(names[column]) if column in names else None

    def _price(self, column: str) -> float | None:
        condition, _, rate = column.rpartition(".")
        for suffix in self._endings(condition):
            rates = {name: self.record.get(key + suffix) for name, key in LITELLM_RATES.items()}
            price = _rate_of(rates, rate)
            if price is not None:
                return price * MILLION
        return None

    def _endings(self, condition: str) -> Iterator[str]:
        if not condition or condition in LITELLM_TIERS:
            yield LITELLM_TIERS.get(condition, "")
        elif not condition.endswith("peak"):
            asked = threshold_of(condition)
            for size in (32, 100, 128, 200, 256, 272, 512):
                if asked == 0 or abs(size * 1000 - asked) <= asked * 0.05:
                    yield f"_above_{size}k_tokens"


def read_models_dev(path: Path, providers: Iterable[str]) -> FactList:
    """Read models.dev's list for some providers of ours."""
    records: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    facts = FactList("models.dev")
    for provider in providers:
        for theirs in MODELS_DEV_PROVIDERS.get(provider, (provider,)):
            for name, record in records.get(theirs, {}).get("models", {}).items():
                facts.add(provider, [name], _ModelsDevModel(record).state)
    return facts


@dataclass(frozen=True)
class _ModelsDevModel:
    record: Record

    def state(self, column: str) -> Any:
        head, _, rest = column.partition(".")
        limit = self.record.get("limit") or {}
        if head == "pricing":
            return self._price(rest)
        if column == "capabilities.vision":
            return "image" in (self.record.get("modalities") or {}).get("input", [])
        if head == "capabilities":
            return self.record.get(MODELS_DEV_CAPABILITIES.get(rest, "-"))
        if head == "modalities":
            return (self.record.get("modalities") or {}).get(rest)
        if column == "status":
            return status_of(self.record.get("status"), None, None)
        values = {
            "context_window": limit.get("context"),
            "max_input_tokens": limit.get("input") or limit.get("context"),
            "max_output_tokens": limit.get("output"),
            "knowledge_cutoff": self.record.get("knowledge"),
            "release_date": self.record.get("release_date"),
        }
        return values.get(column) or None

    def _price(self, column: str) -> float | None:
        cost = self.record.get("cost") or {}
        condition, _, rate = column.rpartition(".")
        if not condition:
            return _rate_of(cost, rate)
        if condition in LITELLM_TIERS:
            modes = (self.record.get("experimental") or {}).get("modes") or {}
            mode = modes.get(condition) or (modes.get("fast") if condition == "priority" else None) or {}
            return _rate_of(mode.get("cost") or {}, rate)
        if condition.endswith("peak"):
            return None
        asked = threshold_of(condition)
        tiers = [(tier["tier"].get("size", 0), tier) for tier in cost.get("tiers") or []]
        tiers += [(200_000, cost["context_over_200k"])] if cost.get("context_over_200k") else []
        for size, tier in tiers:
            if asked == 0 or abs(size - asked) <= asked * 0.05:
                return _rate_of(tier, rate)
        return None
