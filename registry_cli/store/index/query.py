"""`core.query.filters` in SQL: the same answers as `core.query.evaluate`, by the index."""

from collections.abc import Iterator, Sequence
from typing import Any

from registry_cli.core.format.fields import RATES
from registry_cli.core.query.comparisons import FactComparison, list_comparisons
from registry_cli.core.query.filters import (
    HIDDEN,
    Filters,
    Selection,
    canonical_capability,
    first_day,
    name_pattern,
)
from registry_cli.store.index.index import Index
from registry_cli.store.index.schema import STATUS

_STATUS = STATUS.format(day=":day")
FROM = "FROM models m JOIN rates r ON r.model = m.key AND r.since <= :day AND :day < r.until"
# A fact that is a set -> the models whose set has a value, but for the value.
_SETS = {
    "capabilities": "SELECT model FROM model_capabilities WHERE capability =",
    "input_modalities": "SELECT model FROM modalities WHERE direction = 'input' AND kind =",
    "output_modalities": "SELECT model FROM modalities WHERE direction = 'output' AND kind =",
}

# `core.query.words.names_of` in SQL.
_NAMES = "m.full_id || char(10) || coalesce(m.name, '') || char(10) || coalesce(m.family, '')"
_NAMES = f"replace(replace(replace(lower({_NAMES}), '.', '-'), '_', '-'), ' ', '-')"

# What a column of `fetch` may be besides the columns of `models` and the rates.
COLUMNS = {
    "match": f"rank_match({_NAMES})",
    "status": _STATUS,
    "input_text": "r.input_text",
    "output_text": "r.output_text",
    "currency": "r.currency",
    "price": "r.price",
    "capabilities": "(SELECT group_concat(capability) FROM (SELECT capability FROM model_capabilities"
    " WHERE model = m.key ORDER BY capability))",
}


def fetch_models(
    index: Index, columns: Sequence[str], selection: Selection, day: str, *, full_id: str | None = None
) -> list[tuple[Any, ...]]:
    """Return the named columns of the models that match a selection on an ISO day, in its order.

    With `full_id` (`provider/id`), only of that model.
    """
    parameters: dict[str, Any] = {"day": day}
    conditions = list_conditions(selection.filters, parameters)
    if full_id is not None:
        conditions.add_bound("m.full_id =", full_id)
    add_functions(index, selection.filters)
    if any(column == "match" for column, _ in selection.order.keys):
        from registry_cli.core.query.words import rank_match  # noqa: PLC0415  # only for words

        index.add_function("rank_match", lambda names: rank_match(names, selection.filters.words))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    chosen = ", ".join(_column_expression(column) for column in columns)
    if selection.distinct:
        # The cheapest provider of each base model, as in `core.query.evaluate`; a model without one stands for itself.
        ranked = (
            "SELECT m.key, row_number() OVER (PARTITION BY m.base_model, iif(m.base_model IS NULL, m.full_id, NULL)"
            f" ORDER BY r.input NULLS LAST, r.output NULLS LAST, m.full_id) AS place {FROM}{where}"
        )
        where = f" WHERE m.key IN (SELECT key FROM ({ranked}) WHERE place = 1)"
    order = ", ".join([*_order_terms(selection.order.keys), "m.full_id"])
    limit = "" if selection.limit is None else f" LIMIT {int(selection.limit)}"
    return index.fetch_rows(f"SELECT {chosen} {FROM}{where} ORDER BY {order}{limit}", parameters)


def add_functions(index: Index, filters: Filters) -> None:
    """Add the SQL functions that the conditions of these filters call to the index."""
    if filters.name is not None:
        import re  # noqa: PLC0415  # only for names

        pattern = re.compile(name_pattern(filters.name))
        index.add_function("is_named", lambda name: name is not None and pattern.match(name.casefold()) is not None)


def resolve_capability(index: Index, name: str) -> str:
    """Return the canonical name of a capability in the catalog of an index. Raises `UsageError`."""
    spellings = dict(index.fetch_rows("SELECT alias, capability FROM capability_aliases"))
    used = "SELECT 1 FROM model_capabilities WHERE capability = ? LIMIT 1"
    return canonical_capability(name, spellings, lambda name: bool(index.fetch_rows(used, (name,))))


class _Conditions(list[str]):
    """Conditions of one statement; values are bound, never written into the text."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        super().__init__()
        self.parameters = parameters

    def add_bound(self, comparison: str, value: Any, after: str = "") -> None:
        self.append(f"{comparison} {self._bind_value(value)}{after}")

    def add_any(self, expression: str, values: Sequence[str], *, without: bool = False) -> None:
        if values:
            self.append(f"{expression} {'NOT ' * without}IN ({', '.join(map(self._bind_value, values))})")

    def add_comparison(self, comparison: FactComparison, value: Any) -> None:
        fact, operator = comparison
        if operator == "in":
            self.add_any(_column_expression(fact), value)
        elif operator == "has":
            for item in value:
                self.add_bound(f"m.key IN ({_SETS[fact]}", item, ")")
        elif operator == "since":
            self.add_bound(f"substr({_column_expression(fact)} || '-01-01', 1, 10) >=", first_day(value))
        else:
            self.add_bound(f"{_column_expression(fact)} {operator}", value)

    def _bind_value(self, value: Any) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"


def list_conditions(filters: Filters, parameters: dict[str, Any]) -> _Conditions:
    """Return the filters as SQL conditions, and add their values to the parameters."""
    conditions = _Conditions(parameters)
    if filters.statuses or not filters.deprecated:
        conditions.add_any(_STATUS, filters.statuses or sorted(HIDDEN), without=not filters.statuses)
    for comparison, value in list_comparisons(filters):
        conditions.add_comparison(comparison, value)
    if filters.free:
        conditions.append("r.free")
    _add_names(conditions, filters)
    return conditions


def _add_names(conditions: _Conditions, filters: Filters) -> None:
    for word in filters.words:
        conditions.add_bound(f"instr({_NAMES},", word, ") > 0")
    if filters.name is not None:
        conditions.append("(is_named(m.id) OR is_named(m.full_id) OR is_named(m.name))")


def _order_terms(keys: Sequence[tuple[str, bool]]) -> Iterator[str]:
    for column, downward in keys:
        yield f"{_column_expression(column)}{' DESC' if downward else ''} NULLS LAST"


def _column_expression(column: str) -> str:
    return COLUMNS.get(column) or f"{'r' if column in RATES else 'm'}.{column}"
