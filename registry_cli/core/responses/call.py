"""A provider's response, or its usage block alone, as a call that can be priced."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.core.billing.usage import UNITS, MergedCalls, Usage, usage_of
from registry_cli.core.responses import usage_names as names
from registry_cli.core.responses.block_counts import (
    BlockCounts,
    quote_value,
    read_block,
    read_number,
    read_text,
    show_name,
)
from registry_cli.core.responses.envelope import Folded, LocatedBlock, fold_names, locate_block
from registry_cli.core.responses.inclusion import count_inclusively
from registry_cli.core.responses.outside_usage import (
    count_outside_usage,
    find_uncounted_cache,
    find_unread_items,
    has_request_fee,
)
from registry_cli.core.responses.stated_cost import read_stated_cost
from registry_cli.core.responses.usage_names import Counter, fold_name
from registry_cli.errors import UsageError

_MODEL_NAMES = ("model", "modelVersion", "modelId", "model_name")
_TIER_NAMES = ("service_tier", "trafficType")


@dataclass(frozen=True, slots=True)
class Call:
    """One call as its provider reported it.

    `provider` is the only provider whose responses have this shape, if there is one. `service_tier` and `region` have
    the names of price lists (`standard`, `global`); None if not stated. `stated_cost` is the cost in the response, in
    USD. `remarks` explain what is uncertain in the counts. `side_calls` are the calls of other models, such as an
    advisor, for this call.
    """

    usage: Usage
    model: str | None = None
    provider: str | None = None
    service_tier: str | None = None
    region: str | None = None
    stated_cost: Decimal | None = None
    remarks: tuple[str, ...] = ()
    side_calls: "tuple[Call, ...]" = ()

    @property
    def own_usage(self) -> Usage:
        """The usage of this model alone. Its `unread` names the models whose tokens it lacks."""
        missing = tuple(f"tokens of {call.model}" for call in self.side_calls)
        return self.usage._replace(unread=(*self.usage.unread, *missing)) if missing else self.usage


@dataclass(slots=True)
class Report:
    """The report of one response, or of one event of a stream, about a call. Reports about one call are merged.

    `requests` is the number of requests in a batch object of OpenAI, else 1.
    """

    id: str | None
    counts: BlockCounts
    model: str | None
    provider: str | None
    service_tier: str | None
    region: str | None
    stated_cost: Decimal | None
    requests: int = 1

    def merge(self, later: "Report") -> None:
        """Merge a later report about the same call."""
        self.counts.merge(later.counts)
        self.model = later.model or self.model
        self.provider = self.provider or later.provider
        self.service_tier = later.service_tier or self.service_tier
        self.region = later.region or self.region
        self.stated_cost = self.stated_cost if later.stated_cost is None else later.stated_cost
        self.requests = max(self.requests, later.requests)


def read_call(value: Any) -> Call:
    """Return the call that a response, or its usage block, reports. Raises `UsageError` if it has no known counts."""
    report = read_report(value)
    if report is None:
        raise UsageError(f"usage: no known counts in {_show_names(value)}")
    return settle_report(report)


def read_report(value: Any) -> Report | None:
    """Return the report of a response; None if it has no usage block. Raises `UsageError` for an invalid block."""
    if not isinstance(value, Mapping):
        raise UsageError(f"usage: {quote_value(value)} is not an object")
    located = locate_block(value)
    if located is None:
        return None
    counts = read_block(located.block, is_response=located.is_response)
    if not counts.counts:
        raise UsageError(f"usage: no known counts in {_show_names(located.block)}")
    block = fold_names(located.block)
    model = counts.served_by or _read_model(located)
    if has_request_fee(block):
        counts.take_count(Counter("web_searches"), 1, "search_context_size")
    _take_outside_usage(counts, located.responses[-1], model)
    return Report(
        _read_id(located),
        counts,
        model,
        _find_provider(block),
        _read_tier(block, located, counts),
        _read_word(block.get("inferencegeo"), "inference_geo"),
        read_stated_cost(block, located.responses),
        _count_requests(located),
    )


def settle_report(report: Report) -> Call:
    """Return the call of a report, with each token counted once."""
    usage, remarks = _settle_counts(report.counts)
    if report.requests > 1:
        usage = _spread_over_requests(usage, report.requests)
    side_calls = []
    for model, counts in report.counts.by_model.items():
        side_usage, side_remarks = _settle_counts(counts)
        side_calls.append(
            Call(side_usage, model, report.provider, report.service_tier, report.region, remarks=side_remarks)
        )
    return Call(
        usage,
        report.model,
        report.provider,
        report.service_tier,
        report.region,
        report.stated_cost,
        remarks,
        tuple(side_calls),
    )


def _settle_counts(block: BlockCounts) -> tuple[Usage, tuple[str, ...]]:
    counts = count_inclusively(block)
    known = {name: number for name, number in counts.units.items() if name in UNITS}
    others = {name: number for name, number in counts.units.items() if name not in UNITS}
    usage = usage_of({**counts.tokens, **known}, others)
    if counts.unread or counts.doubts or counts.undivided:
        usage = usage._replace(unread=counts.unread, doubts=counts.doubts, undivided=counts.undivided)
    return usage, counts.remarks


def _spread_over_requests(usage: Usage, requests: int) -> Usage:
    """Return the usage of a batch: many requests, of which only the sums are known."""
    sent, made = -(-usage.input_tokens // requests), -(-usage.output_tokens // requests)
    merged = MergedCalls(requests, sent, made, sent + made, possible_input_tokens=usage.input_tokens)
    return usage._replace(requests=Decimal(requests), merged=merged)


def _show_names(block: Mapping[str, Any]) -> str:
    return ", ".join(show_name(name) for name in sorted(block)[:5]) or "an empty object"


def _take_outside_usage(counts: BlockCounts, response: Folded, model: str | None) -> None:
    units = count_outside_usage(response, model)
    if units:
        counts.merge(BlockCounts(dict(units), paths=dict.fromkeys(units, "output")))
    for path in (*find_unread_items(response), *find_uncounted_cache(response, counts.counts)):
        counts.take_unread(path)


def _read_model(located: LocatedBlock) -> str | None:
    for mapping in located.inside_out():
        for name in _MODEL_NAMES:
            model = read_text(mapping.get(fold_name(name)), name)
            if model is not None:
                return model
    return None


def _read_id(located: LocatedBlock) -> str | None:
    """Return the ID that all reports of one call share. Some servers repeat an ID, but not within one second."""
    for response in reversed(located.responses):
        for name in ("id", "responseid"):
            call_id = response.get(name)
            if call_id and isinstance(call_id, str):
                created = response.get("created")
                return f"{call_id} {created}" if isinstance(created, int) else call_id
    return None


def _count_requests(located: LocatedBlock) -> int:
    response = located.responses[-1]
    counts = response.get("requestcounts")
    completed = counts.get("completed") if isinstance(counts, Mapping) and response.get("object") == "batch" else None
    return max(1, int(read_number(completed, "request_counts.completed"))) if completed is not None else 1


def _find_provider(block: Folded) -> str | None:
    stated = block.keys() & names.ALL_PROVIDER_MARKS
    for mark in names.PROVIDER_MARKS if stated else ():
        if mark.names & stated and not mark.but_not & block.keys():
            return mark.provider
    return None


def _read_tier(block: Folded, located: LocatedBlock, counts: BlockCounts) -> str | None:
    stated = []
    for mapping in (block, *reversed(located.responses)):
        for name in _TIER_NAMES:
            tier = _read_word(mapping.get(fold_name(name)), name)
            if tier is not None:
                stated.append(tier)
    special = next((tier for tier in stated if tier != "standard"), None)
    if _read_word(block.get("speed"), "speed") == "fast":
        if special is not None:
            counts.take_unread(f"service tier {show_name(special)} in fast mode")
        return "fast"
    if special is None and _is_batch(block, located):
        return "batch"
    return special or (stated[0] if stated else None)


def _read_word(value: Any, name: str) -> str | None:
    """Return a tier or region by its name in price lists; None if the response does not state it."""
    if value is None:
        return None
    if isinstance(value, Mapping):  # Bedrock's serviceTier
        value = value.get("type")
    text = read_text(value, name)
    return None if text is None else names.TIERS.get(fold_name(text), text.lower())


def _is_batch(block: Folded, located: LocatedBlock) -> bool:
    """Return whether this is a batch object of OpenAI, or a line of a file of batch results."""
    outermost = located.responses[0]
    if located.responses[-1].get("object") == "batch":
        return True
    if len(located.responses) == 1:
        return False
    if "customid" in outermost or "recordid" in outermost:
        return True
    return ("key" in outermost or "request" in outermost) and "prompttokencount" in block
