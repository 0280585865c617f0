"""Sums of calls that are billed at the same rates."""

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.billing.bills import EXACT
from registry_cli.core.billing.call_conditions import Conditions
from registry_cli.core.billing.usage import MergedCalls, Usage


class CallSums:
    """Any number of calls to one model, in memory that does not grow with their number.

    Cost is proportional to the counts, so the sum of calls at the same rates costs the same to the last digit. Calls
    have the same rates if their conditions and their kinds of tokens and units are the same, and if their sizes lie
    between the same thresholds.
    """

    def __init__(self, thresholds: Sequence[int]) -> None:
        self._thresholds = sorted(set(thresholds))
        self._sums: dict[tuple[Any, ...], _Sum] = {}

    def add(self, usage: Usage, conditions: Conditions) -> None:
        """Add a call."""
        sent, made = usage.input_tokens, usage.output_tokens
        kind = (
            conditions,
            bisect_left(self._thresholds, sent),
            *usage.tokens,
            *usage.units,
            usage.unread,
            usage.doubts,
            usage.undivided,
        )
        total = self._sums.get(kind)
        if total is None:
            total = self._sums[kind] = _Sum(usage, conditions)
        total.add(usage, sent, made)

    def merge_calls(self) -> list[tuple[Usage, Conditions]]:
        """Return the sums, each as one usage under its conditions."""
        return [(total.build_usage(), total.conditions) for total in self._sums.values()]


class _Sum:
    def __init__(self, like: Usage, conditions: Conditions) -> None:
        self.conditions = conditions
        self._like = like
        self._tokens = dict.fromkeys(like.tokens, 0)
        self._units = dict.fromkeys(like.units, Decimal(0))
        self._requests = Decimal(0)
        self._largest = MergedCalls(0, 0, 0, 0)

    def add(self, usage: Usage, sent: int, made: int) -> None:
        for name, count in usage.tokens.items():
            self._tokens[name] += count
        for name, amount in usage.units.items():
            self._units[name] = EXACT.add(self._units[name], amount)
        self._requests = EXACT.add(self._requests, usage.requests)
        largest, merged = self._largest, usage.merged
        self._largest = MergedCalls(
            largest.calls + (1 if merged is None else merged.calls),
            max(largest.input_tokens, sent),
            max(largest.output_tokens, made),
            max(largest.all_tokens, usage.all_tokens),
            max(largest.possible_input_tokens, 0 if merged is None else merged.possible_input_tokens),
        )

    def build_usage(self) -> Usage:
        like = self._like
        return Usage(
            self._tokens,
            self._units,
            self._requests,
            like.unread,
            like.doubts,
            like.undivided,
            self._largest if self._largest.calls > 1 else None,
        )
