"""The facts that an entry states, and which of them an export has written: the rest is what its format cannot hold."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from registry_cli.core.catalog.models import Model, Provider, Variant
from registry_cli.core.format.absent import ABSENT, value_at
from registry_cli.core.format.flattening import OPENED_GROUPS, VARIANTS, flatten

_NO_FACTS = frozenset({"upstream_ids", VARIANTS})  # a source's own spelling; counted by their conditions
_SAY_NOTHING: Sequence[tuple[str, Any]] = (("pricing.currency", "USD"), ("pricing.per", {}), ("pricing.per", None))
_WITHOUT_OUTPUT_PRICE = frozenset({"embedding", "rerank", "moderation"})  # modes whose answers nobody bills


class Facts:
    """The facts of one model. `take` reads one and crosses it off; a `null`, which few formats can say, stays."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._left = dict.fromkeys(stated_fields(model.body))
        self._variants = list(model.pricing.variants) if model.pricing else []

    def take(self, path: str) -> Any:
        """The value at a path such as `modalities.input`, None where it is not stated or null."""
        value = value_at(self.model.body, path.split("."))
        if value is ABSENT or value is None:
            return None
        self._left.pop(path, None)
        return value

    def cross_off(self, *paths: str) -> None:
        for path in paths:
            self._left.pop(path, None)

    def cross_off_variant(self, variant: Variant) -> None:
        self._variants = [kept for kept in self._variants if kept is not variant]

    def take_capabilities(self, names: Mapping[str, Any]) -> list[str]:
        """Those of the model's capabilities that are among `names`, in the order of `names`."""
        found = [name for name in names if name in self.model.capabilities]
        self.cross_off(*(f"capabilities.{name}" for name in found))
        return found

    def count_left(self) -> Counter[str]:
        """How many facts of which field are not taken."""
        fields = Counter("capabilities" if name.startswith("capabilities.") else name for name in self._left)
        fields.update(f"pricing.variants.{'+'.join(variant.when)}" for variant in self._variants)
        return fields


def stated_fields(body: Mapping[str, Any]) -> Iterator[str]:
    """The fields an entry states, price variants apart: `context_window`, `pricing.per.page`, `capabilities.vision`."""
    for path, value in flatten(body, OPENED_GROUPS).items():
        if path == "capabilities":
            yield from (f"capabilities.{capability}" for capability in value)
        elif path not in _NO_FACTS and (path, value) not in _SAY_NOTHING:
            yield path


def unpriced_side(model: Model, rates: Container[str]) -> str | None:
    """`input` or `output` where `rates` prices only the other one, so that a calculator which takes an absent rate
    for 0 bills that side of a call at nothing; None where both are priced, neither is, or the other has no price."""
    if ("input" in rates) == ("output" in rates):
        return None
    side = "output" if "input" in rates else "input"
    stated = model.pricing.rates if model.pricing else {}
    if any(rate for name, rate in stated.items() if name.startswith(f"{side}_")):
        return side  # images or audio have a price
    does_not_apply = side in stated and stated[side] is None
    if does_not_apply or (side == "output" and model.mode in _WITHOUT_OUTPUT_PRICE):
        return None
    return side


def provider_losses(provider: Provider, taken: set[str]) -> Counter[str]:
    """Counts the facts of a provider that are not among `taken`."""
    fields = [
        f"{name}.{inner}" if inner else name
        for name, value in provider.body.items()
        if name != "provider"
        for inner in (value if name == "api" and value else [""])
    ]
    return Counter(f"provider.{name}" for name in fields if name not in taken)
