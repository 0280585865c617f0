"""`core.filters` in SQL: the same answers as `core.selection`, by the index."""

from collections.abc import Iterator, Sequence
from typing import Any

from registry_cli.core.query.filters import (
    HIDDEN,
    RATES,
    Filters,
    Selection,
    canonical_capability,
    first_day,
    name_pattern,
)
from registry_cli.store.index.index import Index
from registry_cli.store.index.schema import STATUS

_STATUS = STATUS.format(day=":day")
_FROM = "FROM models m JOIN rates r ON r.model = m.key AND r.since <= :day AND :day < r.until"
_LIMITS = (
    ("m.context_window >=", "min_context"),
    ("m.max_output_tokens >=", "min_output_tokens"),
    ("r.input >=", "min_input"),
    ("r.input <=", "max_input"),
    ("r.output >=", "min_output"),
    ("r.output <=", "max_output"),
    ("m.family =", "family"),
    ("m.base_model =", "base_model"),
    ("m.open_weights =", "open_weights"),
)

# What a column of `fetch` may be besides the columns of `models` and the rates.
COLUMNS = {
    "status": _STATUS,
    "input_text": "r.input_text",
    "output_text": "r.output_text",
    "currency": "r.currency",
    "price": "r.price",
    "capabilities": "(SELECT group_concat(capability) FROM (SELECT capability FROM model_capabilities"
    " WHERE model = m.key ORDER BY capability))",
}


def fetch(
    index: Index, columns: Sequence[str], selection: Selection, day: str, *, full_id: str | None = None
) -> list[tuple[Any, ...]]:
    """The named columns of the models that a selection means on an ISO day, in its order; of one of them alone where
    its `provider/id` is given."""
    parameters: dict[str, Any] = {"day": day}
    conditions = _conditions(selection.filters, parameters)
    if full_id is not None:
        conditions.add("m.full_id =", full_id)
    if selection.filters.name is not None:
        import re  # noqa: PLC0415  # only for names

        pattern = re.compile(name_pattern(selection.filters.name))
        index.add_function("is_named", lambda name: name is not None and pattern.match(name.casefold()) is not None)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    chosen = ", ".join(_expression(column) for column in columns)
    if selection.distinct:
        # The cheapest host of each base model, by the order of `selection._CHEAPEST`; one without stands for itself.
        ranked = (
            "SELECT m.key, row_number() OVER (PARTITION BY m.base_model, iif(m.base_model IS NULL, m.full_id, NULL)"
            f" ORDER BY r.input NULLS LAST, r.output NULLS LAST, m.full_id) AS place {_FROM}{where}"
        )
        where = f" WHERE m.key IN (SELECT key FROM ({ranked}) WHERE place = 1)"
    order = ", ".join([*_order(selection.order.keys), "m.full_id"])
    limit = "" if selection.limit is None else f" LIMIT {int(selection.limit)}"
    return index.rows(f"SELECT {chosen} {_FROM}{where} ORDER BY {order}{limit}", parameters)


def resolve_capability(index: Index, name: str) -> str:
    """`canonical_capability` for the catalog of an index."""
    spellings = dict(index.rows("SELECT alias, capability FROM capability_aliases"))
    used = "SELECT 1 FROM model_capabilities WHERE capability = ? LIMIT 1"
    return canonical_capability(name, spellings, lambda name: bool(index.rows(used, (name,))))


class _Conditions(list[str]):
    """Conditions of one statement; values are bound, never written into the text."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        super().__init__()
        self.parameters = parameters

    def add(self, comparison: str, value: Any, after: str = "") -> None:
        self.append(f"{comparison} {self._bound(value)}{after}")

    def add_any(self, expression: str, values: Sequence[str], *, without: bool = False) -> None:
        if values:
            self.append(f"{expression} {'NOT ' * without}IN ({', '.join(map(self._bound, values))})")

    def _bound(self, value: Any) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return f":{name}"


def _conditions(filters: Filters, parameters: dict[str, Any]) -> _Conditions:
    found = _Conditions(parameters)
    if filters.statuses or not filters.deprecated:
        found.add_any(_STATUS, filters.statuses or sorted(HIDDEN), without=not filters.statuses)
    found.add_any("m.provider", filters.providers)
    found.add_any("m.mode", filters.modes)
    for capability in filters.capabilities:
        found.add("m.key IN (SELECT model FROM model_capabilities WHERE capability =", capability, ")")
    for direction in ("input", "output"):
        for kind in getattr(filters, f"{direction}_modalities"):
            found.add(f"m.key IN (SELECT model FROM modalities WHERE direction = '{direction}' AND kind =", kind, ")")
    for comparison, field in _LIMITS:
        if (value := getattr(filters, field)) is not None:
            found.add(comparison, value)
    if filters.free:
        found.append("r.free")
    if filters.released_since is not None:
        found.add("substr(m.release_date || '-01-01', 1, 10) >=", first_day(filters.released_since))
    if filters.name is not None:
        found.append("(is_named(m.id) OR is_named(m.full_id) OR is_named(m.name))")
    return found


def _order(keys: Sequence[tuple[str, bool]]) -> Iterator[str]:
    for column, downward in keys:
        yield f"{_expression(column)}{' DESC' if downward else ''} NULLS LAST"


def _expression(column: str) -> str:
    return COLUMNS.get(column) or f"{'r' if column in RATES else 'm'}.{column}"
