"""Notes on a file of calls: responses that are not calls, and stated costs that differ from the bills."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from registry_cli.core.billing.bills import Bill
from registry_cli.core.responses.lines import LeftOutLine, LeftOutReason, NumberedCall
from registry_cli.core.text.exact_json import format_plain

_SHOWN_REMARKS = 3
_TOLERANCE = Decimal("0.001")  # of a cost: providers round
_LEFT_OUT = {
    LeftOutReason.FAILED: "failed, not billed",
    LeftOutReason.NO_USAGE: "without usage, skipped",
    LeftOutReason.EARLIER_CALL: "about the call of an earlier response, counted once",
}


class UsageNotes:
    """Collects notes on the calls of a file while they are priced."""

    def __init__(self) -> None:
        self.calls = 0
        self._left_out: Counter[LeftOutReason] = Counter()
        self._first_left_out: dict[LeftOutReason, str] = {}
        self._remarks: list[str] = []
        self._remarked = 0
        self._costs = _ComparedCosts()

    def take_left_out(self, line: LeftOutLine) -> None:
        """Count a line that is not a call of its own."""
        self._left_out[line.reason] += 1
        self._first_left_out.setdefault(line.reason, line.place)

    def take_call(self, item: NumberedCall) -> None:
        """Count a call and its uncertain counts."""
        self.calls += 1
        self._remarked += bool(item.call.remarks)
        if len(self._remarks) < _SHOWN_REMARKS:
            self._remarks += [f"call {item.number}: {remark}" for remark in item.call.remarks]

    def take_bill(self, number: int, stated: Decimal | None, bill: Bill) -> None:
        """Compare the cost that a response states with the bill of its call."""
        if stated is not None and bill.currency == "USD":
            self._costs.add_cost(number, stated, bill.total)

    def notes(self) -> Iterator[str]:
        """Yield all notes, one line each."""
        for reason, count in self._left_out.items():
            yield f"{_format_count(count, 'response')} {_LEFT_OUT[reason]} (first: {self._first_left_out[reason]})"
        yield from self._remarks
        if self._remarked > _SHOWN_REMARKS:
            yield f"{self._remarked} calls state counts that are uncertain in such a way"
        yield from self._costs.notes(self.calls)


class _ComparedCosts:
    """The costs that responses state, compared with those of their bills."""

    def __init__(self) -> None:
        self._stated = self._computed = Decimal(0)
        self._compared = self._different = self._first_different = 0

    def add_cost(self, number: int, stated: Decimal, computed: Decimal) -> None:
        self._stated += stated
        self._computed += computed
        self._compared += 1
        if abs(stated - computed) > stated * _TOLERANCE:
            self._different += 1
            self._first_different = self._first_different or number

    def notes(self, calls: int) -> Iterator[str]:
        if not self._compared:
            return
        stated = f"${format_plain(self._stated)} for {self._compared} of {_format_count(calls, 'call')}"
        if self._different:
            yield (
                f"the responses state a cost of {stated}, llmreg computes ${format_plain(self._computed)}: "
                f"{self._different} {'differs' if self._different == 1 else 'differ'} "
                f"(first: call {self._first_different})"
            )
        else:
            yield f"the responses state the same cost: {stated}"


def _format_count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
