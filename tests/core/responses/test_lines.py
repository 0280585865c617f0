"""Many responses: which lines are one call, and which are none."""

import pytest

from registry_cli.core.responses.lines import LeftOutLine, LeftOutReason, LineError, NumberedCall, read_lines


def read(*values):
    """The tokens of every call by its number, and the lines left out by reason."""
    items = list(read_lines(enumerate(values, 1)))
    calls = {item.number: dict(item.call.usage.tokens) for item in items if isinstance(item, NumberedCall)}
    left_out = [(int(item.place.removeprefix("line ")), item.reason) for item in items if isinstance(item, LeftOutLine)]
    return calls, left_out


def anthropic(id_, **counts):
    return {"type": "message", "id": id_, "model": "m", "usage": counts}


def test_events_of_a_stream_are_one_call() -> None:
    start = {"type": "message_start", "message": anthropic("msg_1", input_tokens=100, output_tokens=1)}
    events = [
        start,
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "hi"}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 50}},
        {"type": "message_stop"},
    ]
    calls, left_out = read(*events)
    assert calls == {1: {"input": 100, "output": 50}}
    assert left_out == [
        (2, LeftOutReason.NO_USAGE), (3, LeftOutReason.EARLIER_CALL), (4, LeftOutReason.NO_USAGE),
    ]  # fmt: skip


def test_two_streams_are_two_calls() -> None:
    events = [
        event
        for name in ("msg_1", "msg_2")
        for event in (
            {"type": "message_start", "message": anthropic(name, input_tokens=10, output_tokens=1)},
            {"type": "message_delta", "usage": {"output_tokens": 5}},
        )
    ]
    assert read(*events)[0] == {1: {"input": 10, "output": 5}, 2: {"input": 10, "output": 5}}


def test_an_event_after_the_end_of_a_stream_belongs_to_another_one() -> None:
    start = {"type": "message_start", "message": {"model": "m", "usage": {"input_tokens": 10, "output_tokens": 1}}}
    going_on = {"type": "message_delta", "usage": {"output_tokens": 5}}
    assert read(start, going_on, {"type": "message_stop"}, going_on)[0] == {
        1: {"input": 10, "output": 5},
        2: {"output": 5},
    }
    assert read(start, going_on, start, going_on)[0] == {1: {"input": 10, "output": 5}, 2: {"input": 10, "output": 5}}


def test_the_metrics_at_the_end_of_a_stream_of_bedrock_are_of_the_same_call() -> None:
    events = [
        {"type": "message_start", "message": anthropic("msg_1", input_tokens=10, output_tokens=1)},
        {"type": "message_delta", "usage": {"output_tokens": 5}},
        {"type": "message_stop", "amazon-bedrock-invocationMetrics": {"inputTokenCount": 10, "outputTokenCount": 5}},
    ]
    assert read(*events)[0] == {1: {"input": 10, "output": 5}}


def test_lines_of_one_message_are_one_call_wherever_they_stand() -> None:
    lines = [
        {"type": "assistant", "message": anthropic("a", input_tokens=10, output_tokens=1)},
        {"type": "assistant", "message": anthropic("b", input_tokens=7, output_tokens=2)},
        {"type": "user", "message": {"role": "user", "content": "next"}},
        {"type": "assistant", "message": anthropic("a", input_tokens=10, output_tokens=30)},
    ]
    calls, left_out = read(*lines)
    assert calls == {1: {"input": 10, "output": 30}, 2: {"input": 7, "output": 2}}
    assert left_out == [(3, LeftOutReason.NO_USAGE), (4, LeftOutReason.EARLIER_CALL)]
    assert read(*reversed(lines))[0] == {1: {"input": 10, "output": 30}, 2: {"input": 7, "output": 2}}


def test_zeros_at_the_end_of_a_stream_do_not_undo_counts() -> None:
    lines = [anthropic("a", input_tokens=10, output_tokens=1), anthropic("a", input_tokens=0, output_tokens=9)]
    assert read(*lines)[0] == {1: {"input": 10, "output": 9}}


def test_chunks_without_usage_are_skipped() -> None:
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 5, "usage": None}
    last = {**chunk, "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}
    calls, left_out = read(chunk, chunk, last)
    assert calls == {1: {"input": 5, "output": 2}}
    assert [reason for _, reason in left_out] == [LeftOutReason.NO_USAGE] * 2


def test_ids_that_a_server_repeats_later_are_two_calls() -> None:
    call = {"id": "chatcmpl-1", "created": 5, "usage": {"prompt_tokens": 5, "completion_tokens": 2}}
    assert len(read(call, {**call, "created": 6})[0]) == 2
    assert len(read(call, call)[0]) == 1


def test_blocks_without_an_id_are_calls_of_their_own() -> None:
    block = {"prompt_tokens": 5, "completion_tokens": 2}
    assert read(block, block)[0] == {1: {"input": 5, "output": 2}, 2: {"input": 5, "output": 2}}


@pytest.mark.parametrize(
    "line",
    [
        {"custom_id": "b", "response": None, "error": {"code": "batch_expired"}},
        {"custom_id": "b", "response": {"status_code": 429, "body": {"message": "slow down"}}, "error": None},
        {"custom_id": "b", "result": {"type": "errored", "error": {"type": "invalid_request"}}},
        {"custom_id": "b", "result": {"type": "expired"}},
        {"type": "error", "error": {"type": "overloaded_error"}},
        {"id": "resp_1", "status": "failed", "usage": None},
    ],
)
def test_a_line_that_failed_is_no_call(line) -> None:
    calls, left_out = read({"prompt_tokens": 5}, line)
    assert calls == {1: {"input": 5}}
    assert left_out == [(2, LeftOutReason.FAILED)]


def test_messages_that_a_coding_agent_made_up_are_no_calls() -> None:
    made_up = {"message": {"id": "x", "model": "<synthetic>", "usage": {"input_tokens": 0, "output_tokens": 0}}}
    assert read(made_up) == ({}, [(1, LeftOutReason.NO_USAGE)])


@pytest.mark.parametrize("value", [5, {"usage": {"prompt_tokens": "x"}}, {"usage": {"foo": 3}}])
def test_a_wrong_line_is_named(value) -> None:
    with pytest.raises(LineError, match=r"^usage: ") as caught:
        read({"prompt_tokens": 5}, value)
    assert caught.value.line == 2
