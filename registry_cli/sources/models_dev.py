"""models.dev's `api.json`: providers keyed by id, prices in USD per 1M tokens, limits and flags.

The source is github.com/sst/models.dev (MIT). Where it writes 0 it means several things: a limit of 0 is an
unknown one, prices of 0 throughout a provider are a subscription, and one model at 0 among priced ones is free.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from registry_cli.core.pricing.conditions import When
from registry_cli.core.pricing.price_list import PriceList
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources import provider_ids
from registry_cli.sources.currencies import in_currency
from registry_cli.sources.json_text import read_json, refuse_long_list
from registry_cli.sources.key_watch import KeyWatch
from registry_cli.sources.modalities import denied_capabilities, implied_capabilities, split_known
from registry_cli.sources.rows import MOST_TOKENS, Rows, known_facts, read_flags
from registry_cli.sources.shapes import read_list, read_object, read_objects, read_text, read_texts
from registry_cli.sources.wording import EFFORTS, is_date

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
# The schema's forms of an API's root and of an environment variable.
_BASE_URL = re.compile(r"(?:https?://|\$\{[A-Za-z0-9_]+\})[!-~]{0,2000}")
_VARIABLE = re.compile(r"[A-Za-z0-9_]{1,100}")
_ROUTER = re.compile(r"(?:^|[/-])(?:auto|custom|router)$")


def parse(data: bytes) -> Observations:
    """Return the observations of the whole `api.json`. A provider or model of another kind is noted and left out.

    Raises `UpstreamError` for another document.
    """
    notes: list[Note] = []
    document = read_json(data, SOURCE, lambda key: notes.append(Note("", key, "", "", "stated twice, differently")))
    if not isinstance(document, dict) or not any(map(_is_provider, document.values())):
        raise UpstreamError(f"{SOURCE}: not an object of providers, each with its models")
    refuse_long_list(SOURCE, sum(len(entry["models"]) for entry in document.values() if _is_provider(entry)))
    keys = KeyWatch()
    providers = read_providers(document, notes, keys, has_disputes=bool(notes))
    return Observations(SOURCE, providers, tuple(notes), unread_keys=keys.find_unread(SOURCE))


def read_providers(
    document: Mapping[str, Any], notes: list[Note], keys: KeyWatch, *, has_disputes: bool = False
) -> tuple[ObservedProvider, ...]:
    """The providers of a document like `api.json`. What is left out of them is noted."""
    providers = []
    for spelled, entry in document.items():
        rows = Rows(SOURCE, provider_ids.from_models_dev(spelled), notes=notes, has_disputes=has_disputes, keys=keys)
        if not _is_provider(entry):
            rows.note("models", entry, "not a provider with its models")
        elif not rows.skip_too_long(entry["models"]):
            providers.append(_read_provider(rows, spelled, entry))
    return tuple(providers)


def _is_provider(entry: Any) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("models"), dict)


def _read_provider(rows: Rows, spelled: str, entry: Mapping[str, Any]) -> ObservedProvider:
    billing = _derive_billing(rows.provider, entry)
    also = provider_ids.everyday_names(rows.provider)
    facts = known_facts(
        name=rows.read_line("name", entry.get("name")),
        aliases=list(also),
        documentation=rows.read_address("doc", entry.get("doc")),
        api=_read_api(rows, entry),
        billing=billing,
    )
    read = partial(_read_model, billing=billing)
    models = rows.read_models(entry["models"].items(), lambda model: model[0], read)
    return ObservedProvider(rows.provider, spelled, facts, models)


def _read_api(rows: Rows, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The address and key variables of the provider's API. A wrong value costs the provider that fact, no models."""
    base_url, key_env = entry.get("api"), entry.get("env")
    if base_url and not (isinstance(base_url, str) and _BASE_URL.fullmatch(base_url)):
        rows.note("api", base_url, "not an http or https address")
        base_url = None
    if key_env and not (isinstance(key_env, list) and all(map(_is_variable, key_env))):
        rows.note("env", key_env, "not a list of environment variables")
        key_env = None
    return known_facts(base_url=base_url, key_env=key_env)


def _is_variable(name: Any) -> bool:
    return isinstance(name, str) and _VARIABLE.fullmatch(name) is not None


def _derive_billing(provider: str, entry: Mapping[str, Any]) -> str | None:
    if provider in provider_ids.LOCAL:
        return "local"
    prices = list(_headline_prices(entry["models"].values()))
    if (prices and not any(prices)) or PLAN.search(str(entry.get("name", ""))):
        return "subscription"
    return None


