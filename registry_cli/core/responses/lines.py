"""Calls of many responses: the lines of a log, a batch or a stream. Several lines may be about one call."""

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, NamedTuple

from registry_cli.core.responses.call import Call, Report, read_report, settle_report
from registry_cli.core.responses.open_calls import OpenCall, OpenCalls
from registry_cli.errors import UsageError

# Anthropic's events: only the first one has the id of the message.
_STREAM_STARTS = "message_start"
_STREAM_ENDS = "message_stop"
_STREAM_EVENTS = (_STREAM_STARTS, "message_delta", _STREAM_ENDS)
_NO_MODEL = "<synthetic>"  # a coding agent writes this for a message that no model made
_FAILED_STATES = ("errored", "expired", "canceled", "failed")
_FIRST_ERROR_STATUS = 400


class LeftOutReason(Enum):
    """The reason that a line is not a call of its own."""

    FAILED = "failed"
    NO_USAGE = "no usage"
    EARLIER_CALL = "earlier call"


class NumberedCall(NamedTuple):
    """A call with its number among the calls, from 1."""

    number: int
    call: Call


class LeftOutLine(NamedTuple):
    """A line, or an entry of a list, that is not a call of its own. `place` is `line 7` or `entry 7`."""

    place: str
    reason: LeftOutReason


class LineError(UsageError):
    """An invalid line."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_lines(values: Iterable[tuple[int, Any]], *, unit: str = "line") -> Iterator[NumberedCall | LeftOutLine]:
    """Yield the calls of responses; each value comes with the number of its line, or of its entry in a list (`unit`).

    Responses with the same ID are one call. Their counts are cumulative, so the largest are right. Calls with an ID are
    yielded at the end, because any later line may add to them. Raises `LineError`.
    """
    open_calls = OpenCalls()
    stream: str | None = None
    number = 0
    for line, value in values:
        report = _read_line(line, value)
        kind = value.get("type")
        call_id = None if report is None else report.id
        if kind == _STREAM_STARTS:
            stream = call_id or f"stream of line {line}"
        if kind in _STREAM_EVENTS:
            call_id = stream
        if kind == _STREAM_ENDS:
            stream = None
        if report is None:
            yield LeftOutLine(f"{unit} {line}", LeftOutReason.FAILED if _has_failed(value) else LeftOutReason.NO_USAGE)
        elif call_id is None:
            number += 1
            yield NumberedCall(number, _settle_line(line, report))
        elif call_id in open_calls:
            open_calls.merge_report(call_id, report)
            yield LeftOutLine(f"{unit} {line}", LeftOutReason.EARLIER_CALL)
        else:
            number += 1
            open_calls.open_call(call_id, OpenCall(number, line, report))
    for call in open_calls:
        yield NumberedCall(call.number, _settle_line(call.line, call.report))


def _read_line(line: int, value: Any) -> Report | None:
    try:
        report = read_report(value)
    except UsageError as error:
        raise LineError(line, error.message) from None
    return None if report is None or report.model == _NO_MODEL else report


def _settle_line(line: int, report: Report) -> Call:
    try:
        return settle_report(report)
    except UsageError as error:
        raise LineError(line, error.message) from None


def _has_failed(value: Mapping[str, Any]) -> bool:
    """Return whether a line without usage reports a failure."""
    for part in (value, value.get("response"), value.get("result")):
        if isinstance(part, Mapping):
            status = part.get("status_code")
            if part.get("error") or part.get("type") in _FAILED_STATES or part.get("status") in _FAILED_STATES:
                return True
            if isinstance(status, int) and status >= _FIRST_ERROR_STATUS:
                return True
    return False
