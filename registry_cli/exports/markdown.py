"""A markdown table for documents: the facts that people compare."""

from collections import Counter
from collections.abc import Sequence

from registry_cli.core.pricing.expand import expand_prices
from registry_cli.core.query.table import Table
from registry_cli.exports import Exported, Shelf
from registry_cli.exports.facts import Facts, provider_losses
from registry_cli.render.rows import render_table

_RATES = ("input", "output", "cache_read")
_COLUMNS = ("model", "name", "context", "max output", "input $/1M", "output $/1M", "cache read $/1M", "capabilities")


def write(shelves: Sequence[Shelf], day: str) -> Exported:
    """One row a model, prices of the day in USD per 1M tokens."""
    losses: Counter[str] = Counter()
    rows = []
    for shelf in shelves:
        losses += provider_losses(shelf.provider, set())
        for model in shelf.models:
            facts = Facts(model)
            rates = expand_prices(model, day, lambda _: False).prices.base.tokens
            facts.cross_off(*(f"pricing.{rate}" for rate in _RATES if rate in rates))
            names = facts.take_capabilities(dict.fromkeys(sorted(model.capabilities)))
            limits = [facts.take("context_window"), facts.take("max_output_tokens")]
            prices = [rates.get(rate) for rate in _RATES]
            rows.append((model.full_id, facts.take("name"), *limits, *prices, ", ".join(names) or None))
            losses += facts.count_left()
    table = Table(_COLUMNS, rows, frozenset(range(2, 7)))
    return Exported({"": render_table(table, "markdown").encode()}, losses)
