"""OpenRouter as a comparison source: its price of a vendor's model, beside the vendor's own price.

It bills a closed model at its vendor's price, as a rule. A model with open weights is sold by its cheapest host, so
those are left out. So are `:free` and `:thinking` variants, which the vendor does not sell.
"""

from collections.abc import Sequence
from dataclasses import replace

from registry_cli.core.statements.observations import Observations, ObservedModel, ObservedProvider
from registry_cli.sources import openrouter, provider_ids
from registry_cli.sources.base import Page
from registry_cli.sources.rows import Rows

NAME = "openrouter-prices"


def parse(pages: Sequence[Page], _provider: str) -> Observations:
    rows = Rows(NAME, "")
    open_weights = {row.get("id") for row in rows.read_rows(pages, "data") if row.get("hugging_face_id")}
    sold = openrouter.parse(pages, "openrouter")
    witnessed: dict[str, list[ObservedModel]] = {}
    for _, model in sold.models():
        seller = None if model.id in open_weights else provider_ids.from_openrouter(model.id)
        if seller and "pricing" in model.facts:
            provider, name = seller
            facts = {"pricing": model.facts["pricing"]}
            witnessed.setdefault(provider, []).append(ObservedModel(name, model.id, facts))
    providers = (ObservedProvider(name, name, {}, tuple(models)) for name, models in witnessed.items())
    return Observations(NAME, tuple(providers), sold.notes)


SOURCE = replace(
    openrouter.SOURCE, name=NAME, parse=parse, covers_many=True, witness=True, host_variable="LLMREG_OPENROUTER_URL"
)
