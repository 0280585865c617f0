"""How many models a query means, and how many it cannot judge because a fact is unknown."""

from typing import Any

from registry_cli.core.query.criteria import replace_field
from registry_cli.core.query.filters import Filters
from registry_cli.store.index.index import Index
from registry_cli.store.index.query import FROM, add_functions, list_conditions

_IN_DOLLARS = "r.currency = 'USD'"
_NOT_IN_DOLLARS = ("prices not in USD", "r.currency <> 'USD'")
_INPUT_UNKNOWN = ("input price unknown", f"r.input IS NULL AND {_IN_DOLLARS} AND json_type(r.price, '$.input') IS NULL")
_OUTPUT_UNKNOWN = (
    "output price unknown",
    f"r.output IS NULL AND {_IN_DOLLARS} AND json_type(r.price, '$.output') IS NULL",
)
_MAYBE_FREE = (
    f"{_IN_DOLLARS} AND NOT r.free AND coalesce(r.input, 0) = 0 AND coalesce(r.output, 0) = 0"
    " AND coalesce(json_extract(m.body, '$.pricing.per.request'), 0) = 0"
)

# Field of `Filters` -> what may be unknown of a model that it leaves out, in words and in SQL. A null in an entry is
# known: the fact does not apply.
_UNKNOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "min_context": (
        ("context window unknown", "m.context_window IS NULL AND json_type(m.body, '$.context_window') IS NULL"),
    ),
    "min_output_tokens": (
        ("output limit unknown", "m.max_output_tokens IS NULL AND json_type(m.body, '$.max_output_tokens') IS NULL"),
    ),
    "min_input": (_INPUT_UNKNOWN, _NOT_IN_DOLLARS),
    "max_input": (_INPUT_UNKNOWN, _NOT_IN_DOLLARS),
    "min_output": (_OUTPUT_UNKNOWN, _NOT_IN_DOLLARS),
    "max_output": (_OUTPUT_UNKNOWN, _NOT_IN_DOLLARS),
    "free": (
        ("input price unknown", f"{_MAYBE_FREE} AND json_type(r.price, '$.input') IS NULL"),
        ("output price unknown", f"{_MAYBE_FREE} AND json_type(r.price, '$.output') IS NULL"),
        _NOT_IN_DOLLARS,
    ),
    "released_since": (
        ("release date unknown", "m.release_date IS NULL AND json_type(m.body, '$.release_date') IS NULL"),
    ),
    "open_weights": (
        ("open weights unknown", "m.open_weights IS NULL AND json_type(m.body, '$.open_weights') IS NULL"),
    ),
    "modes": (("mode unknown", "m.mode IS NULL"),),
    "input_modalities": (("input modalities unknown", "json_type(m.body, '$.modalities.input') IS NULL"),),
    "output_modalities": (("output modalities unknown", "json_type(m.body, '$.modalities.output') IS NULL"),),
}


def count_models(index: Index, filters: Filters, day: str) -> int:
    """Return how many models match on an ISO day."""
    parameters: dict[str, Any] = {"day": day}
    add_functions(index, filters)
    conditions = list_conditions(filters, parameters)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return int(index.fetch_rows(f"SELECT count(*) {FROM}{where}", parameters)[0][0])


def count_unknown(index: Index, filters: Filters, day: str) -> tuple[int, dict[str, int]]:
    """Return how many models would match if unknown facts did, and do not, and how many of them lack each fact."""
    nothing = Filters()
    used = [field for field in _UNKNOWN if getattr(filters, field) != getattr(nothing, field)]
    if not used:
        return 0, {}
    parameters: dict[str, Any] = {"day": day}
    add_functions(index, filters)
    reasons = dict(reason for field in used for reason in _UNKNOWN[field])
    conditions = ["(" + " OR ".join(f"({condition})" for condition in reasons.values()) + ")"]  # true of few models
    judged = filters
    for field in used:
        judged = replace_field(judged, field, getattr(nothing, field))
    conditions += list_conditions(judged, parameters)
    for field in used:
        alone = replace_field(Filters(deprecated=True), field, getattr(filters, field))
        holds = " AND ".join(list_conditions(alone, parameters))
        may_hold = " OR ".join(f"({condition})" for _, condition in _UNKNOWN[field])
        conditions.append(f"(({holds}) OR {may_hold})")
    sums = ", ".join(f"sum({condition})" for condition in reasons.values())
    counts = index.fetch_rows(f"SELECT count(*), {sums} {FROM} WHERE {' AND '.join(conditions)}", parameters)[0]
    return counts[0], {words: number for words, number in zip(reasons, counts[1:], strict=True) if number}
