"""An entry as flat fields and back, with nothing lost: what its history is told in.

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

from registry_cli.core.catalog.capabilities import is_denied, pairs_of
from registry_cli.core.catalog.fields import MAPPING, TEXT_KEYS, paths_of_kind

Leaves = Mapping[str, Any]
Canonical = Callable[[str], str]

VARIANTS = "pricing.variants"
ORDER = f"{VARIANTS}[]"
_CAPABILITIES = "capabilities"
_OF_PROVIDER = ("api", "limitations", "defaults", "sync")
# Mappings whose keys are fields of their own, the deeper ones first.
_OPENED = sorted((*paths_of_kind(MAPPING), "pricing.per", *_OF_PROVIDER), key=lambda path: -path.count("."))
_NAMES = frozenset(_OPENED)
_NO_PRICES = frozenset({*TEXT_KEYS, "variants", "variants[]", "multiply"})


def leaves_of(body: Mapping[str, Any], canonical: Canonical) -> dict[str, Any]:
    """The fields of an entry in today's spelling, or of a provider's own facts, in their order."""
    leaves: dict[str, Any] = {}
    for key, value in body.items():
        if key == _CAPABILITIES and value and isinstance(value, list | dict):
            _capabilities(value, canonical, leaves)
        else:
            _open(key, value, leaves)
    return leaves


def entry_of(leaves: Leaves) -> dict[str, Any]:
    """The entry that has these fields."""
    body: dict[str, Any] = {}
    variants = {f"{VARIANTS}[{_named(when)}].": {"when": when} for when in leaves.get(ORDER, ())}
    for field, value in leaves.items():
        if field.startswith(f"{_CAPABILITIES}."):
            name = field.removeprefix(f"{_CAPABILITIES}.")
            body.setdefault(_CAPABILITIES, []).append(name if value is True else {name: value})
        elif prefix := next((each for each in variants if field.startswith(each)), None):
            _place(variants[prefix], field.removeprefix(prefix), value, "per")
        elif field == ORDER:
            body.setdefault("pricing", {})["variants"] = list(variants.values())
        else:
            _place(body, field, value, *_OPENED)
    return body


def _open(path: str, value: Any, leaves: dict[str, Any]) -> None:
    if path in _NAMES and value and isinstance(value, dict):
        for key, item in value.items():
            if path == "pricing" and key == "variants":
                _variants(item, leaves)
            else:
                _open(f"{path}.{key}", item, leaves)
    else:
        leaves[path] = value


def _capabilities(written: Any, canonical: Canonical, leaves: dict[str, Any]) -> None:
    name = None
    for name, details in pairs_of(written):
        denied = details is False or details == {"supported": False}
        said = False if denied else details if isinstance(details, dict) else True
        leaves[f"{_CAPABILITIES}.{canonical(name)}"] = said
    if name is None:
        leaves[_CAPABILITIES] = []


def _variants(written: Any, leaves: dict[str, Any]) -> None:
    """Variants by their conditions where these tell them apart, else all of them as one value."""
    whens = [each.get("when") for each in written if isinstance(each, dict)] if isinstance(written, list) else []
    names = [_named(when) for when in whens if when and isinstance(when, dict)]
    if not names or len({*names}) < len(written):
        leaves[VARIANTS] = written
        return
    leaves[ORDER] = whens
    for name, variant in zip(names, written, strict=True):
        for key, value in variant.items():
            if key == "per" and value and isinstance(value, dict):
                leaves |= {f"{VARIANTS}[{name}].per.{unit}": price for unit, price in value.items()}
            elif key != "when":
                leaves[f"{VARIANTS}[{name}].{key}"] = value


def _named(when: Mapping[str, Any]) -> str:
    from registry_cli.core.edits.difference import condition  # noqa: PLC0415  # brings the reader of YAML

    return condition(dict(sorted(when.items())))


def _place(body: dict[str, Any], field: str, value: Any, *opened: str) -> None:
    for prefix in opened:
        if field.startswith(f"{prefix}."):
            place = body
            for step in prefix.split("."):
                place = place.setdefault(step, {})
            place[field[len(prefix) + 1 :]] = value
            return
    body[field] = value


def is_price(field: str) -> bool:
    """Whether a field holds a price: a rate, one for a unit, or one of a variant."""
    last = field.rpartition("].")[2].removeprefix("pricing.")
    return field.startswith("pricing.") and last not in _NO_PRICES


def price(value: Any) -> Decimal | None:
    """A price as it was written, exactly; None for what is none."""
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def aliases_of(leaves: Leaves) -> list[str]:
    """The other names that an entry states; none where a file of the past has no list there."""
    stated = leaves.get("aliases")
    return [each for each in stated if isinstance(each, str)] if isinstance(stated, list) else []


def denies(value: Any) -> bool:
    """Whether the value of a field `capabilities.NAME` says that the model lacks it."""
    return is_denied(value)


def within(field: str, wanted: str) -> bool:
    """Whether a field is the wanted one, or a part of it."""
    return field == wanted or field.startswith((f"{wanted}.", f"{wanted}["))
