"""`query --sort cost`: the models of a query by what one call costs at each."""

from registry_cli.commands.query.cost import COLUMNS, cheapest, model_of
from registry_cli.commands.query.open import Asked
from registry_cli.commands.query.query import Wanted, known, query
from registry_cli.core.pricing.bills import Bill
from registry_cli.core.pricing.call_conditions import Conditions
from registry_cli.core.pricing.cost import cost
from registry_cli.core.pricing.usage import Usage
from registry_cli.core.query.filters import Order, Selection
from registry_cli.core.query.table import Table
from registry_cli.core.text.exact_json import dumps
from registry_cli.store.index.query import fetch


def query_by_cost(
    asked: Asked, selection: Selection, conditions: Conditions, wanted: Wanted, usage: Usage, *, downward: bool
) -> Table:
    """The table of `query` with a column `cost`, dollars first and lower bounds after what is known."""
    day = conditions.day
    everything = selection._replace(filters=known(asked, selection.filters), order=Order(), limit=None)
    rows = fetch(asked.index, COLUMNS, everything, day)
    bills = [cost(model_of(dict(zip(COLUMNS, row, strict=True))), usage, conditions) for row in rows]
    order = sorted(range(len(bills)), key=lambda place: cheapest(bills[place]))
    if downward:
        order.sort(key=lambda place: (bills[place].currency != "USD", not bills[place].exact, -bills[place].total))
    order = order[: selection.limit]
    table = query(asked, everything, day, wanted)  # the same models in the same order
    documents = table.documents and [_with_cost(table.documents[place], bills[place]) for place in order]
    return table._replace(
        columns=(*table.columns, "cost"),
        rows=[(*table.rows[place], str(bills[place])) for place in order],
        marked=frozenset(number for number, place in enumerate(order) if place in table.marked),
        documents=documents,
    )


def _with_cost(document: str, bill: Bill) -> str:
    stated = {
        "total": bill.total if bill.exact else None,
        **({} if bill.exact else {"estimate" if bill.estimates else "at_least": bill.total, "unknown": bill.unknown}),
        "currency": bill.currency,
    }
    return f'{document[:-1]},"cost":{dumps(stated)}}}'
