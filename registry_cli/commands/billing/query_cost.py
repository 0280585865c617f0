"""`query --sort cost`: the models of a query, sorted by the cost of a planned call."""

from dataclasses import dataclass

from registry_cli.commands.billing.cost import COLUMNS, check_tier_of_catalog, cost_order, model_of
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.commands.query.query import OutputSpec, query_models, resolve_filters
from registry_cli.core.billing.bill_columns import amount_columns, planned_fields, total_fields
from registry_cli.core.billing.bill_notes import warn_of_sizes
from registry_cli.core.billing.bills import Bill
from registry_cli.core.billing.call_plan import PlannedCall
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.query.filters import Order, Selection
from registry_cli.core.query.table import Table
from registry_cli.core.text.exact_json import dumps
from registry_cli.store.index.query import fetch_models


@dataclass(frozen=True, slots=True)
class CostRanking:
    """The table of `query` with the cost of the call. `too_small` counts models whose limits the call exceeds."""

    table: Table
    too_small: int


def query_by_cost(
    asked: OpenCatalog, selection: Selection, plan: PlannedCall, wanted: OutputSpec, *, downward: bool
) -> CostRanking:
    """Return the selected models by cost: US dollars first, exact costs before inexact ones. Raises `UsageError`."""
    day = plan.conditions.day
    everything = selection._replace(filters=resolve_filters(asked, selection.filters), order=Order(), limit=None)
    rows = fetch_models(asked.index, COLUMNS, everything, day)
    prices = [ModelPrice(model_of(dict(zip(COLUMNS, row, strict=True)))) for row in rows]
    check_tier_of_catalog(asked, plan.conditions, prices)
    bills = [plan.bill_at(price) for price in prices]
    order = sorted(range(len(bills)), key=lambda place: cost_order(bills[place]))
    if downward:
        order.sort(key=lambda place: (bills[place].currency != "USD", not bills[place].exact, -bills[place].total))
    order = order[: selection.limit]
    table = query_models(asked, everything, day, wanted)  # the same models in the same order
    planned = plan.calls > 1 or plan.per is not None
    names, amounts = amount_columns(bills, planned=planned)
    documents = table.documents and [
        _with_cost(table.documents[place], bills[place], planned=planned) for place in order
    ]
    ranked = table._replace(
        columns=(*table.columns, *names),
        rows=[(*table.rows[place], *amounts[place]) for place in order],
        marked=frozenset(number for number, place in enumerate(order) if place in table.marked),
        documents=documents,
    )
    call = [(plan.usage, plan.conditions)]
    too_small = sum(any(warn_of_sizes(prices[place].model, call)) for place in order)
    return CostRanking(ranked, too_small)


def _with_cost(document: str, bill: Bill, *, planned: bool) -> str:
    stated = {**total_fields(bill, "total"), **(planned_fields(bill) if planned else {}), "currency": bill.currency}
    return f'{document[:-1]},"cost":{dumps(stated)}}}'
