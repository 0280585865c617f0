"""Which fact of a model each filter compares, and how: one definition for both back ends.

`core.query.evaluate` reads the table for models in memory and `store.index.query` makes SQL of it. A filter that is no
plain comparison is in `OTHER_FILTERS`, and each back end has code of its own for it.
"""

from typing import Any, Literal, NamedTuple

from registry_cli.core.query.filters import Filters

# `in`: the fact is one of the values. `has`: the fact is a set with all of the values. `since`: the fact is a date
# whose first day is not before that of the value.
Operator = Literal["in", "has", "=", ">=", "<=", "since"]


class FactComparison(NamedTuple):
    """What must hold of a fact. A fact is an attribute of a model that the index has as a column, or one of `RATES`."""

    fact: str
    operator: Operator


# By the fields of `Filters`. A model whose fact is unknown does not match.
COMPARISONS = {
    "providers": FactComparison("provider", "in"),
    "modes": FactComparison("mode", "in"),
    "capabilities": FactComparison("capabilities", "has"),
    "input_modalities": FactComparison("input_modalities", "has"),
    "output_modalities": FactComparison("output_modalities", "has"),
    "min_context": FactComparison("context_window", ">="),
    "min_output_tokens": FactComparison("max_output_tokens", ">="),
    "min_input": FactComparison("input", ">="),
    "max_input": FactComparison("input", "<="),
    "min_output": FactComparison("output", ">="),
    "max_output": FactComparison("output", "<="),
    "family": FactComparison("family", "="),
    "base_model": FactComparison("base_model", "="),
    "open_weights": FactComparison("open_weights", "="),
    "released_since": FactComparison("release_date", "since"),
}
OTHER_FILTERS = frozenset({"statuses", "deprecated", "free", "words", "name"})


def list_comparisons(filters: Filters) -> list[tuple[FactComparison, Any]]:
    """Return the comparisons that the filters ask for, each with the value to compare with."""
    given = []
    for field, comparison in COMPARISONS.items():
        value = getattr(filters, field)
        if value is not None and value != ():
            given.append((comparison, value))
    return given
