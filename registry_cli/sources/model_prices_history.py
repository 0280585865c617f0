"""model-prices' snapshot (wakamex/model-prices, MIT): which models models.dev had and has no more, at their last price.

`status` marks such a model as `removed`. `prices` has a timeline for each mode of service; of the usual one the last
span that has rates is read, in USD per 1M tokens.
"""

from typing import Any

from registry_cli.core.pricing.conditions import ALWAYS
from registry_cli.core.pricing.price_list import PriceList
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.core.statements.past import ModelKey, PastList
from registry_cli.errors import UpstreamError
from registry_cli.sources import provider_ids
from registry_cli.sources.json_text import read_json
from registry_cli.sources.model_prices import SOURCE, STANDARD, add_rates, read_spans
from registry_cli.sources.rows import Rows
from registry_cli.sources.shapes import read_object

_REMOVED = "removed"


def parse(data: bytes, as_of: str) -> PastList:
    """The models that the snapshot calls removed. Raises `UpstreamError` where it is not such a snapshot.

    Its own time counts before `as_of`. It does not say since when a model is gone.
    """
    document = read_json(data, SOURCE)
    states = document.get("status") if isinstance(document, dict) else None
    if not isinstance(states, dict) or not isinstance(document.get("prices"), dict):
        raise UpstreamError(f"{SOURCE}: not an object with `status` and `prices` of providers")
    stated = document.get("updated_at")
    as_of = stated if isinstance(stated, str) else as_of
    notes: list[Note] = []
    providers = []
    ended: dict[ModelKey, str] = {}
    for spelled, states_of_models in states.items():
        rows = Rows(SOURCE, provider_ids.from_models_dev(spelled), notes=notes, has_disputes=False)
        with rows.guard_row(""):
            prices = read_object("prices", document["prices"].get(spelled))
            gone = [name for name, state in read_object("status", states_of_models).items() if state == _REMOVED]
            timelines = [(name, prices.get(name)) for name in gone]
            models = rows.read_models(timelines, lambda named: named[0], _read_model)
            providers.append(ObservedProvider(rows.provider, spelled, {}, models))
            ended |= {(rows.provider, model.id): "" for model in models}
    return PastList(Observations(SOURCE, tuple(providers), tuple(notes)), as_of, ended)


def _read_model(rows: Rows, named: tuple[str, Any]) -> ObservedModel:
    model_id, timelines = named
    spans = read_spans(STANDARD, read_object("prices", timelines).get(STANDARD))
    rates = next((span.rates for span in reversed(spans) if span.rates), {})
    prices = PriceList()
    add_rates(rows, prices, ALWAYS, rates)
    pricing = prices.to_pricing()
    return ObservedModel(model_id, model_id, {"pricing": pricing} if pricing else {})
