"""Whether the totals of a usage block include its cached, written and reasoning tokens.

Providers differ. OpenAI counts cached tokens as part of the input, Anthropic beside it. OpenRouter counts reasoning as
part of the output, xAI beside it. The total of the block decides, because only one way of counting adds up to it.
Without a total, the names decide (`CountPlace`). If they do not either, the part counts as included. That is the
cheaper way, so the bill is a lower bound.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, product
from typing import NamedTuple

from registry_cli.core.billing.usage import UNITS
from registry_cli.core.pricing.rates import KINDS as MEDIA
from registry_cli.core.responses.block_counts import BlockCounts, Number
from registry_cli.core.responses.usage_names import TOOL_UNITS, CountPlace, count_names

_LIFETIMES = ("cache_write_5m", "cache_write_1h")
_KINDS_OF = {whole: count_names(whole) for whole in ("input", "cached", "output", "tool_input")}
_KIND_COUNTS = frozenset(chain.from_iterable(_KINDS_OF.values()))
_IS_INCLUDED = {
    CountPlace.INCLUDED: True,
    CountPlace.BESIDE: False,
    CountPlace.BESIDE_INPUT_TOKENS: False,
    CountPlace.UNCLEAR: None,
}
_UNITS = frozenset((*UNITS, *TOOL_UNITS))
_PARTS = ("cached", "cache_write", "tool_input", "reasoning")


class InclusiveCounts(NamedTuple):
    """The counts of a block in the form of `usage_of`, and their problems.

    `unread` names what the block states and the counts lack. `doubts` names contradictions. `remarks` explain both with
    the figures of this block. `undivided` means that the block states only a total, which counts as input.
    """

    tokens: Mapping[str, Number]
    units: Mapping[str, Number]
    unread: tuple[str, ...]
    doubts: tuple[str, ...]
    remarks: tuple[str, ...]
    undivided: bool


class _TotalsReading(NamedTuple):
    """One way to understand a block: the whole input and output.

    Of two readings, the better one contradicts fewer names (`against`), then counts fewer `unclear` parts beside the
    totals.
    """

    against: int
    unclear: int
    input: int
    output: int

    @property
    def whole(self) -> int:
        """All tokens."""
        return self.input + self.output


class _Part(NamedTuple):
    """A count that the input or the output may include. `included` is what its name implies; None if nothing."""

    size: int
    of_output: bool
    included: bool | None


class _Problem(NamedTuple):
    """The reason that a bill is inexact: a count that it lacks (`unread`, a lower bound) or a `doubt` (an estimate).

    `remark` explains it with the figures of the call.
    """

    remark: str
    unread: str | None = None
    doubt: str | None = None


def count_inclusively(block: BlockCounts) -> InclusiveCounts:
    """Return the counts of a block, with every total including all its parts."""
    counts = _fill_in_totals(block.counts)
    is_of_perplexity = "citation" in counts or "perplexity_searches" in counts
    outside_total = counts.get("reasoning", 0) if is_of_perplexity else 0  # its total leaves reasoning out
    parts = _find_parts(counts, block.places, reasoning_included=not outside_total)
    total = counts.get("total")
    reading, decided = _choose_reading(block, counts, parts, None if total is None else total + outside_total)
    problems: list[_Problem] = []
    if not decided:
        problems += _unclear_places(block, counts)
    if block.others:
        problems += _find_contradictions(block, total_decides=total == reading.whole - outside_total)
    if total is not None:
        problems += _unequal_totals(block, total, reading.whole - outside_total)
    if "tool_calls" in counts:
        problems += _uncounted_tools(block, counts)
    return InclusiveCounts(
        {**_part_counts(counts), "input": reading.input, "output": reading.output},
        {name: number for name, number in counts.items() if number and name in _UNITS},
        (*block.unread, *(problem.unread for problem in problems if problem.unread)),
        tuple([problem.doubt for problem in problems if problem.doubt]),
        tuple([problem.remark for problem in problems]),
        undivided=bool(total) and "input" not in block.counts and "output" not in block.counts,
    )


def _fill_in_totals(stated: Mapping[str, Number]) -> dict[str, int]:
    """Return the counts, with missing totals derived from the other counts."""
    counts: dict[str, int] = dict(stated)  # type: ignore[arg-type]  # all but seconds are whole
    for whole, kinds in _KINDS_OF.items() if not _KIND_COUNTS.isdisjoint(counts) else ():
        sum_of_kinds = sum(counts.get(kind, 0) for kind in kinds)
        if sum_of_kinds and not counts.get(whole):
            counts[whole] = sum_of_kinds
    counts["cache_write"] = max(
        counts.get("cache_write_any", 0), counts.get("cache_write_5m", 0) + counts.get("cache_write_1h", 0)
    )
    if counts.get("fresh") and not counts.get("input"):
        counts["input"] = counts["fresh"] + counts.get("cached", 0) + counts["cache_write"]
    if "input" not in counts:
        counts["input"] = max(0, counts.get("total", 0) - counts.get("output", 0))
    if "perplexity_searches" in counts:
        counts["web_searches"] = max(counts.get("web_searches", 0), counts["perplexity_searches"])
    if extra_images := counts.get("extra_input_image"):
        counts["input"] += extra_images
        counts["input_image"] = counts.get("input_image", 0) + extra_images
        counts["images"] = 0  # they are billed by their tokens
    return counts


def _choose_reading(
    block: BlockCounts, counts: Mapping[str, int], parts: Sequence[_Part], total: int | None
) -> tuple[_TotalsReading, bool]:
    """Return the reading that adds up to the total, else the one that fits the fresh tokens, else the names.

    The second value is whether any of these decided it.
    """
    every = _list_readings(_list_totals(block, counts, "input"), _list_totals(block, counts, "output"), parts)
    first = next(every)
    names_decide = total is None and "fresh" not in counts and all(part.included is not None for part in parts)
    if first.against == 0 and (names_decide or first.whole == total):
        return first, True
    readings = sorted([first, *every])
    adding_up = [reading for reading in readings if reading.whole == total]
    if adding_up:
        return adding_up[0], True
    fitting = [reading for reading in readings if counts.get("fresh") in _fresh_counts(reading, counts)] or readings
    return fitting[0], not any(other.against == fitting[0].against for other in fitting[1:])


def _find_parts(
    counts: Mapping[str, int], places: Mapping[str, CountPlace], *, reasoning_included: bool
) -> list[_Part]:
    lifetimes = min((places[name] for name in _LIFETIMES if name in places), default=CountPlace.INCLUDED)
    known = {
        "tool_input": CountPlace.BESIDE,
        **places,
        "cache_write": places.get("cache_write_any", lifetimes),
        **({} if reasoning_included else {"reasoning": CountPlace.BESIDE}),
    }
    return [
        _Part(
            counts[name],
            of_output=name == "reasoning",
            included=_IS_INCLUDED[known.get(name, CountPlace.INCLUDED)],
        )
        for name in _PARTS
        if counts.get(name)
    ]


def _list_totals(block: BlockCounts, counts: Mapping[str, int], whole: str) -> list[int]:
    """Return what a block states as its whole input or output, the largest first. Gateways repeat counts."""
    return [counts.get(whole, 0), *sorted((int(number) for number in block.others.get(whole, ())), reverse=True)]


def _list_readings(inputs: Sequence[int], outputs: Sequence[int], parts: Sequence[_Part]) -> Iterator[_TotalsReading]:
    """Yield every way to understand a block in which no part is larger than its whole.

    The first is the way that the names imply, if it is possible.
    """
    for choice in product(*[(False, True) if part.included is False else (True, False) for part in parts]):
        within, beside = [0, 0], [0, 0]  # of the input, of the output
        against = unclear = 0
        for part, included in zip(parts, choice, strict=True):
            (within if included else beside)[part.of_output] += part.size
            against += part.included is (not included)
            unclear += part.included is None and not included
        for (input_rank, sent), (output_rank, made) in product(enumerate(inputs), enumerate(outputs)):
            if within[False] <= sent and within[True] <= made:
                yield _TotalsReading(
                    against + input_rank + output_rank, unclear, sent + beside[False], made + beside[True]
                )


def _fresh_counts(reading: _TotalsReading, counts: Mapping[str, int]) -> tuple[int, int]:
    """Return the two meanings of fresh tokens: not read from the cache, or neither read from it nor written to it."""
    not_read = reading.input - counts.get("cached", 0)
    return not_read, not_read - counts["cache_write"]


def _part_counts(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the parts of the totals, by the names of `usage_of`."""
    one_hour = counts.get("cache_write_1h", 0)
    parts = {
        "cached": counts.get("cached", 0),
        "cache_write": counts["cache_write"] - one_hour,
        "cache_write_1h": one_hour,
        "reasoning": counts.get("reasoning", 0),
        "citation": counts.get("citation", 0),
    }
    for kind in MEDIA if not _KIND_COUNTS.isdisjoint(counts) else ():
        cached = counts.get(f"cached_{kind}", 0)
        parts[f"cached_{kind}"] = cached
        parts[f"input_{kind}"] = max(cached, counts.get(f"input_{kind}", 0) + counts.get(f"tool_input_{kind}", 0))
        parts[f"output_{kind}"] = counts.get(f"output_{kind}", 0)
    return {name: count for name, count in parts.items() if count}


