"""Calls to which later lines may add. A log has many of them, so they are stored compactly."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from registry_cli.core.responses.block_counts import BlockCounts, Number
from registry_cli.core.responses.call import Report
from registry_cli.core.responses.usage_names import CountPlace


class OpenCall(NamedTuple):
    """A call so far: its number among the calls, its first line, and its merged report."""

    number: int
    line: int
    report: Report


class _Frame(NamedTuple):
    """The parts of a report that many reports of a log share: all but the numbers."""

    meanings: tuple[str, ...]
    paths: tuple[str, ...]
    places: tuple[tuple[str, CountPlace], ...]
    unread: tuple[str, ...]
    model: str | None
    provider: str | None
    service_tier: str | None
    region: str | None
    requests: int


class _PackedCall(NamedTuple):
    number: int
    line: int
    frame: _Frame
    counts: tuple[Number, ...]
    stated_cost: Decimal | None


class OpenCalls:
    """Calls by ID."""

    def __init__(self) -> None:
        self._calls: dict[str, _PackedCall | OpenCall] = {}
        self._frames: dict[_Frame, _Frame] = {}

    def __contains__(self, call_id: str) -> bool:
        return call_id in self._calls

    def __iter__(self) -> Iterator[OpenCall]:
        return (_unpack_call(call) for call in self._calls.values())

    def open_call(self, call_id: str, call: OpenCall) -> None:
        """Store a call."""
        self._calls[call_id] = self._pack_call(call)

    def merge_report(self, call_id: str, report: Report) -> None:
        """Merge a further report about a call."""
        call = _unpack_call(self._calls[call_id])
        call.report.merge(report)
        self._calls[call_id] = self._pack_call(call)

    def _pack_call(self, call: OpenCall) -> _PackedCall | OpenCall:
        report, block = call.report, call.report.counts
        if block.others or block.by_model:
            return call
        frame = _Frame(
            tuple(block.counts),
            tuple([block.paths[meaning] for meaning in block.counts]),
            tuple(block.places.items()),
            tuple(block.unread),
            report.model,
            report.provider,
            report.service_tier,
            report.region,
            report.requests,
        )
        frame = self._frames.setdefault(frame, frame)
        return _PackedCall(call.number, call.line, frame, tuple(block.counts.values()), report.stated_cost)


def _unpack_call(call: _PackedCall | OpenCall) -> OpenCall:
    if isinstance(call, OpenCall):
        return call
    frame = call.frame
    block = BlockCounts(
        dict(zip(frame.meanings, call.counts, strict=True)),
        places=dict(frame.places),
        paths=dict(zip(frame.meanings, frame.paths, strict=True)),
        unread=dict.fromkeys(frame.unread),
    )
    report = Report(
        None, block, frame.model, frame.provider, frame.service_tier, frame.region, call.stated_cost, frame.requests
    )
    return OpenCall(call.number, call.line, report)
