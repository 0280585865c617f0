"""A provider's response, or its usage block alone, as a call that can be priced."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from registry_cli.core.pricing.usage import UNITS, Usage, usage_of
from registry_cli.core.responses import usage_names as names
from registry_cli.core.responses.block_counts import BlockCounts, quote, read_block, read_text, show
from registry_cli.core.responses.inclusion import count_inclusively
from registry_cli.core.responses.outside_usage import count_outside_usage, find_unread_items
from registry_cli.core.responses.stated_cost import read_stated_cost
from registry_cli.core.responses.usage_names import fold_name
from registry_cli.errors import UsageError

_MAX_ENVELOPES = 6
_MODEL_NAMES = ("model", "modelVersion", "modelId", "model_name")
_TIER_NAMES = ("service_tier", "trafficType")


@dataclass(frozen=True, slots=True)
class Call:
    """One call as its provider reported it.

    `provider` is who answers in this shape and in no other. `service_tier` and `region` are None where they are the
    standard ones or not stated. `stated_cost` is what the response says it cost, in USD. `remarks` explain what is
    uncertain in the counts. `side_calls` are what other models did for this call, such as an advisor.
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
        """The usage of one model alone, which says that it lacks what other models did."""
        lacking = tuple(f"tokens of {call.model}" for call in self.side_calls)
        return self.usage._replace(unread=(*self.usage.unread, *lacking)) if lacking else self.usage


@dataclass(slots=True)
class Report:
    """What one response, or one event of a stream, says about a call. Several about one call are merged."""

    id: str | None
    counts: BlockCounts
    model: str | None
    provider: str | None
    service_tier: str | None
    region: str | None
    stated_cost: Decimal | None

    def merge(self, later: "Report") -> None:
        """Take what a later report says about the same call."""
        self.counts.merge(later.counts)
        self.model = later.model or self.model
        self.provider = self.provider or later.provider
        self.service_tier = later.service_tier or self.service_tier
        self.region = later.region or self.region
        self.stated_cost = self.stated_cost if later.stated_cost is None else later.stated_cost


class _Located(NamedTuple):
    """A usage block and what is around it, from the outermost envelope to the response itself. `is_response` is
    whether the response has its counts without a block around them."""

    block: Mapping[str, Any]
    responses: Sequence[Mapping[str, Any]]
    is_response: bool


def read_call(value: Any) -> Call:
    """The call that a response, or its usage block, is about. Raises `UsageError` where it counts nothing known."""
    report = read_report(value)
    if report is None:
        keys = ", ".join(show(name) for name in sorted(value)[:5]) if isinstance(value, Mapping) else ""
        raise UsageError(f"usage: no known counts in {keys or quote(value)}")
    return settle_report(report)


def read_report(value: Any) -> Report | None:
    """What a response says about a call; None where it has no usage block. Raises `UsageError` for a wrong block."""
    if not isinstance(value, Mapping):
        raise UsageError(f"usage: {quote(value)} is not an object")
    located = _locate_block(value)
    if located is None:
        return None
    counts = read_block(located.block, is_response=located.is_response)
    if not counts.counts:
        keys = ", ".join(show(name) for name in sorted(located.block)[:5])
        raise UsageError(f"usage: no known counts in {keys or 'an empty block'}")
    block = {fold_name(name): value for name, value in located.block.items()}
    around = [{fold_name(name): value for name, value in response.items()} for response in located.responses]
    model = counts.served_by or _first_text(_inside_out(around), _MODEL_NAMES)
    _count_what_is_outside(counts, located.responses[-1], model)
    return Report(
        _read_id(around),
        counts,
        model,
        _find_provider(block),
        _read_tier(block, around, counts),
        _read_region(block),
        read_stated_cost(located.block, located.responses),
    )


def settle_report(report: Report) -> Call:
    """The call that a report is about, each token counted once."""
    usage, remarks = _settle_counts(report.counts)
    side_calls = []
    for model, counts in report.counts.by_model.items():
        used, said = _settle_counts(counts)
        side_calls.append(Call(used, model, report.provider, report.service_tier, report.region, remarks=said))
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


