"""Facts that are wrong by themselves, whatever else a source states: they are left out before sources are merged.

A lower source that states the field then decides it. What only shows beside other facts of the model is judged in
`core.merging.inference`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from registry_cli.core.checks.rules.date_past import FIRST_YEAR
from registry_cli.core.merging.standing import Words

_LITELLM = "litellm"
_WINDOW, _INPUT, _OUTPUT = "context_window", "max_input_tokens", "max_output_tokens"
_WIDEST = 10 * 1024 * 1024  # tokens: ten million is the widest window sold
_SLIPS = {1_048_756: 1_048_576}  # two digits of a mebi changed places: in 20 of nano-gpt's rows for Gemini models


class LeftOut(NamedTuple):
    """A fact that cannot be true: which source states it of which field, and why it is not believed."""

    source: str
    field: str
    value: Any
    reason: str


def drop_implausible(words: Words) -> tuple[Words, Sequence[LeftOut]]:
    """What each source states of a model without what is wrong by itself, and what was left out or mended.

    The fields are those of an entry's top level, by name; the order stays.
    """
    left_out = [
        LeftOut(source, field, facts[field], reason)
        for source, facts in words
        for field, reason in _find_faults(source, facts, words).items()
    ]
    if not left_out:
        return words, ()
    wrong = {(item.source, item.field) for item in left_out}
    believed = []
    for source, facts in words:
        kept = {field: value for field, value in facts.items() if (source, field) not in wrong}
        if facts.get(_WINDOW) in _SLIPS:
            kept[_WINDOW] = _SLIPS[facts[_WINDOW]]
        believed.append((source, kept))
    return believed, left_out


def _find_faults(source: str, facts: Mapping[str, Any], words: Words) -> Mapping[str, str]:
    """The reason for each field that is wrong."""
    faults = {}
    released, window, output = facts.get("release_date"), facts.get(_WINDOW), facts.get(_OUTPUT)
    if released and released < FIRST_YEAR:
        faults["release_date"] = "no model is that old: the date is unknown"
    if window and window > _WIDEST:
        faults[_WINDOW] = "no window is that wide"
    elif window in _SLIPS:
        faults[_WINDOW] = f"digits changed places: read as {_SLIPS[window]}"
    if source == _LITELLM and output and output in (window, facts.get(_INPUT)):
        others = (other for name, other in words if name != source)
        if not any(other.get(_OUTPUT) == output for other in others):
            faults[_OUTPUT] = "the limit of the input, which LiteLLM repeats where it knows no other"
    return faults
