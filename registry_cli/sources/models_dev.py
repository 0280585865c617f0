"""models.dev's `api.json`: providers keyed by id, prices in USD per 1M tokens, limits and flags.

The source is github.com/sst/models.dev (MIT). Where it writes 0 it means several things: a limit of 0 is an
unknown one, prices of 0 throughout a provider are a subscription, and one model at 0 among priced ones is free.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from registry_cli.core.pricing.price_list import PriceList, When, tidy, when
from registry_cli.core.sync.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources import provider_ids
from registry_cli.sources.json_text import read_json
from registry_cli.sources.modalities import denied_capabilities, implied_capabilities, known
from registry_cli.sources.wording import is_date, one_line

SOURCE = "models.dev"

_RATES = {
    "input": "input",
    "output": "output",
    "cache_read": "cache_read",
    "cache_input": "cache_read",
    "cached_input": "cache_read",
    "cache_write": "cache_write",
    "cached_write": "cache_write",
    "reasoning": "reasoning",
    "input_audio": "input_audio",
    "output_audio": "output_audio",
    "citation": "citation",
}
_CAPABILITIES = {
    "tool_call": "function_calling",
    "structured_output": "structured_output",
    "reasoning": "reasoning",
}
_STATUS = {"alpha": "preview", "beta": "preview", "deprecated": "deprecated"}
PLAN = re.compile(r"\bplan\b", re.IGNORECASE)
_OVER_200K = 200_000
_NINES = 99_999_999
_ROUTER = re.compile(r"(?:^|[/-])(?:auto|custom|router)$")


@dataclass(slots=True)
class _Reading:
    """The notes taken while one model is read."""

    provider: str
    model: str = ""
    notes: list[Note] = field(default_factory=list)

    def note(self, key: str, value: Any, reason: str) -> None:
        self.notes.append(Note(self.provider, self.model, key, str(value), reason))


def parse(data: bytes) -> Observations:
    """The whole of `api.json`; raises `UpstreamError` where it is not such a document."""
    notes: list[Note] = []
    document = read_json(data, SOURCE, lambda key: notes.append(Note("", key, "", "", "stated twice, differently")))
    if (
        not document
        or not isinstance(document, dict)
        or not all(isinstance(entry, dict) and isinstance(entry.get("models"), dict) for entry in document.values())
    ):
        raise UpstreamError(f"{SOURCE}: not an object of providers, each with its models")
    providers = []
    for spelled, entry in document.items():
        observed, taken = _provider(spelled, entry)
        providers.append(observed)
        notes += taken
    return Observations(SOURCE, tuple(providers), tuple(notes))


def _provider(spelled: str, entry: Mapping[str, Any]) -> tuple[ObservedProvider, list[Note]]:
    reading = _Reading(provider_ids.from_models_dev(spelled))
    models = {model_id: model for model_id, model in entry["models"].items() if isinstance(model, dict)}
    billing = _billing(reading.provider, entry, models.values())
    facts: dict[str, Any] = {"name": one_line(entry["name"])} if entry.get("name") else {}
    if also := provider_ids.also_called(reading.provider):
        facts["aliases"] = list(also)
    if entry.get("doc"):
        facts["documentation"] = entry["doc"]
    api = {
        **({"base_url": entry["api"]} if entry.get("api") else {}),
        **({"key_env": entry["env"]} if entry.get("env") else {}),
    }
    if api:
        facts["api"] = api
    if billing:
        facts["billing"] = billing
    observed = [_model(reading, model_id, model, billing) for model_id, model in models.items()]
    return ObservedProvider(reading.provider, spelled, facts, tuple(observed)), reading.notes


def _billing(provider: str, entry: Mapping[str, Any], models: Any) -> str | None:
    if provider in provider_ids.LOCAL:
        return "local"
    stated = [price for model in models for price in _numbers(model.get("cost", {}))]
    if (stated and not any(stated)) or PLAN.search(str(entry.get("name", ""))):
        return "subscription"
    return None


def _numbers(cost: Mapping[str, Any]) -> Iterator[Decimal | int]:
    yield from (cost[name] for name in ("input", "output") if name in cost)


def _model(reading: _Reading, model_id: str, entry: Mapping[str, Any], billing: str | None) -> ObservedModel:
    reading.model = model_id
    facts: dict[str, Any] = {name: one_line(entry[name]) for name in ("name", "family") if entry.get(name)}
    if "status" in entry:
        facts |= _status(reading, entry["status"])
    facts |= _limits(reading, entry.get("limit", {}))
    modalities = _modalities(reading, entry.get("modalities", {}))
    if modalities:
        facts["modalities"] = modalities
    if "open_weights" in entry:
        facts["open_weights"] = entry["open_weights"]
    facts |= _reasoning(reading, entry.get("reasoning_options", ()))
    pricing = _pricing(reading, entry, billing)
    if pricing:
        facts["pricing"] = pricing
    capabilities = [ours for theirs, ours in _CAPABILITIES.items() if entry.get(theirs) is True]
    if entry.get("interleaved"):
        capabilities.append("interleaved_thinking")
    capabilities += implied_capabilities(modalities)
    if capabilities:
        facts["capabilities"] = capabilities
    facts |= _dates(reading, entry)
    denied = {ours for theirs, ours in _CAPABILITIES.items() if entry.get(theirs) is False}
    return ObservedModel(model_id, model_id, facts, frozenset(denied) | denied_capabilities(modalities))


def _status(reading: _Reading, stated: Any) -> dict[str, str]:
    if stated in _STATUS:
        return {"status": _STATUS[stated]}
    reading.note("status", stated, "a status the catalog does not have")
    return {}


def _dates(reading: _Reading, entry: Mapping[str, Any]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for theirs, ours in (("knowledge", "knowledge_cutoff"), ("release_date", "release_date")):
        if theirs not in entry:
            continue
        if is_date(entry[theirs], whole=False):
            facts[ours] = entry[theirs]
        else:
            reading.note(theirs, entry[theirs], "not a date")
    return facts


def _limits(reading: _Reading, limit: Mapping[str, Any]) -> dict[str, int]:
    """Tokens; 0 is models.dev's word for unknown, and a row of nines somebody's."""
    context, most_input, output = (limit.get(name) or 0 for name in ("context", "input", "output"))
    if context == _NINES:
        reading.note("limit.context", context, "a row of nines is an unknown limit")
        context = 0
    for name in ("context", "input", "output"):
        if name in limit and not limit[name]:
            reading.note(f"limit.{name}", limit[name], "a limit of 0 is an unknown one")
    facts: dict[str, int] = {}
    if context > 0:
        facts["context_window"] = context
    if 0 < most_input < context:
        facts["max_input_tokens"] = most_input
    elif most_input > context:
        reading.note("limit.input", most_input, "above the context window" if context else "without a context")
    if output > 0 and (not context or output <= context):
        facts["max_output_tokens"] = output
    elif output > 0:
        reading.note("limit.output", output, f"output above the context window of {context}")
    return facts


def _modalities(reading: _Reading, stated: Mapping[str, Any]) -> dict[str, list[str]]:
    modalities: dict[str, list[str]] = {}
    for direction in ("input", "output"):
        names, others = known(stated.get(direction, ()))
        if names:
            modalities[direction] = names
        for other in others:
            reading.note(f"modalities.{direction}", other, "a modality the catalog does not have")
    return modalities


def _reasoning(reading: _Reading, options: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for option in options:
        match option.get("type"):
            case "toggle":
                facts["toggle"] = True
            case "effort":
                values = [str(value) for value in option.get("values", ()) if value not in {None, "null"}]
                if values:
                    facts["effort"] = values
            case "budget_tokens":
                budget = {name: option[name] for name in ("min", "max") if option.get(name, -1) >= 0}
                if option.get("min", 0) < 0:
                    reading.note("reasoning_options.min", option["min"], "negative")
                facts["budget_tokens"] = budget
            case other:
                reading.note("reasoning_options", other, "a kind of reasoning control the catalog does not have")
    if not facts.get("budget_tokens", True):
        del facts["budget_tokens"]
    return {"reasoning": facts} if facts else {}


def _pricing(reading: _Reading, entry: Mapping[str, Any], billing: str | None) -> dict[str, Any]:
    cost = entry.get("cost")
    if not cost:
        return {}
    prices = PriceList()
    prices.base.tokens = _rates(reading, "cost", cost)
    for condition, rates in _tiers(reading, cost):
        prices.at(condition).tokens.update(rates)
    for mode, details in entry.get("experimental", {}).get("modes", {}).items():
        if "cost" in details:
            tier = details.get("provider", {}).get("body", {}).get("service_tier", mode)
            prices.at(when(service_tier=tier)).tokens.update(
                _rates(reading, f"experimental.modes.{mode}.cost", details["cost"])
            )
    stated = prices.base.tokens
    if billing == "subscription" and not any(rate for _, rates in prices.tables() for rate in rates.tokens.values()):
        reading.note("cost", "0", "0 under a subscription is not a price")
        return {}
    if billing is None and stated and not any(stated.values()) and _ROUTER.search(reading.model):
        reading.note("cost", "0", "a router costs what the model it picks does")
        return {}
    if is_of_media(entry) and stated.get("output") in {None, 0, stated.get("input")}:
        figures = ", ".join(f"{name} {rate:f}" for name, rate in stated.items())
        reading.note(
            "cost", figures, "the unit is doubtful: a price of an image, a minute or a clip among token prices"
        )
        return {}
    return prices.facts()


def is_of_media(entry: Mapping[str, Any]) -> bool:
    """Whether the model only makes images, sound or video, or only hears: such models are seldom sold by token, and
    then with different prices for input and output."""
    modalities = entry.get("modalities", {})
    return "text" not in modalities.get("output", ["text"]) or modalities.get("input") == ["audio"]


def _tiers(reading: _Reading, cost: Mapping[str, Any]) -> Iterator[tuple[When, dict[str, Decimal]]]:
    """`tiers` by size; `context_over_200k` is an older spelling of one of them, read where there are no tiers."""
    for tier in cost.get("tiers", ()):
        size, kind = tier.get("tier", {}).get("size"), tier.get("tier", {}).get("type", "context")
        if kind != "context" or not isinstance(size, int) or size <= 0:
            reading.note("cost.tiers", tier.get("tier"), "a tier by something else than context")
            continue
        rates = {name: value for name, value in tier.items() if name != "tier"}
        yield when(input_tokens_above=size), _rates(reading, "cost.tiers", rates)
    if "context_over_200k" in cost and not cost.get("tiers"):
        rates = _rates(reading, "cost.context_over_200k", cost["context_over_200k"])
        yield when(input_tokens_above=_OVER_200K), rates


def _rates(reading: _Reading, where: str, cost: Mapping[str, Any]) -> dict[str, Decimal]:
    rates: dict[str, Decimal] = {}
    for name, price in cost.items():
        if name in {"tiers", "context_over_200k"}:
            continue
        if name not in _RATES:
            reading.note(f"{where}.{name}", price, "the unit is not stated")
        elif not isinstance(price, (int, Decimal)) or isinstance(price, bool):
            reading.note(f"{where}.{name}", price, "not a number")
        elif price < 0:
            reading.note(f"{where}.{name}", price, "a negative price is an unknown one")
        else:
            rate = tidy(price)
            if rate != price:
                reading.note(f"{where}.{name}", price, f"rounded to {rate:f}")
            rates.setdefault(_RATES[name], rate)
    return rates
