"""A catalog's entries: typed, frozen, prices exact.

Units throughout: tokens for limits, USD (or `Pricing.currency`) per 1M tokens for rates, the same per one unit for
`per`. Dates are ISO texts (`2026-01-15`), which order as they read. In mappings of rates a missing key is an unknown
price and None a price that does not apply; neither is free.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from registry_cli.core.catalog.status import find_status
from registry_cli.core.format.unknown_keys import UnknownKeys

Rates = Mapping[str, Decimal | None]

# Ollama's tags of models that run on its servers: `gpt-oss:120b-cloud`, `glm-4.6:cloud`.
_CLOUD_TAG = re.compile(r":(?:[^:]*-)?cloud")


@dataclass(frozen=True, slots=True)
class Variant:
    """Rates under a condition: `when` holds its keys and values as the schema has them, all of which must hold."""

    when: Mapping[str, Any]
    rates: Rates
    per: Rates
    multiply: Decimal | None = None
    effective_date: str | None = None


@dataclass(frozen=True, slots=True)
class Pricing:
    currency: str = "USD"
    rates: Rates = field(default_factory=dict)
    per: Rates = field(default_factory=dict)
    effective_date: str | None = None
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class Modalities:
    input: tuple[str, ...] = ()
    output: tuple[str, ...] = ()


class OwnPrice(NamedTuple):
    """What a person's settings say of the prices of a provider or a model: `name` (`openai`, `azure/gpt-5.5`) times
    `multiply`."""

    name: str
    multiply: Decimal


@dataclass(frozen=True, slots=True)
class Model:
    """One model at one provider. `body` is the whole entry in the catalog's own format, older spellings and layers
    (a capabilities file, a person's overlay) already folded in: it tells an absent fact from a `null`.

    `capabilities` are the canonical names of what the model can do, stated or derived; `derived_capabilities` names the
    derived ones with the evidence for each (`core.catalog.derived`). `body` holds the stated ones alone.
    `overlay` names the fields that come from the person's own models, `("*",)` for a model that is wholly theirs.
    Where `own_price` says what the person pays, `pricing` is theirs and `list_pricing` the `pricing` of the catalog.
    """

    provider: str
    id: str
    body: Mapping[str, Any]
    billing: str
    name: str | None
    family: str | None
    base_model: str | None
    aliases: tuple[str, ...]
    mode: str | None
    status: str | None
    context_window: int | None
    max_input_tokens: int | None
    max_output_tokens: int | None
    modalities: Modalities
    open_weights: bool | None
    pricing: Pricing | None
    capabilities: frozenset[str]
    derived_capabilities: Mapping[str, str]
    knowledge_cutoff: str | None
    release_date: str | None
    deprecation_date: str | None
    retirement_date: str | None
    replacement: str | None
    updated_at: str | None
    overlay: tuple[str, ...] = ()
    own_price: OwnPrice | None = None
    list_pricing: Mapping[str, Any] | None = None

    @property
    def full_id(self) -> str:
        return f"{self.provider}/{self.id}"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider and its models, by id in the order of its file. `body` is its entry without the models.

    `unknown_keys` are what its files state and this llmreg does not know, which is in no entry.
    """

    id: str
    body: Mapping[str, Any]
    billing: str
    name: str | None
    aliases: tuple[str, ...]
    default_model: str | None
    defaults: Mapping[str, Any]
    models: Mapping[str, Model]
    unknown_keys: tuple[UnknownKeys, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalog:
    providers: Mapping[str, Provider]

    def models(self) -> Iterator[Model]:
        for provider in self.providers.values():
            yield from provider.models.values()


def status_on(model: Model, day: str) -> str:
    """Return the status of a model as of an ISO day, one of `STATUSES`."""
    return find_status(model.status, model.retirement_date, model.deprecation_date, day)


def answer_body(model: Model) -> dict[str, Any]:
    """An entry as answers show it: without `status`, which depends on the day, and with `derived_capabilities` and,
    where its prices are a person's own, with the list price."""
    body = {name: value for name, value in model.body.items() if name != "status"}
    if model.derived_capabilities:
        body["derived_capabilities"] = model.derived_capabilities
    if model.own_price:
        body["own_price"] = model.own_price._asdict()
        body["list_pricing"] = model.list_pricing
    return body


def billing_of(model_id: str, body: Mapping[str, Any], billing: str) -> str:
    """How a model is sold: as its entry states, else as its provider sells (`billing`).

    A cloud model beside the models of one's own machine is sold by subscription.
    """
    stated: str | None = body.get("billing")
    if stated is not None:
        return stated
    return "subscription" if billing == "local" and is_cloud_model(model_id) else billing


def is_cloud_model(model_id: str) -> bool:
    """Whether the tag of an Ollama model says that it runs on Ollama's servers."""
    found = _CLOUD_TAG.search(model_id)
    return found is not None and found.end() == len(model_id)
