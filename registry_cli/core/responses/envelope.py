"""Finding the usage block of a response, and the envelopes around it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from registry_cli.core.responses import usage_names as names
from registry_cli.core.responses.block_counts import quote_value
from registry_cli.core.responses.usage_names import fold_name
from registry_cli.errors import UsageError

_MAX_ENVELOPES = 6
_MUST_BE_OBJECTS = frozenset(map(fold_name, ("usage", "usage_metadata")))
_SELF_DESCRIPTIONS = tuple(map(fold_name, ("response", "response_metadata")))

Folded = Mapping[str, Any]  # by the names as `fold_name` gives them


class LocatedBlock(NamedTuple):
    """A usage block, with unfolded names, and what surrounds it.

    `responses` run from the outermost envelope to the response itself. `is_response` means that the response has its
    counts without a block around them.
    """

    block: Mapping[str, Any]
    responses: Sequence[Folded]
    is_response: bool

    def inside_out(self) -> Iterator[Folded]:
        """Yield the mappings that may describe the response: inner mappings, the response, then its envelopes."""
        for name in _SELF_DESCRIPTIONS:
            described = self.responses[-1].get(name)
            if isinstance(described, Mapping):
                yield fold_names(described)
        yield from reversed(self.responses)


def fold_names(mapping: Mapping[str, Any]) -> Folded:
    """Return a mapping by its folded names, without null values."""
    return {fold_name(name): value for name, value in mapping.items() if value is not None}


def locate_block(response: Mapping[str, Any]) -> LocatedBlock | None:
    """Return the usage block of a response, wherever it is; None if there is none.

    Raises `UsageError` if `usage` is not an object.
    """
    plain, folded = [response], [fold_names(response)]
    while True:
        inner = folded[-1]
        for name in names.BLOCKS:
            block = inner.get(name)
            if block and isinstance(block, Mapping):
                return LocatedBlock(block, folded, is_response=False)
            if block and name in _MUST_BE_OBJECTS:
                raise UsageError(f"usage: {quote_value(block)} is not an object")
        envelope = next((inner[name] for name in names.ENVELOPES if isinstance(inner.get(name), Mapping)), None)
        if envelope is None or len(plain) > _MAX_ENVELOPES:
            break
        plain.append(envelope)
        folded.append(fold_names(envelope))
    for place in range(len(plain), 0, -1):
        if _has_counts(folded[place - 1]):
            return LocatedBlock(plain[place - 1], folded[:place], is_response=True)
    return None


def _has_counts(response: Folded) -> bool:
    table = names.USAGE_BLOCK
    for name, value in response.items():
        if name in table.counters:
            return True
        if name in table.tables and isinstance(value, Mapping) and value:
            return True
        if (name in table.lists or name == names.ITERATIONS) and isinstance(value, list) and value:
            return True
    return False
