"""An entry as flat fields and back, without loss: the form in which history compares entries.

A field is named by its leaf path, `pricing.input`, as `llmreg set` names it:

    capabilities.vision                          True, False where it is denied, or the details that are given
    modalities.input, aliases                    a list, in its order
    pricing.variants[service_tier=batch].input   a rate of one variant, by its whole condition
    pricing.variants[]                           the conditions of all variants, in their order
    metadata.anything                            whatever is there, whole

None is a fact that does not apply; a field that is not stated is not there.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from registry_cli.core.catalog.capabilities import is_denied, read_capabilities
from registry_cli.core.format.fields import MAPPING, TEXT_KEYS, paths_of_kind
from registry_cli.core.format.flattening import (
    OPENED_GROUPS,
    VARIANTS,
    flatten,
    put_field,
    sorted_condition_text,
    whens_of,
)

Leaves = Mapping[str, Any]
Canonical = Callable[[str], str]

ORDER = f"{VARIANTS}[]"
_CAPABILITIES = "capabilities"
_OF_PROVIDER = ("api", "limitations", "defaults", "sync")
# Mappings whose keys are fields of their own.
_OPENED = OPENED_GROUPS.union(paths_of_kind(MAPPING), _OF_PROVIDER)
_OPENED_IN_VARIANT = frozenset({"per"})
_NO_PRICES = frozenset({*TEXT_KEYS, "variants", "variants[]", "multiply"})


def flatten_history(body: Mapping[str, Any], canonical: Canonical) -> dict[str, Any]:
    """The fields of an entry in today's spelling, or of a provider's own facts, in their order."""
    leaves: dict[str, Any] = {}
    for path, value in flatten(body, _OPENED).items():
        if path == _CAPABILITIES and value and isinstance(value, list | dict):
            _flatten_capabilities(value, canonical, leaves)
        elif path == VARIANTS:
            _flatten_variants(value, leaves)
        else:
            leaves[path] = value
    return leaves


def restore_entry(leaves: Leaves) -> dict[str, Any]:
    """The entry that has these fields."""
    body: dict[str, Any] = {}
    variants = {f"{VARIANTS}[{sorted_condition_text(when)}].": {"when": when} for when in leaves.get(ORDER, ())}
    for field, value in leaves.items():
        if field.startswith(f"{_CAPABILITIES}."):
            name = field.removeprefix(f"{_CAPABILITIES}.")
            body.setdefault(_CAPABILITIES, []).append(name if value is True else {name: value})
        elif prefix := next((each for each in variants if field.startswith(each)), None):
            put_field(variants[prefix], field.removeprefix(prefix), value, _OPENED_IN_VARIANT)
        elif field == ORDER:
            body.setdefault("pricing", {})["variants"] = list(variants.values())
        else:
            put_field(body, field, value, _OPENED)
    return body


def _flatten_capabilities(written: Any, canonical: Canonical, leaves: dict[str, Any]) -> None:
    name = None
    for name, details in read_capabilities(written):
        denied = details is False or details == {"supported": False}
        said = False if denied else details if isinstance(details, dict) else True
        leaves[f"{_CAPABILITIES}.{canonical(name)}"] = said
    if name is None:
        leaves[_CAPABILITIES] = []


def _flatten_variants(written: Any, leaves: dict[str, Any]) -> None:
    """Variants by their conditions where these tell them apart, else all of them as one value."""
    whens = whens_of(written) or []
    names = [sorted_condition_text(when) for when in whens]
    if not names or len({*names}) < len(names):
        leaves[VARIANTS] = written
        return
    leaves[ORDER] = whens
    for name, variant in zip(names, written, strict=True):
        for key, value in flatten(variant, _OPENED_IN_VARIANT).items():
            if key != "when":
                leaves[f"{VARIANTS}[{name}].{key}"] = value


def is_price(field: str) -> bool:
    """Whether a field holds a price: a rate, one for a unit, or one of a variant."""
    last = field.rpartition("].")[2].removeprefix("pricing.")
    return field.startswith("pricing.") and last not in _NO_PRICES


def exact_price(value: Any) -> Decimal | None:
    """Returns a price exactly as written, None if the value is no price."""
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def aliases_of(leaves: Leaves) -> list[str]:
    """The other names that an entry states; none where a file of the past has no list there."""
    stated = leaves.get("aliases")
    return [each for each in stated if isinstance(each, str)] if isinstance(stated, list) else []


def is_denial(value: Any) -> bool:
    """Whether the value of a field `capabilities.NAME` says that the model lacks it."""
    return is_denied(value)
