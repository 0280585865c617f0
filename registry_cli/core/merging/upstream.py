"""What the sources of one model come to: field by field the highest source that states it.

`pricing` is one list: its rates come from one source, and others complete it only where all their rates agree. Among
aggregators a younger statement may stand above an older one (`freshness`), in prices and in limits.
`modalities` and `reasoning` come whole from one source too. What is wrong by itself is left out before (`implausible`);
what follows from the facts, or cannot be true beside them, is settled as for an import (`core.merging.inference`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from registry_cli.core.format.fields import TOKEN_LIMITS
from registry_cli.core.merging.freshness import (
    Belief,
    Evidence,
    contested_fields,
    find_believed_limit,
    find_believed_prices,
    find_confirmed_prices,
)
from registry_cli.core.merging.implausible import LeftOut, drop_implausible
from registry_cli.core.merging.inference import Omission, complete_facts
from registry_cli.core.merging.promises import drop_contradicted_ends
from registry_cli.core.merging.schedules import superseded_hours
from registry_cli.core.merging.standing import Words, entry_day, rank_by_standing
from registry_cli.core.pricing.merge import merge_pricing, with_variants
from registry_cli.core.statements.facts import Field, Fields, facts_of, fields_of, group_of
from registry_cli.core.statements.statement_days import PRICES
from registry_cli.yamledit.apply import equal_data

NO_EVIDENCE = Evidence()
_WHOLE = frozenset({"modalities", "reasoning"})
_OUTPUT = "max_output_tokens"


@dataclass(frozen=True, slots=True)
class Upstream:
    """The value of each field, and the source it is from; `implied` are those that no source states itself.

    `replaced` are prices that some source states, but not the list that counts: those of a lower source, and the zeros
    of a higher one that gave way; and a day of retirement that a higher source's promise contradicts. `rejected` are
    the values that sources state and that cannot be true; the field may have a better value. `beliefs` say whom to
    believe about prices and limits where aggregators differ; `contested` are the fields where that is not settled,
    with the reason to wait. `confirmed` are prices that two lists state, one of which names a page of the provider.
    `entered` is the day on which the maker entered the model into its list.
    """

    fields: Fields
    sources: Mapping[Field, str]
    implied: frozenset[Field]
    replaced: frozenset[Field] = frozenset()
    rejected: Mapping[Field, LeftOut] = field(default_factory=dict)
    beliefs: Mapping[str, Belief] = field(default_factory=dict)  # by what is stated, `pricing` or a limit
    contested: Mapping[Field, str] = field(default_factory=dict)
    confirmed: frozenset[Field] = frozenset()
    entered: str | None = None

    def remove_implied(self) -> "Upstream":
        """Only what sources state."""
        return replace(self, fields={name: self.fields[name] for name in self.fields.keys() - self.implied})


def settle_statements(model_id: str, words: Words, on: str, evidence: Evidence = NO_EVIDENCE) -> Upstream:
    """`on` is the ISO day to judge dates by, `evidence` what to judge aggregators by. With no sources, all is empty."""
    if not words:
        return Upstream({}, {}, frozenset())
    words, left_out = drop_implausible(words)
    stated, sources, contradicted = _highest_statements(words)
    beliefs = _find_beliefs(words, evidence)
    for name, belief in beliefs.items():
        if name in TOKEN_LIMITS:
            stated[name], sources[name] = dict(words)[belief.source][name], belief.source
    pricing, replaced = _merge_prices(_put_believed_first(words, beliefs.get(PRICES)))
    stated |= {name: value for name, (value, _) in pricing.items()}
    sources |= {name: source for name, (_, source) in pricing.items()}
    settled, omitted = _complete_statements(model_id, stated, on)
    implied = frozenset(name for name in settled if name not in sources)
    contested: dict[Field, str] = {}
    for name, belief in beliefs.items():
        contested |= contested_fields(belief, name, words, evidence)
    teller = sources.get("pricing.input", sources.get("pricing.output"))
    return Upstream(
        settled,
        {**sources, **dict.fromkeys(implied, words[0][0])},
        implied,
        replaced | contradicted,
        {item.field: item for item in left_out} | _rejected_prices(pricing, settled, omitted),
        beliefs,
        contested,
        find_confirmed_prices(teller, words, evidence) if teller else frozenset(),
        entry_day(words),
    )


def _highest_statements(words: Words) -> tuple[dict[Field, Any], dict[Field, str], frozenset[Field]]:
    """Each field but prices by the highest source that states it, and that source; and the fields of which no statement
    is left, as a higher source contradicts it."""
    stated: dict[Field, Any] = {}
    sources: dict[Field, str] = {}
    owners: dict[str, str] = {}  # group -> the source that it comes from, for groups that are not mixed
    ranked, contradicted = drop_contradicted_ends(rank_by_standing(words))
    for source, fields in ranked:
        for name, value in fields.items():
            group = group_of(name)
            if name in stated or group == PRICES:
                continue
            if group in _WHOLE and owners.setdefault(group, source) != source:
                continue
            stated[name], sources[name] = value, source
    return stated, sources, contradicted


def _complete_statements(model_id: str, stated: Fields, on: str) -> tuple[dict[Field, Any], Sequence[Omission]]:
    """What is stated, with what follows from it and without what cannot be true beside it; and what was left out."""
    facts, denied = facts_of(stated)
    if "variants" in facts.get("pricing", ()):
        facts["pricing"] = with_variants(facts["pricing"], facts["pricing"]["variants"])  # whatever order they came in
    omitted = list(complete_facts(model_id, facts, denied, on))
    # A limit that does not fit is a change for a person to see, which the rules hold; the rest was never plausible.
    if _OUTPUT in stated and _OUTPUT not in facts and facts["mode"] not in ("embedding", "rerank"):
        facts[_OUTPUT] = stated[_OUTPUT]
    return fields_of(facts, frozenset(denied)), omitted


def _rejected_prices(
    pricing: Mapping[Field, tuple[Any, str]], settled: Fields, omitted: Sequence[Omission]
) -> dict[Field, LeftOut]:
    """The prices that were left out with one that cannot be true: one rate in another unit makes the list doubtful."""
    rejected = {}
    for doubted, _, reason in omitted:
        if doubted not in pricing:
            continue
        for name, (value, source) in pricing.items():
            if name not in settled:
                rejected[name] = LeftOut(source, name, value, reason)
    return rejected


def _find_beliefs(words: Words, evidence: Evidence) -> dict[str, Belief]:
    """Whom to believe about prices and each limit, where the order of precedence alone does not say."""
    found = {name: find_believed_limit(name, words, evidence) for name in TOKEN_LIMITS}
    found[PRICES] = find_believed_prices(words, evidence)
    return {name: belief for name, belief in found.items() if belief is not None}


def _put_believed_first(words: Words, belief: Belief | None) -> Words:
    if belief is None:
        return words
    return sorted(words, key=lambda word: word[0] != belief.source)


def keep_last_values(before: Fields, now: Fields) -> Fields:
    """What a source says, where it answered: a field that it states no more keeps its last word, but for hours of
    prices that it states otherwise now."""
    silent = before.keys() - now.keys()
    silent -= superseded_hours(before, now) if silent else frozenset()
    if not silent:
        return now
    return {**{name: value for name, value in before.items() if name in silent}, **now}


def _merge_prices(words: Words) -> tuple[dict[Field, tuple[Any, str]], frozenset[Field]]:
    """The one price list, each price with its source, and what others price besides."""
    lists = [(source, prices) for source, fields in words if (prices := _prices_in(fields))]
    if len(lists) < 2:  # noqa: PLR2004  # nothing to merge
        return {name: (price, source) for source, prices in lists for name, price in prices.items()}, frozenset()
    merged: Any = None
    for _, prices in lists:
        merged = merge_pricing(merged, facts_of(prices)[0]["pricing"])
    fields = fields_of({"pricing": merged})
    told = {name: (price, _source_of(lists, name, price)) for name, price in fields.items()}
    return told, frozenset(name for _, prices in lists for name in prices if name not in fields)


def _source_of(words: Words, name: Field, value: Any) -> str:
    """The source that a merged price is from: a list of zeros gives way, so not always the highest that states it."""
    return next(source for source, said in words if name in said and equal_data(said[name], value))


def _prices_in(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if name.startswith("pricing.")}
