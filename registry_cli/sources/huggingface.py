"""Hugging Face's router: models, and under each the providers that host it, with their windows and prices.

The router chooses a host. So a model has a price only if all live hosts that state one agree, and its window is the
largest one (a caller can name the host: `model:host`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.pricing.price_list import PriceList
from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.sources.base import Page, Source
from registry_cli.sources.compatible import value_at
from registry_cli.sources.modalities import implied_capabilities, split_known
from registry_cli.sources.rows import Rows, known_facts, read_flags
from registry_cli.sources.shapes import list_or_empty

_CAPABILITIES = {"supports_tools": "function_calling", "supports_structured_output": "structured_output"}


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows("huggingface", provider)
    listed = [row | {"providers": _live_hosts(row)} for row in rows.read_rows(pages, "data")]
    models = rows.read_models([row for row in listed if row["providers"]], lambda row: row.get("id"), _read_model)
    return rows.build_observations(models)


def _live_hosts(row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [host for host in list_or_empty(row.get("providers")) if value_at(host, "status") == "live"]


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    hosts: list[Mapping[str, Any]] = row["providers"]
    windows = [rows.read_tokens("context_length", host.get("context_length")) for host in hosts]
    modalities = known_facts(
        input=split_known(rows.keep_texts(value_at(row, "architecture.input_modalities")))[0],
        output=split_known(rows.keep_texts(value_at(row, "architecture.output_modalities")))[0],
    )
    of_any_host: set[str] = set()
    for host in hosts:
        of_any_host.update(read_flags(host, _CAPABILITIES)[0])
    has = [name for name in _CAPABILITIES.values() if name in of_any_host]
    facts = known_facts(
        context_window=max(filter(None, windows), default=None),
        modalities=modalities,
        pricing=_read_pricing(rows, hosts),
        capabilities=[*has, *implied_capabilities(modalities)],
    )
    return ObservedModel(row["id"], row["id"], facts)


def _read_pricing(rows: Rows, hosts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The prices on which all hosts agree that state any."""
    price_lists = []
    for host in hosts:
        rates = {}
        for name in ("input", "output"):
            rate = rows.read_price(f"pricing.{name}", value_at(host, f"pricing.{name}"))
            if rate is not None:
                rates[name] = rate
        if any(rates.values()):
            price_lists.append(rates)
    prices = PriceList()
    if price_lists and all(rates == price_lists[0] for rates in price_lists):
        prices.base.tokens |= price_lists[0]
    return prices.to_pricing()


SOURCE = Source(
    name="huggingface",
    docs="https://huggingface.co/docs/inference-providers/hub-api",
    base_url="https://router.huggingface.co/v1",
    path="/models",
    parse=parse,
)
