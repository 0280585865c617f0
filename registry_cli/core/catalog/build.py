"""Provider files -> entries: layers folded into one body, older spellings into today's, bodies into types.

The layers of a provider, the lowest first: its `<provider>_capabilities.yml` (ExLLM's second file), its own
`<provider>.yml`, the person's overlay. A higher layer wins field by field: mappings are merged, everything else is
replaced. Bodies must keep the schema; the callers see to that.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.catalog.capabilities import is_denied, read_capabilities
from registry_cli.core.catalog.derived import derive_capabilities
from registry_cli.core.catalog.models import Modalities, Model, Pricing, Provider, Variant, billing_of
from registry_cli.core.format.fields import NUMBERS, rates_of
from registry_cli.core.format.flattening import flatten
from registry_cli.core.format.legacy import MODEL_KEYS, models_of, with_current_keys
from registry_cli.core.format.vocabulary import Vocabulary


def build_provider(
    provider_id: str,
    layers: Sequence[Mapping[str, Any]],
    overlay: Mapping[str, Any] | None,
    vocabulary: Vocabulary,
) -> Provider:
    """Builds a provider from the parsed values of its files, the lowest layer first, and of its file in the overlay."""
    body: dict[str, Any] = {}
    for layer in layers:
        body = merge_layers(body, _modernize_file(layer))
    theirs: dict[str, Any] = _modernize_file(overlay) if overlay else {}
    body = merge_layers(body, theirs)
    models = body.pop("models", {})
    own = theirs.get("models", {})
    known = set().union(*(_modernize_file(layer).get("models", {}) for layer in layers)) if own else set()
    billing = body.get("billing", "usage")
    return Provider(
        id=provider_id,
        body=body,
        billing=billing,
        name=body.get("name"),
        aliases=tuple(body.get("aliases") or ()),
        default_model=body.get("default_model"),
        defaults=body.get("defaults") or {},
        models={
            model_id: build_model(
                provider_id, model_id, model, billing, vocabulary, overlay=_overlaid_fields(model_id, own, known)
            )
            for model_id, model in models.items()
        },
    )


def build_model(
    provider_id: str,
    model_id: str,
    written: Mapping[str, Any] | None,
    billing: str,
    vocabulary: Vocabulary,
    *,
    overlay: tuple[str, ...] = (),
) -> Model:
    """One typed entry from the body of a model in today's spelling (`build_provider` brings older ones to it).
    `billing` is the provider's.

    An entry's own `body` gives the same entry again.
    """
    body = dict(written or {})
    modalities = body.get("modalities") or {}
    stated, details = _stated_capabilities(body, vocabulary)
    if stated or details or "capabilities" in body:
        body["capabilities"] = sorted(stated)
    if details:
        body["capability_details"] = details
    derived = _derived_capabilities(body, stated, details)
    return Model(
        provider=provider_id,
        id=model_id,
        body=body,
        billing=billing_of(model_id, body, billing),
        name=body.get("name"),
        family=body.get("family"),
        base_model=body.get("base_model"),
        aliases=tuple(body.get("aliases") or ()),
        mode=body.get("mode"),
        status=body.get("status"),
        context_window=_to_integer(body.get("context_window")),
        max_input_tokens=_to_integer(body.get("max_input_tokens")),
        max_output_tokens=_to_integer(body.get("max_output_tokens")),
        modalities=Modalities(tuple(modalities.get("input") or ()), tuple(modalities.get("output") or ())),
        open_weights=body.get("open_weights"),
        pricing=build_pricing(body.get("pricing")),
        capabilities=stated.union(derived),
        derived_capabilities=derived,
        knowledge_cutoff=body.get("knowledge_cutoff"),
        release_date=body.get("release_date"),
        deprecation_date=body.get("deprecation_date"),
        retirement_date=body.get("retirement_date"),
        replacement=body.get("replacement"),
        updated_at=body.get("updated_at"),
        overlay=overlay,
    )


def merge_layers(low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(low)
    for key, value in high.items():
        below = merged.get(key)
        merged[key] = merge_layers(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _overlaid_fields(model_id: str, own: Mapping[str, Any], known: set[str]) -> tuple[str, ...]:
    if model_id not in own:
        return ()
    return tuple(flatten(own[model_id] or {})) if model_id in known else ("*",)


def _modernize_file(body: Mapping[str, Any]) -> dict[str, Any]:
    """A file's value with ExLLM's older keys under today's names."""
    modern = {key: value for key, value in body.items() if key not in MODEL_KEYS}
    models = models_of(body)
    modern["models"] = {model_id: modernize_model(model or {}) for model_id, model in models.items()}
    return modern


def modernize_model(model: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of a file with today's keys, and with whole numbers where limits were written as `1e6`."""
    modern = with_current_keys(model)
    for limit in NUMBERS:
        if isinstance(modern.get(limit), Decimal):
            modern[limit] = int(modern[limit])
    return modern


def _stated_capabilities(body: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[frozenset[str], dict[str, Any]]:
    """Returns the canonical names of the stated capabilities, and details by name (a denied one has details too)."""
    pairs = read_capabilities(body.get("capabilities"))
    stated = {vocabulary.canonical_name(name) or name: detail for name, detail in pairs}
    stated.update(body.get("capability_details") or {})
    denied = {name for name, detail in stated.items() if is_denied(detail)}
    details = {name: detail if isinstance(detail, dict) else {"supported": False} for name, detail in stated.items()
               if isinstance(detail, dict) or name in denied}  # fmt: skip
    return frozenset(stated.keys() - denied), details


def _derived_capabilities(
    body: Mapping[str, Any], stated: frozenset[str], details: Mapping[str, Any]
) -> dict[str, str]:
    """Returns the derived capabilities with their evidence, sorted by name. A denied capability is not derived."""
    proven = derive_capabilities(body)
    return {name: proven[name] for name in sorted(proven.keys() - stated - details.keys())}


def build_pricing(body: Mapping[str, Any] | None) -> Pricing | None:
    """Builds the typed prices from the `pricing` of an entry."""
    if body is None:
        return None
    return Pricing(
        currency=body.get("currency") or "USD",
        rates=_to_decimals(rates_of(body)),
        per=_to_decimals(body.get("per") or {}),
        effective_date=body.get("effective_date"),
        variants=tuple(_build_variant(variant) for variant in body.get("variants") or ()),
    )


def _build_variant(body: Mapping[str, Any]) -> Variant:
    multiply = body.get("multiply")
    return Variant(
        when=body.get("when") or {},
        rates=_to_decimals(rates_of(body)),
        per=_to_decimals(body.get("per") or {}),
        multiply=None if multiply is None else Decimal(multiply),
        effective_date=body.get("effective_date"),
    )


def _to_decimals(body: Mapping[str, Any]) -> dict[str, Decimal | None]:
    return {key: None if value is None else Decimal(value) for key, value in body.items()}


def _to_integer(value: Any) -> int | None:
    return None if value is None else int(value)
