"""Keys that a newer llmreg may know: readers pass them over and say so, edits and `validate` refuse them.

A price variant with a condition that is not known is passed over whole: without the condition it would hold always.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.text.pointer import Pointer
from registry_cli.yamledit.escapes import one_line

_LISTED = 5  # names in a message, and files
_LONGEST = 60  # characters of a name there


class UnknownKeys(NamedTuple):
    """The unknown keys of one provider file: their dotted names, and how many of its models have any."""

    file: str
    names: tuple[str, ...]
    models: int


def describe_keys(file: str, pointers: Sequence[Pointer]) -> UnknownKeys:
    """`pointers` lead to the keys, of which there is at least one."""
    of_models = [pointer for pointer in pointers if pointer[0] in MODEL_KEYS]
    fields = [pointer[2:] for pointer in of_models]
    fields += [pointer for pointer in pointers if pointer[0] not in MODEL_KEYS]
    names = set()
    for field in fields:
        names.add(".".join(step for step in field if isinstance(step, str)))
    return UnknownKeys(file, tuple(sorted(names)), len({pointer[1] for pointer in of_models}))


def remove_keys(value: Any, pointers: Sequence[Pointer]) -> None:
    """Removes the keys that `pointers` lead to, and every price variant of which a condition is among them."""
    conditions = [pointer for pointer in pointers if len(pointer) > 1 and pointer[-2] == "when"]
    variants = [_value_at(value, pointer[:-2]) for pointer in conditions]
    prices = [_value_at(value, pointer[:-4]) for pointer in conditions]
    for pointer in pointers:
        _value_at(value, pointer[:-1]).pop(pointer[-1], None)  # an anchor's mapping is met at each of its aliases
    removed = {id(variant) for variant in variants}
    for pricing in prices:
        pricing["variants"] = [variant for variant in pricing["variants"] if id(variant) not in removed]


def _value_at(value: Any, pointer: Pointer) -> Any:
    for step in pointer:
        value = value[step]
    return value


def unknown_key_warnings(found: Sequence[UnknownKeys]) -> list[str]:
    """A line for each file, or one for all where they are many."""
    unknown = "keys that this llmreg does not know"
    if len(found) <= _LISTED:
        return [
            f"{each.file}: {_describe_holders(each)} {unknown} ({_join_names(each.names)}); they are ignored"
            for each in found
        ]
    names = sorted({name for each in found for name in each.names})
    text = f"{len(found)} files have {unknown} ({_join_names(names)}); they are ignored"
    return [f"{text}. A newer llmreg may know them; `llmreg validate` lists them"]


def _describe_holders(keys: UnknownKeys) -> str:
    if not keys.models:
        return "the provider has"
    return "1 model has" if keys.models == 1 else f"{keys.models:,} models have"


def _join_names(names: Sequence[str]) -> str:
    more = len(names) - _LISTED
    shown = [one_line(name if len(name) <= _LONGEST else f"{name[:_LONGEST]}...") for name in names[:_LISTED]]
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