def _unclear_places(block: BlockCounts, counts: Mapping[str, int]) -> Iterator[_Problem]:
    """Yield the parts that the totals may or may not include: those with ambiguous names, else all."""
    unclear = [name for name, place in block.places.items() if place == CountPlace.UNCLEAR]
    for name in unclear or [name for name in _PARTS if counts.get(name)]:
        path = block.paths.get(name) or block.paths.get(f"{name}_any", name)
        yield _Problem(f"nothing tells whether the totals include {path}: the cheapest way is taken", unread=path)


def _find_contradictions(block: BlockCounts, *, total_decides: bool) -> Iterator[_Problem]:
    for name, numbers in block.others.items():
        if total_decides and name in ("input", "output"):
            continue
        path = block.paths[name]
        stated = ", ".join(f"{number:,}" for number in sorted({*numbers, block.counts[name]}))
        yield _Problem(f"{path} is stated as {stated}", doubt=f"{path} is stated twice, with different numbers")


def _unequal_totals(block: BlockCounts, total: int | None, counted: int) -> Iterator[_Problem]:
    if total is None or total == counted:
        return
    path = block.paths["total"]
    remark = f"{path} is {total:,}, but the counts add up to {counted:,}"
    if total > counted:
        yield _Problem(remark, unread=f"the rest of {path}")
    else:
        yield _Problem(remark, doubt=f"{path} is less than the counts add up to")


def _uncounted_tools(block: BlockCounts, counts: Mapping[str, int]) -> Iterator[_Problem]:
    rest = counts.get("tool_calls", 0) - sum(counts.get(name, 0) for name in TOOL_UNITS)
    if rest > 0:
        path = block.paths["tool_calls"]
        yield _Problem(f"{path}: nothing tells which tools {rest} of them were", unread=path)
