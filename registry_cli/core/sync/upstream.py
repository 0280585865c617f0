"""What the sources of one model come to: field by field the highest source that states it.

`pricing` is one list: its rates come from one source, and a lower one adds only variants, where its rates agree.
`modalities` and `reasoning` come whole from one source too. What follows from the facts, or cannot be true beside
them, is settled as for an import (`core.inference`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry_cli.core.inference import complete
from registry_cli.core.price_merge import merge_pricing, with_variants
from registry_cli.core.sync.facts import Field, Fields, facts_of, fields_of, group_of
from registry_cli.yamledit.apply import same

Words = Sequence[tuple[str, Fields]]  # what each source says, the highest first
_WHOLE = frozenset({"modalities", "reasoning"})
_OUTPUT = "max_output_tokens"


@dataclass(frozen=True, slots=True)
class Upstream:
    """The value of each field, and the source it is from; `implied` are those that no source states itself."""

    fields: Fields
    sources: Mapping[Field, str]
    implied: frozenset[Field]


def upstream_of(model_id: str, words: Words, on: str) -> Upstream:
    """`on` is the ISO day to judge dates by. The fields of nobody are empty."""
    if not words:
        return Upstream({}, {}, frozenset())
    stated: dict[Field, Any] = {}
    sources: dict[Field, str] = {}
    owners: dict[str, str] = {}  # group -> the source that it comes from, for groups that are not mixed
    for source, fields in words:
        for field, value in fields.items():
            group = group_of(field)
            if field in stated or group == "pricing" or owners.get(group, source) != source:
                continue
            if group in _WHOLE:
                owners[group] = source
            stated[field], sources[field] = value, source
    pricing, from_whom = _pricing(words)
    stated |= pricing
    sources |= from_whom
    facts, denied = facts_of(stated)
    if "variants" in facts.get("pricing", ()):
        facts["pricing"] = with_variants(facts["pricing"], facts["pricing"]["variants"])  # whatever order they came in
    list(complete(model_id, facts, denied, on))
    # A limit that does not fit is a change for a person to see, which the rules hold; the rest was never plausible.
    if _OUTPUT in stated and _OUTPUT not in facts and facts["mode"] not in ("embedding", "rerank"):
        facts[_OUTPUT] = stated[_OUTPUT]
    settled = fields_of(facts, frozenset(denied))
    implied = frozenset(field for field in settled if field not in sources)
    return Upstream(settled, {**sources, **dict.fromkeys(implied, words[0][0])}, implied)


def heard(before: Fields, now: Fields) -> Fields:
    """What a source says, where it answered: a field that it states no more keeps its last word."""
    silent = before.keys() - now.keys()
    if not silent:
        return now
    return {**{field: value for field, value in before.items() if field in silent}, **now}


def _pricing(words: Words) -> tuple[dict[Field, Any], dict[Field, str]]:
    lists = [(source, facts_of(_priced(fields))[0].get("pricing")) for source, fields in words]
    merged: Any = None
    for _, pricing in lists:
        merged = merge_pricing(merged, pricing)
    if not merged:
        return {}, {}
    fields = fields_of({"pricing": merged})
    return fields, {field: _teller(words, field, value) for field, value in fields.items()}


def _teller(words: Words, field: Field, value: Any) -> str:
    """The source that a merged price is from: a list of zeros gives way, so not always the highest that states it."""
    return next(source for source, said in words if field in said and same(said[field], value))


def _priced(fields: Fields) -> Fields:
    return {field: value for field, value in fields.items() if field.startswith("pricing.")}
