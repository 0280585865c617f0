"""A small market: what ten providers list of their models, and what two aggregators say of them, as each spells it.

Every renderer is written from the list's documentation, not from the reader of it.
"""

import random
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal

PRICED_BY_THEMSELVES = ("xai", "openrouter", "cerebras", "perplexity")
OWN_LISTS = (*PRICED_BY_THEMSELVES, "openai", "anthropic", "gemini", "mistral", "bedrock", "heroku", "groq", "cohere")
WITHOUT_LIST = "elsewhere"  # a provider that only aggregators tell of
PROVIDERS = (*OWN_LISTS, WITHOUT_LIST)
MODELS_DEV_NAMES = {"gemini": "google", "bedrock": "amazon-bedrock"}
PRICES = [Decimal(quarters) / 4 for quarters in range(1, 60)]
LEAP = Decimal(10)  # a price that moves more waits for a person


@dataclass
class Model:
    """A model and who knows it. `price` is its input price in USD per 1M tokens, the output price is four times that;
    `priced_by` is who states it: the provider's own list, an aggregator, or nobody."""

    id: str
    price: Decimal
    priced_by: str = ""
    is_listed: bool = True


@dataclass
class Market:
    models: dict[str, list[Model]] = field(default_factory=lambda: {provider: [] for provider in PROVIDERS})

    def launch(self, provider: str, price: Decimal, priced_by: str = "") -> Model:
        model = Model(f"{provider}-m{len(self.models[provider])}x", price, priced_by, provider != WITHOUT_LIST)
        self.models[provider].append(model)
        return model

    def answers(self) -> dict[str, object]:
        """The document of each source."""
        own = {name: OWN[name]([each for each in self.models[name] if each.is_listed]) for name in OWN_LISTS}
        return own | {"models.dev": self._models_dev(), "litellm": self._litellm()}

    def _priced(self, aggregator: str) -> list[tuple[str, Model]]:
        return [(name, each) for name in PROVIDERS for each in self.models[name] if each.priced_by == aggregator]

    def _models_dev(self) -> dict[str, object]:
        listed: dict[str, object] = {
            MODELS_DEV_NAMES.get(name, name): {"id": name, "name": name, "models": {}} for name in PROVIDERS
        }
        for provider, model in self._priced("models.dev"):
            cost = {"input": number(model.price), "output": number(model.price * 4)}
            models = listed[MODELS_DEV_NAMES.get(provider, provider)]["models"]
            models[model.id] = {"id": model.id, "name": model.id, "cost": cost, "limit": {"context": 1000, "output": 9}}
        listed["openai"]["models"]["bare-word"] = {"id": "bare-word", "name": "Bare Word"}
        return listed

    def _litellm(self) -> dict[str, object]:
        return {"bare-key": {"litellm_provider": "openai", "mode": "chat"}} | {
            f"{provider}/{model.id}": {
                "litellm_provider": provider,
                "mode": "chat",
                "max_input_tokens": 1000,
                "input_cost_per_token": number(model.price / 1_000_000),
                "output_cost_per_token": number(model.price * 4 / 1_000_000),
            }
            for provider, model in self._priced("litellm")
        }


def number(value: Decimal) -> float:
    return float(value)


def per_token(value: Decimal) -> str:
    return f"{value / 1_000_000:f}"


def openai(models):
    return {"object": "list", "data": [{"id": each.id, "object": "model", "owned_by": "system"} for each in models]}


def anthropic(models):
    rows = [{"id": each.id, "type": "model", "display_name": each.id, "max_input_tokens": 1000} for each in models]
    return {"data": rows, "has_more": False}


def gemini(models):
    rows = [
        {"name": f"models/{each.id}", "inputTokenLimit": 1000, "supportedGenerationMethods": ["generateContent"]}
        for each in models
    ]
    return {"models": rows}


def xai(models):
    rows = [
        {
            "id": each.id,
            "object": "model",
            "prompt_text_token_price": int(each.price * 10_000),
            "completion_text_token_price": int(each.price * 40_000),
        }
        for each in models
    ]
    return {"object": "list", "data": rows}


def mistral(models):
    rows = [
        {"id": each.id, "name": each.id, "max_context_length": 1000, "capabilities": {"completion_chat": True}}
        for each in models
    ]
    return {"object": "list", "data": rows}


def openrouter(models):
    rows = [
        {
            "id": each.id,
            "name": each.id,
            "context_length": 1000,
            "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
            "pricing": {"prompt": per_token(each.price), "completion": per_token(each.price * 4)},
        }
        for each in models
    ]
    return {"data": rows}


def bedrock(models):
    rows = [
        {
            "modelId": each.id,
            "modelName": each.id,
            "providerName": "Acme",
            "inputModalities": ["TEXT"],
            "outputModalities": ["TEXT"],
            "modelLifecycle": {"status": "ACTIVE"},
        }
        for each in models
    ]
    return {"modelSummaries": rows}


def heroku(models):
    return [{"model_id": each.id, "regions": ["us"], "state": "active", "type": ["text-to-text"]} for each in models]


def groq(models):
    return {"object": "list", "data": [{"id": each.id, "active": True, "context_window": 1000} for each in models]}


def cerebras(models):
    rows = [
        {
            "id": each.id,
            "pricing": {"prompt": per_token(each.price), "completion": per_token(each.price * 4)},
            "limits": {"max_context_length": 1000},
        }
        for each in models
    ]
    return {"object": "list", "data": rows}


def perplexity(models):
    rows = [
        {
            "id": each.id,
            "pricing": {
                "input": number(each.price),
                "output": number(each.price * 4),
                "unit": "usd_per_1m_tokens",
            },
        }
        for each in models
    ]
    return {"object": "list", "data": rows}


def cohere(models):
    rows = [{"name": each.id, "endpoints": ["chat"], "context_length": 1000} for each in models]
    return {"models": rows, "next_page_token": ""}


OWN = {
    make.__name__: make
    for make in (
        *(openai, anthropic, gemini, xai, mistral, openrouter, bedrock, heroku, groq, cerebras, perplexity, cohere),
    )
}


def draw_change(market: Market, provider: str, rng: random.Random, changed: Collection[str]) -> Model:
    """Makes one change at a provider, of a kind that it can have, and returns the model: none of those `changed`."""
    price = rng.choice(PRICES)
    aggregator = rng.choice(("models.dev", "litellm"))
    open_to_change = [each for each in market.models[provider] if each.id not in changed]
    unpriced = [each for each in open_to_change if not each.priced_by]
    priced = [each for each in open_to_change if each.priced_by]
    if provider in PRICED_BY_THEMSELVES:
        kinds = ["launch at the provider", "price change"]
    elif provider == WITHOUT_LIST:
        kinds = ["launch at an aggregator", "price change"]
    else:
        kinds = ["launch at the provider", "launch everywhere", "priced later", "price change"]
    kind = rng.choice([each for each in kinds if each != "priced later" or unpriced])
    if kind == "price change" and priced:
        model = rng.choice(priced)
        model.price = rng.choice([new for new in PRICES if new != model.price and 1 / LEAP < new / model.price < LEAP])
        return model
    if kind == "priced later":
        model = rng.choice(unpriced)
        model.price, model.priced_by = price, aggregator
        return model
    if provider in PRICED_BY_THEMSELVES:
        return market.launch(provider, price, provider)
    return market.launch(provider, price, "" if kind == "launch at the provider" else aggregator)