def _headline_prices(models: Iterable[Any]) -> Iterator[Decimal | int]:
    for model in models:
        cost = model.get("cost") if isinstance(model, dict) else None
        if isinstance(cost, dict):
            yield from (cost[name] for name in ("input", "output") if name in cost)


def _read_model(rows: Rows, named: tuple[str, Any], *, billing: str | None) -> ObservedModel | None:
    model_id, entry = named[0], read_object("model", named[1])
    if rows.skip_disputed(entry):
        return None
    entry = rows.keys.watch_row(entry)
    modalities = _read_modalities(rows, read_object("modalities", entry.get("modalities")))
    facts = known_facts(
        name=rows.read_line("name", entry.get("name")),
        family=rows.read_line("family", entry.get("family")),
        status=_read_status(rows, entry.get("status")),
        **_read_limits(rows, read_object("limit", entry.get("limit"))),
        modalities=modalities,
        open_weights=_read_flag(rows, "open_weights", entry.get("open_weights")),
        reasoning=_read_reasoning(rows, read_objects("reasoning_options", entry.get("reasoning_options"))),
        pricing=in_currency(rows, _read_pricing(rows, entry, billing)),
        capabilities=_read_capabilities(entry, modalities),
        **_read_dates(rows, entry),
    )
    _, denied = read_flags(entry, _CAPABILITIES)
    return ObservedModel(model_id, model_id, facts, denied | denied_capabilities(modalities))


def _read_capabilities(entry: Mapping[str, Any], modalities: Mapping[str, list[str]]) -> list[str]:
    names, _ = read_flags(entry, _CAPABILITIES)
    if entry.get("interleaved"):
        names.append("interleaved_thinking")
    return names + implied_capabilities(modalities)


