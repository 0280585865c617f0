"""The counts of a usage block, read by the table of names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from registry_cli.core.billing.usage import is_number
from registry_cli.core.responses import usage_names as names
from registry_cli.core.responses.usage_names import Counter, CountPlace, EntryList, NameTable, fold_name
from registry_cli.errors import UsageError
from registry_cli.yamledit.escapes import one_line

Number = int | Decimal
_MAX_COUNT = 10**15  # beyond any real usage: a larger number is an error
_MAX_DEPTH = 8  # of mappings and lists that the table does not know
_MAX_UNREAD = 10
_SHOWN = 60  # characters of a name or value in a message
_NOTHING: tuple[Any, ...] = (None, {}, [], ())


@dataclass(slots=True)
class BlockCounts:
    """The counts of a usage block, by meaning (`usage_names`).

    If a count is stated twice, `counts` has the larger number, because gateways write 0 under names that they do not
    use; `others` has the other positive numbers. `paths` has the path of each count in the block. `unread` has the
    paths of positive numbers under unknown names. `by_model` has the counts of other models that worked on the call.
    `served_by` is the model that gave the final answer, if the block names it.
    """

    counts: dict[str, Number] = field(default_factory=dict)
    others: dict[str, set[Number]] = field(default_factory=dict)
    places: dict[str, CountPlace] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    unread: dict[str, None] = field(default_factory=dict)
    by_model: "dict[str, BlockCounts]" = field(default_factory=dict)
    served_by: str | None = None

    def take_count(self, counter: Counter, number: Number, path: str) -> None:
        """Add the number at a path of the block."""
        meaning = counter.meaning
        known = self.counts.get(meaning)
        if known and number and known != number:
            self.others.setdefault(meaning, set()).add(min(known, number))
        if known is None or number > known:
            self.counts[meaning] = number
            self.paths[meaning] = path
        if number:
            self.places[meaning] = min(counter.place, self.places.get(meaning, counter.place))

    def take_unread(self, path: str) -> None:
        """Note the path of a positive number under an unknown name."""
        if len(self.unread) < _MAX_UNREAD:
            self.unread[path] = None

    def merge(self, other: "BlockCounts") -> None:
        """Merge the counts of another block about the same call. Both count from its start, so the larger one wins."""
        for meaning, number in other.counts.items():
            if number >= self.counts.get(meaning, 0):
                self.counts[meaning] = number
                self.paths[meaning] = other.paths[meaning]
        for meaning, place in other.places.items():
            self.places[meaning] = min(place, self.places.get(meaning, place))
        for meaning, numbers in other.others.items():
            self.others.setdefault(meaning, set()).update(numbers)
        for path in other.unread:
            self.take_unread(path)
        for model, counts in other.by_model.items():
            self.by_model.setdefault(model, BlockCounts()).merge(counts)

    def add(self, other: "BlockCounts") -> None:
        """Add the counts of a block about a different part of the call."""
        sums = {meaning: number + self.counts.get(meaning, 0) for meaning, number in other.counts.items()}
        self.merge(other)
        self.counts |= sums


class _Statement(NamedTuple):
    """A number of a block and its path. `counter` is None for an unknown name."""

    counter: Counter | None
    number: Number
    path: str


def read_block(block: Mapping[str, Any], *, is_response: bool = False) -> BlockCounts:
    """Return the counts of a usage block, or of a response that has counts without a block around them.

    Raises `UsageError`, with the path, if a known name has a value that is not a number.
    """
    hidden = names.CONTENT if is_response else frozenset()
    iterations: dict[str, Any] = {}
    visible: dict[str, Any] = {}
    for name, value in block.items():
        folded = fold_name(name)
        if folded == names.ITERATIONS:
            iterations[name] = value
        elif folded not in hidden:
            visible[name] = value
    counts = _read_pass(visible)
    for name, value in iterations.items():
        if value not in _NOTHING:
            _take_iterations(counts, value, show_name(name))
    return counts


def _read_pass(block: Mapping[str, Any]) -> BlockCounts:
    stated = {fold_name(name) for name, value in block.items() if value}
    only_billed_units = names.BILLED_UNITS in stated
    counts = BlockCounts()
    for counter, number, path in _read_statements(block, names.USAGE_BLOCK, ""):
        if counter is None:
            counts.take_unread(path)
        elif not only_billed_units or fold_name(path.partition(".")[0]) == names.BILLED_UNITS:
            counts.take_count(counter, number, path)
    if names.PROMPT_TOKENS in stated:
        beside = [meaning for meaning, place in counts.places.items() if place == CountPlace.BESIDE_INPUT_TOKENS]
        counts.places |= dict.fromkeys(beside, CountPlace.INCLUDED)
    return counts


def _take_iterations(into: BlockCounts, iterations: Any, path: str) -> None:
    """Add all passes of a call; the block itself counts only the last one.

    A pass of another model is counted for that model. An attempt that was declined before any output is not billed.
    """
    if not isinstance(iterations, list | tuple):
        raise UsageError(f"usage: {path} is {quote_value(iterations)}, not a list")
    passes = [(entry, _read_pass(expect_mapping(entry, f"{path}[]"))) for entry in iterations]
    by_itself = [entry.get("model") for entry, _ in passes if entry.get("type") != "advisor_message"]
    into.served_by = read_text(by_itself[-1], f"{path}[].model") if by_itself else None
    own = BlockCounts()
    for entry, counts in passes:
        model = read_text(entry.get("model"), f"{path}[].model")
        is_advice = entry.get("type") == "advisor_message"
        if is_advice and model is None:
            into.take_unread(f"{path}[] of an advisor without a model")
        elif model is None or model == into.served_by:
            own.add(counts)
        elif is_advice or counts.counts.get("output"):
            into.by_model.setdefault(model, BlockCounts()).add(counts)
        else:
            into.unread |= counts.unread
    into.merge(own)


def _read_statements(block: Mapping[str, Any], table: NameTable, prefix: str) -> Iterator[_Statement]:
    """Yield the numbers of a mapping, with what the table says about their names."""
    for name, value in block.items():
        if value is None:
            continue
        folded, path = fold_name(name), prefix + show_name(name)
        if isinstance(value, Mapping):
            yield from _statements_of_mapping(value, table, folded, path) if value else ()
        elif isinstance(value, list | tuple):
            yield from _statements_of_list(value, table, folded, path) if value else ()
        elif folded in table.counters:
            counter = table.counters[folded]
            yield _Statement(counter, _read_count(counter, value, path), path)
        elif folded in table.tables or folded in table.lists:
            raise UsageError(f"usage: {path} is {quote_value(value)}, not an object")
        elif folded not in names.NOT_BILLED and _is_positive(value):
            yield _Statement(None, value, path)


def _statements_of_mapping(value: Mapping[str, Any], table: NameTable, folded: str, path: str) -> Iterator[_Statement]:
    if folded in table.tables:
        yield from _read_statements(value, table.tables[folded], f"{path}.")
    elif folded in table.counters:
        raise UsageError(f"usage: {path} is an object, not a number")
    elif folded not in names.NOT_BILLED and folded != names.COPY:
        yield from _unread_numbers(value, path)


def _statements_of_list(value: Sequence[Any], table: NameTable, folded: str, path: str) -> Iterator[_Statement]:
    if folded in table.lists:
        yield from _sum_entries(value, table.lists[folded], f"{path}[]")
    elif folded in table.counters or folded in table.tables:
        raise UsageError(f"usage: {path} is a list, not {'a number' if folded in table.counters else 'an object'}")
    elif folded not in names.NOT_BILLED:
        yield from _unread_numbers(value, path)


def _sum_entries(entries: Sequence[Any], kind: EntryList, path: str) -> Iterator[_Statement]:
    """Yield the counts of a list, with those of the same label added up."""
    sums: dict[Counter, Number] = {}
    for entry in entries:
        label, count = "", None
        for name, value in expect_mapping(entry, path).items():
            folded, place = fold_name(name), f"{path}.{show_name(name)}"
            if folded == kind.label:
                label = fold_name(str(value))
            elif folded in kind.counts and value is not None:
                count = read_number(value, place)
            else:
                yield from _unread_numbers(value, place)
        counter = kind.counters.get(label)
        if counter is not None and count is not None:
            sums[counter] = sums.get(counter, 0) + count
        elif count:
            yield _Statement(None, count, f"{path}.{show_name(label)}")
    for counter, number in sums.items():
        yield _Statement(counter, number, path)


def _unread_numbers(value: Any, path: str, depth: int = 0) -> Iterator[_Statement]:
    """Yield every positive number in a value under an unknown name."""
    if depth == _MAX_DEPTH and value not in _NOTHING:
        yield _Statement(None, 1, f"{path}...")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if fold_name(name) not in names.NOT_BILLED:
                yield from _unread_numbers(inner, f"{path}.{show_name(name)}", depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _unread_numbers(inner, f"{path}[]", depth + 1)
    elif _is_positive(value):
        yield _Statement(None, value, path)


def _is_positive(value: Any) -> bool:
    return is_number(value) and not Decimal(value).is_nan() and value > 0


def _read_count(counter: Counter, value: Any, path: str) -> Number:
    number = read_number(value, path)
    if number.__class__ is not int and counter.meaning != "seconds":
        raise UsageError(f"usage: {path} is {quote_value(value)}, not a whole number")
    return number


def read_number(value: Any, path: str) -> Number:
    """Return a count. Raises `UsageError` if it is not a number, negative or too large."""
    if value.__class__ is int and 0 <= value <= _MAX_COUNT:
        return value
    if not is_number(value):
        raise UsageError(f"usage: {path} is {quote_value(value)}, not a number")
    if isinstance(value, int):
        number: Number = value
    else:
        number = Decimal(str(value))
        if not number.is_finite():
            raise UsageError(f"usage: {path} is {quote_value(value)}, not an amount")
    if not 0 <= number <= _MAX_COUNT:
        raise UsageError(f"usage: {path} is {quote_value(value)}, not an amount")
    return int(number) if number == int(number) else number


def read_text(value: Any, path: str) -> str | None:
    """Return a name such as that of a model; None if it is empty. Raises `UsageError` if it is not text."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise UsageError(f"usage: {path} is {quote_value(value)}, not text")
    return value


def expect_mapping(value: Any, path: str) -> Mapping[str, Any]:
    """Return the value, which must be an object. Raises `UsageError` otherwise."""
    if not isinstance(value, Mapping):
        raise UsageError(f"usage: {path} is {quote_value(value)}, not an object")
    return value


def show_name(name: str) -> str:
    """Return a name in a response for a message: escaped, on one line, and shortened."""
    return _show_whole(name) if len(name) <= _SHOWN else f"{one_line(name[:_SHOWN])}..."


_show_whole = lru_cache(maxsize=4096)(one_line)


def quote_value(value: Any) -> str:
    """Return a value in a response for a message."""
    if isinstance(value, str):
        return f'"{show_name(value)}"'
    if isinstance(value, int) and abs(value) > _MAX_COUNT:
        return "a number of more than 15 digits"
    if isinstance(value, Mapping | list | tuple):
        return "an object" if isinstance(value, Mapping) else "a list"
    return "null" if value is None else str(value).lower()
