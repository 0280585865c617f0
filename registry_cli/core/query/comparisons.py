"""Which fact of a model each filter compares, and how: one definition for both back ends.

`core.query.evaluate` reads the table for models in memory and `store.index.query` makes SQL of it. A filter that is no
plain comparison is in `OTHER_FILTERS`, and each back end has code of its own for it.
"""

from typing import Any, Literal, NamedTuple

from registry_cli.core.query.filters import Filters

# `in`: the fact is one of the values. `has`: the fact is a set with all of the values. `since`: the fact is a date
# whose first day is not before that of the value.
Operator = Literal["in", "has", "=", ">=", "<=", "since"]


class Comparison(NamedTuple):
    """What must hold of a fact. A fact is an attribute of a model that the index has as a column, or one of `RATES`."""

    fact: str
    operator: Operator


# By the fields of `Filters`. A model whose fact is unknown does not match.
COMPARISONS = {
    "providers": Comparison("provider", "in"),
    "modes": Comparison("mode", "in"),
    "capabilities": Comparison("capabilities", "has"),
    "input_modalities": Comparison("input_modalities", "has"),
    "output_modalities": Comparison("output_modalities", "has"),
    "min_context": Comparison("context_window", ">="),
    "min_output_tokens": Comparison("max_output_tokens", ">="),
    "min_input": Comparison("input", ">="),
    "max_input": Comparison("input", "<="),
    "min_output": Comparison("output", ">="),
    "max_output": Comparison("output", "<="),
    "family": Comparison("family", "="),
    "base_model": Comparison("base_model", "="),
    "open_weights": Comparison("open_weights", "="),
    "released_since": Comparison("release_date", "since"),
}
OTHER_FILTERS = frozenset({"statuses", "deprecated", "free", "words", "name"})


def list_comparisons(filters: Filters) -> list[tuple[Comparison, Any]]:
    """Return the comparisons that the filters ask for, each with the value to compare with."""
    given = []
    for field, comparison in COMPARISONS.items():
        value = getattr(filters, field)
        if value is not None and value != ():
            given.append((comparison, value))
    return given