def _read_flag(rows: Rows, key: str, value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    rows.note(key, value, "neither true nor false")
    return None


def _read_status(rows: Rows, value: Any) -> str | None:
    if value is None:
        return None
    status = _STATUS.get(value) if isinstance(value, str) else None
    if status is None:
        rows.note("status", value, "a status the catalog does not have")
    return status


def _read_dates(rows: Rows, entry: Mapping[str, Any]) -> dict[str, str]:
    facts: dict[str, str] = {}
    for theirs, ours in (("knowledge", "knowledge_cutoff"), ("release_date", "release_date")):
        if theirs not in entry:
            continue
        value = entry[theirs]
        if isinstance(value, str) and is_date(value, whole=False):
            facts[ours] = value
        else:
            rows.note(theirs, value, "not a date")
    return facts


def _read_limits(rows: Rows, limit: Mapping[str, Any]) -> dict[str, int]:
    """Limits in tokens. 0 means unknown; so does a row of nines, which some contributors write."""
    for name in ("context", "input", "output"):
        if name in limit and not limit[name]:
            rows.note(f"limit.{name}", limit[name], "a limit of 0 is an unknown one")
    context, most_input, output = (
        rows.read_tokens(f"limit.{name}", limit.get(name)) or 0 for name in ("context", "input", "output")
    )
    if context == _NINES:
        rows.note("limit.context", context, "a row of nines is an unknown limit")
        context = 0
    facts: dict[str, int] = {}
    if context:
        facts["context_window"] = context
    if 0 < most_input < context:
        facts["max_input_tokens"] = most_input
    elif most_input > context:
        rows.note("limit.input", most_input, "above the context window" if context else "without a context")
    if output and (not context or output <= context):
        facts["max_output_tokens"] = output
    elif output:
        rows.note("limit.output", output, f"output above the context window of {context}")
    return facts


def _read_modalities(rows: Rows, both: Mapping[str, Any]) -> dict[str, list[str]]:
    modalities: dict[str, list[str]] = {}
    for direction in ("input", "output"):
        key = f"modalities.{direction}"
        names, others = split_known(read_texts(key, both.get(direction)))
        if names:
            modalities[direction] = names
        for other in others:
            rows.note(key, other, "a modality the catalog does not have")
    return modalities


def _read_reasoning(rows: Rows, options: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for option in options:
        match option.get("type"):
            case "toggle":
                facts["toggle"] = True
            case "effort":
                levels = _read_levels(rows, option)
                if levels:
                    facts["effort"] = levels
            case "budget_tokens":
                facts["budget_tokens"] = _read_budget(rows, option)
            case other:
                rows.note("reasoning_options", other, "a kind of reasoning control the catalog does not have")
    if not facts.get("budget_tokens", True):
        del facts["budget_tokens"]
    return facts


def _read_levels(rows: Rows, option: Mapping[str, Any]) -> list[str]:
    key = "reasoning_options.values"
    levels = [level for level in read_list(key, option.get("values")) if level is not None and level != "null"]
    for level in levels:
        if level not in EFFORTS:
            rows.note(key, level, "a level of effort the catalog does not have")
    return [level for level in read_texts(key, levels) if level in EFFORTS]


def _read_budget(rows: Rows, option: Mapping[str, Any]) -> dict[str, int]:
    """Bounds in tokens, where 0 is a bound."""
    budget: dict[str, int] = {}
    for name in ("min", "max"):
        value = option.get(name)
        if type(value) is int and 0 <= value <= MOST_TOKENS:
            budget[name] = value
        elif value is not None:
            rows.note(f"reasoning_options.{name}", value, "not a number of tokens")
    return budget


def _read_pricing(rows: Rows, entry: Mapping[str, Any], billing: str | None) -> dict[str, Any]:
    cost = read_object("cost", entry.get("cost"))
    if not cost:
        return {}
    prices = PriceList()
    prices.base.tokens = _read_rates(rows, "cost", cost)
    for condition, rates in _read_tiers(rows, cost):
        prices.rates_at(condition).tokens.update(rates)
    for condition, rates in _read_modes(rows, read_object("experimental", entry.get("experimental"))):
        prices.rates_at(condition).tokens.update(rates)
    base = prices.base.tokens
    if billing == "subscription" and not any(
        rate for _, rates in prices.all_tables() for rate in rates.tokens.values()
    ):
        rows.note("cost", "0", "0 under a subscription is not a price")
        return {}
    if billing is None and base and not any(base.values()) and _ROUTER.search(rows.model):
        rows.note("cost", "0", "a router costs what the model it picks does")
        return {}
    if is_media_only(entry) and base.get("output") in {None, 0, base.get("input")}:
        figures = ", ".join(f"{name} {rate:f}" for name, rate in base.items())
        rows.note("cost", figures, "the unit is doubtful: a price of an image, a minute or a clip among token prices")
        return {}
    return prices.to_pricing()


def is_media_only(entry: Mapping[str, Any]) -> bool:
    """Whether the model makes only images, audio or video, or takes only audio.

    Such models are seldom sold by token, and if so, input and output prices differ.
    """
    modalities = entry.get("modalities") or {}
    return "text" not in modalities.get("output", ["text"]) or modalities.get("input") == ["audio"]


def _read_tiers(rows: Rows, cost: Mapping[str, Any]) -> Iterator[tuple[When, dict[str, Decimal]]]:
    """`tiers` by size; `context_over_200k` is an older spelling of one of them, read where there are no tiers."""
    tiers = read_objects("cost.tiers", cost.get("tiers"))
    for tier in tiers:
        condition = read_object("cost.tiers.tier", tier.get("tier"))
        size, kind = condition.get("size"), condition.get("type", "context")
        if kind != "context" or type(size) is not int or not 0 < size <= MOST_TOKENS:
            rows.note("cost.tiers", condition, "a tier by something else than context")
            continue
        rates = {name: value for name, value in tier.items() if name != "tier"}
        yield When(input_tokens_above=size), _read_rates(rows, "cost.tiers", rates)
    if "context_over_200k" in cost and not tiers:
        key = "cost.context_over_200k"
        yield When(input_tokens_above=_OVER_200K), _read_rates(rows, key, read_object(key, cost["context_over_200k"]))


def _read_modes(rows: Rows, experimental: Mapping[str, Any]) -> Iterator[tuple[When, dict[str, Decimal]]]:
    """The rates of modes with their own prices, under the service tier that a request of the mode names."""
    for mode, stated_mode in read_object("experimental.modes", experimental.get("modes")).items():
        key = f"experimental.modes.{mode}"
        details = read_object(key, stated_mode)
        if "cost" not in details:
            continue
        body = read_object(f"{key}.provider", read_object(f"{key}.provider", details.get("provider")).get("body"))
        tier = read_text(f"{key}.provider.body.service_tier", body.get("service_tier", mode))
        yield When(service_tier=tier), _read_rates(rows, f"{key}.cost", read_object(f"{key}.cost", details["cost"]))


def _read_rates(rows: Rows, where: str, cost: Mapping[str, Any]) -> dict[str, Decimal]:
    rates: dict[str, Decimal] = {}
    for name, price in cost.items():
        key = f"{where}.{name}"
        if name in {"tiers", "context_over_200k"}:
            continue
        if name not in _RATES:
            rows.note(key, price, "the unit is not stated")
            continue
        rate = rows.read_numeric_price(key, price)
        if rate is not None:
            rates.setdefault(_RATES[name], rate)
    return rates
