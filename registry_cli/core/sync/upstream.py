"""What the sources of one model come to: field by field the highest source that states it.

`pricing` is one list: its rates come from one source, and a lower one adds only variants, where its rates agree.
`modalities` and `reasoning` come whole from one source too. What follows from the facts, or cannot be true beside
them, is settled as for an import (`core.sync.inference`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry_cli.core.pricing.merge import merge_pricing, with_variants
from registry_cli.core.sync.facts import Field, Fields, facts_of, fields_of, group_of
from registry_cli.core.sync.implausible import LeftOut, without_implausible
from registry_cli.core.sync.inference import complete
from registry_cli.core.sync.schedules import superseded_hours
from registry_cli.yamledit.apply import same

Words = Sequence[tuple[str, Fields]]  # what each source says, the highest first
_WHOLE = frozenset({"modalities", "reasoning"})
_OUTPUT = "max_output_tokens"


@dataclass(frozen=True, slots=True)
class Upstream:
    """The value of each field, and the source it is from; `implied` are those that no source states itself.

    `replaced` are prices that some source states, but not the list that counts: those of a lower source, and the zeros
    of a higher one that gave way. `rejected` are the values that sources state and that cannot be true, each with its
    source and the reason; the field may have a better value.
    """

    fields: Fields
    sources: Mapping[Field, str]
    implied: frozenset[Field]
    replaced: frozenset[Field] = frozenset()
    rejected: Mapping[Field, LeftOut] = field(default_factory=dict)


def upstream_of(model_id: str, words: Words, on: str) -> Upstream:
    """`on` is the ISO day to judge dates by. The fields of nobody are empty."""
    if not words:
        return Upstream({}, {}, frozenset())
    words, left_out = without_implausible(words)
    rejected = {item.field: item for item in left_out}
    stated: dict[Field, Any] = {}
    sources: dict[Field, str] = {}
    owners: dict[str, str] = {}  # group -> the source that it comes from, for groups that are not mixed
    for source, fields in words:
        for name, value in fields.items():
            group = group_of(name)
            if name in stated or group == "pricing":
                continue
            if group in _WHOLE and owners.setdefault(group, source) != source:
                continue
            stated[name], sources[name] = value, source
    pricing, replaced = _pricing(words)
    stated |= {name: value for name, (value, _) in pricing.items()}
    sources |= {name: source for name, (_, source) in pricing.items()}
    facts, denied = facts_of(stated)
    if "variants" in facts.get("pricing", ()):
        facts["pricing"] = with_variants(facts["pricing"], facts["pricing"]["variants"])  # whatever order they came in
    omitted = list(complete(model_id, facts, denied, on))
    # A limit that does not fit is a change for a person to see, which the rules hold; the rest was never plausible.
    if _OUTPUT in stated and _OUTPUT not in facts and facts["mode"] not in ("embedding", "rerank"):
        facts[_OUTPUT] = stated[_OUTPUT]
    settled = fields_of(facts, frozenset(denied))
    implied = frozenset(name for name in settled if name not in sources)
    rejected |= {
        name: LeftOut(sources[name], name, stated[name], reason)
        for doubted, _, reason in omitted
        if doubted in pricing  # one rate in another unit: so are all of the list
        for name in pricing
        if name not in settled
    }
    return Upstream(settled, {**sources, **dict.fromkeys(implied, words[0][0])}, implied, replaced, rejected)


def heard(before: Fields, now: Fields) -> Fields:
    """What a source says, where it answered: a field that it states no more keeps its last word, but for hours of
    prices that it states otherwise now."""
    silent = before.keys() - now.keys()
    silent -= superseded_hours(before, now) if silent else frozenset()
    if not silent:
        return now
    return {**{name: value for name, value in before.items() if name in silent}, **now}


def _pricing(words: Words) -> tuple[dict[Field, tuple[Any, str]], frozenset[Field]]:
    """The one price list, each price with its source, and what others price besides."""
    lists = [(source, prices) for source, fields in words if (prices := _priced(fields))]
    if len(lists) < 2:  # noqa: PLR2004  # nothing to merge
        return {name: (price, source) for source, prices in lists for name, price in prices.items()}, frozenset()
    merged: Any = None
    for _, prices in lists:
        merged = merge_pricing(merged, facts_of(prices)[0]["pricing"])
    fields = fields_of({"pricing": merged})
    told = {name: (price, _teller(lists, name, price)) for name, price in fields.items()}
    return told, frozenset(name for _, prices in lists for name in prices if name not in fields)


def _teller(words: Words, name: Field, value: Any) -> str:
    """The source that a merged price is from: a list of zeros gives way, so not always the highest that states it."""
    return next(source for source, said in words if name in said and same(said[name], value))


def _priced(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if name.startswith("pricing.")}
