"""`core.query.filters` in SQL: the same answers as `core.query.evaluate`, by the index."""

from collections.abc import Iterator, Sequence
from typing import Any

from registry_cli.core.catalog.fields import RATES
from registry_cli.core.query.filters import HIDDEN, Filters, Selection, canonical_capability, first_day, name_pattern
from registry_cli.store.index.index import Index
from registry_cli.store.index.schema import STATUS

_STATUS = STATUS.format(day=":day")
FROM = "FROM models m JOIN rates r ON r.model = m.key AND r.since <= :day AND :day < r.until"
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


def fetch(
    index: Index, columns: Sequence[str], selection: Selection, day: str, *, full_id: str | None = None
) -> list[tuple[Any, ...]]:
    """The named columns of the models that a selection means on an ISO day, in its order; of one of them alone where
    its `provider/id` is given."""
    parameters: dict[str, Any] = {"day": day}
    conditions = conditions_of(selection.filters, parameters)
    if full_id is not None:
        conditions.add("m.full_id =", full_id)
    add_functions(index, selection.filters)
    if any(column == "match" for column, _ in selection.order.keys):
        from registry_cli.core.query.words import rank_match  # noqa: PLC0415  # only for words

        index.add_function("rank_match", lambda names: rank_match(names, selection.filters.words))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    chosen = ", ".join(_expression(column) for column in columns)
    if selection.distinct:
        # The cheapest host of each base model, by the order of `selection._CHEAPEST`; one without stands for itself.
        ranked = (
            "SELECT m.key, row_number() OVER (PARTITION BY m.base_model, iif(m.base_model IS NULL, m.full_id, NULL)"
            f" ORDER BY r.input NULLS LAST, r.output NULLS LAST, m.full_id) AS place {FROM}{where}"
        )
        where = f" WHERE m.key IN (SELECT key FROM ({ranked}) WHERE place = 1)"
    order = ", ".join([*_order(selection.order.keys), "m.full_id"])
    limit = "" if selection.limit is None else f" LIMIT {int(selection.limit)}"
    return index.rows(f"SELECT {chosen} {FROM}{where} ORDER BY {order}{limit}", parameters)


def add_functions(index: Index, filters: Filters) -> None:
    """Gives the index the functions that `conditions_of` these filters call."""
    if filters.name is not None:
        import re  # noqa: PLC0415  # only for names

        pattern = re.compile(name_pattern(filters.name))
        index.add_function("is_named", lambda name: name is not None and pattern.match(name.casefold()) is not None)


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


def conditions_of(filters: Filters, parameters: dict[str, Any]) -> _Conditions:
    """Return what a model must meet, in SQL; the values in it are put among the parameters."""
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
    _add_names(found, filters)
    return found


def _add_names(conditions: _Conditions, filters: Filters) -> None:
    for word in filters.words:
        conditions.add(f"instr({_NAMES},", word, ") > 0")
    if filters.name is not None:
        conditions.append("(is_named(m.id) OR is_named(m.full_id) OR is_named(m.name))")


def _order(keys: Sequence[tuple[str, bool]]) -> Iterator[str]:
    for column, downward in keys:
        yield f"{_expression(column)}{' DESC' if downward else ''} NULLS LAST"


def _expression(column: str) -> str:
    return COLUMNS.get(column) or f"{'r' if column in RATES else 'm'}.{column}"
