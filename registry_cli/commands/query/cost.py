"""`cost`: what calls cost at the models named, or at the models that the responses name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from registry_cli.commands.query.open import Asked
from registry_cli.core.catalog.build import build_model
from registry_cli.core.catalog.models import Model
from registry_cli.core.catalog.reading_names import resolve_for_reading
from registry_cli.core.catalog.vocabulary import Vocabulary
from registry_cli.core.pricing.bills import Bill
from registry_cli.core.pricing.call_conditions import Conditions
from registry_cli.core.pricing.model_price import ModelPrice
from registry_cli.core.pricing.responses import Call, read_call
from registry_cli.core.query.filters import Filters, Selection
from registry_cli.core.query.wording import standing
from registry_cli.core.text.exact_json import loads
from registry_cli.errors import FileError, UsageError
from registry_cli.store.files.user_files import MAX_LIST_SIZE, read_user_lines
from registry_cli.store.index.query import fetch

COLUMNS = ("full_id", "provider", "id", "billing", "status", "body")
_BILLED = ("pricing", "mode", "modalities", "context_window", "max_input_tokens", "max_output_tokens")
_NO_WORDS = Vocabulary({})  # the index has canonical names already


@dataclass(frozen=True, slots=True)
class Costed:
    """A bill for each model, the cheapest first, and each call's own; `warnings` and `notes` are for stderr."""

    bills: tuple[Bill, ...]
    calls: tuple[tuple[int, Bill], ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]


def read_calls(path: Path) -> list[Call]:
    """The calls of a file: one JSON response or usage block, a list of them, or one a line. Raises `FileError`."""
    lines = _filled_lines(path)
    beginning = list(islice(lines, 2))
    if len(beginning) == 2 and _is_json(beginning[0][1]):  # noqa: PLR2004  # one a line, perhaps very many
        return [_call(_parsed(line, path, number), path, number) for number, line in chain(beginning, lines)]
    every = list(_bounded(chain(beginning, lines), path))
    try:
        whole = loads("\n".join(line for _, line in every))
    except (ValueError, RecursionError):
        return [_call(_parsed(line, path, number), path, number) for number, line in every]
    return [_call(value, path, None) for value in (whole if isinstance(whole, list) else [whole])]


def price_calls(
    asked: Asked, names: Sequence[str], calls: Sequence[Call], conditions: Conditions, provider: str | None
) -> Costed:
    """Every call at every model named; at the model its response names where none is. Raises `UsageError`."""
    if not calls:
        raise UsageError("cost: no call to price")
    resolved = [resolve_for_reading(asked.names, name) for name in names]
    names = list(dict.fromkeys(str(name) for name, _ in resolved))  # a model named twice is billed once
    found: dict[str, tuple[ModelPrice, list[str]]] = {}
    asked_of: dict[str, list[tuple[int, Any, Conditions]]] = {}
    answering: dict[tuple[str | None, str | None], str] = {}  # what a response says of model and provider -> the model
    for number, call in enumerate(calls, 1):
        tier = conditions.service_tier or call.service_tier
        said = (call.model, call.provider)
        if not names and said not in answering:
            answering[said] = _model_of(asked, call, number, provider)
        for name in names or [answering[said]]:
            if name not in found:
                found[name] = _find(asked, name, conditions.day)
            entry = (number, call.usage, conditions._replace(service_tier=tier))
            asked_of.setdefault(name, []).append(entry)
    bills = sorted(
        (found[name][0].bill_calls([entry[1:] for entry in entries]) for name, entries in asked_of.items()),
        key=cheapest,
    )
    notes = [assumption for _, assumption in resolved if assumption]
    notes += [notice for _, notices in found.values() for notice in notices]
    notes += [f"{bill.model}: {note}" for bill in bills for note in bill.notes]
    currencies = sorted({bill.currency for bill in bills})
    if len(currencies) > 1:
        notes.append(f"not compared with each other: prices in {', '.join(currencies)}")
    stated = [call.billed for call in calls if call.billed is not None]
    if stated:
        notes.append(f"the responses themselves state a cost of ${sum(stated):f} for {len(stated)} of {len(calls)}")
    each = [(entry[0], found[name][0].bill(*entry[1:])) for name, entries in asked_of.items() for entry in entries]
    warnings = tuple(f"{bill.model}: {warning}" for bill in bills for warning in bill.warnings)
    return Costed(tuple(bills), tuple(each) if len(calls) > 1 else (), warnings, tuple(dict.fromkeys(notes)))


def cheapest(bill: Bill) -> tuple[Any, ...]:
    """The order of bills: dollars first, what is known before a lower bound, then by the total."""
    return (bill.currency != "USD", bill.currency, not bill.exact, bill.total, bill.model)


def model_of(row: Mapping[str, Any]) -> Model:
    """An entry that has what a bill needs, from the columns `COLUMNS` of the index."""
    body = loads(row["body"])
    needed = {name: body[name] for name in _BILLED if name in body}
    return build_model(row["provider"], row["id"], needed, row["billing"], _NO_WORDS)


def _find(asked: Asked, text: str, day: str) -> tuple[ModelPrice, list[str]]:
    """A model's prices, and what a person should know: how its name was read, that it is deprecated or retired."""
    name, assumption = resolve_for_reading(asked.names, text)
    everything = Selection(Filters(deprecated=True))
    row = dict(zip(COLUMNS, fetch(asked.index, COLUMNS, everything, day, full_id=str(name))[0], strict=True))
    notice = standing(row["status"], loads(row["body"]))
    notices = [assumption] if assumption else []
    if notice:
        notices.append(f"{name}: {notice}")
    return ModelPrice(model_of(row)), notices


def _model_of(asked: Asked, call: Call, number: int, provider: str | None) -> str:
    """The model that a response names, at the provider that is given, else at the one that answers in its shape."""
    if call.model is None:
        raise UsageError(f"cost: call {number} names no model; give MODEL")
    name = call.model.removeprefix("models/")
    host = asked.names.provider(provider or call.provider or "")
    if provider and host is None:
        raise UsageError(f"cost: unknown provider {provider!r}")
    if host and (provider or _is_known(asked, f"{host}/{name}")):
        return f"{host}/{name}"
    if len(asked.names.hosts(name)) > 1 and not _is_known(asked, name):
        raise UsageError(f"cost: several providers have {name}; --provider says which")
    return name


def _is_known(asked: Asked, text: str) -> bool:
    try:
        resolve_for_reading(asked.names, text)
    except UsageError:
        return False
    return True


def _filled_lines(path: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(read_user_lines(path, longest=MAX_LIST_SIZE), 1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise FileError(str(path), "not UTF-8", number) from None
        if text.strip():
            yield number, text


def _bounded(lines: Iterable[tuple[int, str]], path: Path) -> Iterator[tuple[int, str]]:
    size = 0
    for number, line in lines:
        size += len(line)
        if size > MAX_LIST_SIZE:
            raise FileError(str(path), f"larger than {MAX_LIST_SIZE / 1e6:.0f} MB, and its first line is not JSON")
        yield number, line


def _is_json(text: str) -> bool:
    try:
        loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _parsed(line: str, path: Path, number: int) -> Any:
    try:
        return loads(line)
    except (ValueError, RecursionError) as error:
        raise FileError(str(path), f"not JSON: {error}", number) from None


def _call(value: Any, path: Path, number: int | None) -> Call:
    try:
        return read_call(value)
    except UsageError as error:
        raise FileError(str(path), error.message, number) from None