def _locate_block(value: Mapping[str, Any]) -> _Located | None:
    responses = [value]
    while len(responses) <= _MAX_ENVELOPES:
        inner = {fold_name(name): value for name, value in responses[-1].items() if value is not None}
        for name in names.BLOCKS:
            block = inner.get(name)
            if isinstance(block, Mapping) and block:
                return _Located(block, responses, is_response=False)
            if block and name in ("usage", "usagemetadata"):
                raise UsageError(f"usage: {quote(block)} is not an object")
        envelope = next((inner[name] for name in names.ENVELOPES if isinstance(inner.get(name), Mapping)), None)
        if envelope is None:
            break
        responses.append(envelope)
    for place in range(len(responses), 0, -1):
        if _has_counts(responses[place - 1]):
            return _Located(responses[place - 1], responses[:place], is_response=True)
    return None


def _has_counts(response: Mapping[str, Any]) -> bool:
    table = names.USAGE_BLOCK
    for name, value in response.items():
        folded = fold_name(name)
        if folded in table.counters and value is not None:
            return True
        if folded in table.tables and isinstance(value, Mapping) and value:
            return True
        if (folded in table.lists or folded == names.ITERATIONS) and isinstance(value, list) and value:
            return True
    return False


def _count_what_is_outside(counts: BlockCounts, response: Mapping[str, Any], model: str | None) -> None:
    units = count_outside_usage(response, model)
    counts.merge(BlockCounts(dict(units), paths=dict.fromkeys(units, "output")))
    for path in find_unread_items(response):
        counts.take_unread(path)


def _inside_out(around: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """A response before the envelopes around it, and what it says about itself in a mapping of its own."""
    for name in ("response", "responsemetadata"):
        described = around[-1].get(name)
        if isinstance(described, Mapping):
            yield {fold_name(key): value for key, value in described.items()}
    yield from reversed(around)


def _first_text(mappings: Iterator[Mapping[str, Any]], wanted: Sequence[str]) -> str | None:
    for mapping in mappings:
        for name in wanted:
            text = read_text(mapping.get(fold_name(name)), name)
            if text is not None:
                return text
    return None


def _read_id(around: Sequence[Mapping[str, Any]]) -> str | None:
    """What all reports of one call have in common; some servers repeat an id, but not in the same second."""
    for response in reversed(around):
        for name in ("id", "responseid"):
            if isinstance(response.get(name), str) and response[name]:
                created = response.get("created")
                return f"{response[name]} {created}" if isinstance(created, int) else response[name]
    return None


def _find_provider(block: Mapping[str, Any]) -> str | None:
    stated = {name for name, value in block.items() if value is not None}
    for mark in names.PROVIDER_MARKS:
        if mark.names & stated and not mark.but_not & stated:
            return mark.provider
    return None


def _read_tier(block: Mapping[str, Any], around: Sequence[Mapping[str, Any]], counts: BlockCounts) -> str | None:
    tier = None
    for mapping in (block, *reversed(around)):
        for name in _TIER_NAMES:
            tier = tier or _read_special(mapping.get(fold_name(name)), name)
    if _read_special(block.get("speed"), "speed") == "fast":
        if tier is not None:
            counts.take_unread(f"service tier {show(tier)} in fast mode")
        return "fast"
    return tier or ("batch" if _is_batch(block, around) else None)


def _read_special(value: Any, name: str) -> str | None:
    """The name of a tier or region in lower case; None for the standard one."""
    if isinstance(value, Mapping):  # Bedrock's serviceTier
        value = value.get("type")
    text = read_text(value, name)
    folded = fold_name(text or "")
    if not text or folded in names.STANDARD:
        return None
    return names.TIERS.get(folded, text.lower())


def _read_region(block: Mapping[str, Any]) -> str | None:
    return _read_special(block.get("inferencegeo"), "inference_geo")


def _is_batch(block: Mapping[str, Any], around: Sequence[Mapping[str, Any]]) -> bool:
    """Whether this is OpenAI's batch object, or a line of a file of batch results."""
    outermost, envelopes = around[0], len(around) - 1
    if around[-1].get("object") == "batch":
        return True
    if not envelopes:
        return False
    if "customid" in outermost or "recordid" in outermost:
        return True
    return bool({"key", "request"} & outermost.keys()) and "prompttokencount" in block
