"""Rows of a model list, read without trust: what is not what it should be is noted and left out, never guessed.

A leaf that is wrong (a limit in words, a negative price) costs the row that fact. A value of another kind than its
place has (a list where an object belongs) raises `OddValueError`, which costs the list that row: what else the row
says may be meant differently, too. Nothing costs more than its row.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from registry_cli.core.pricing.rounding import tidy
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources.base import Page
from registry_cli.sources.json_text import MOST_MODELS, is_disputed, read_json, refuse_long_list
from registry_cli.sources.key_watch import KeyWatch
from registry_cli.sources.shapes import OddValueError
from registry_cli.sources.wording import one_line
from registry_cli.yamledit.escapes import HIDDEN

MOST_TOKENS = 10**12  # the schema's bound of a limit
_DEAREST = Decimal(10_000_000)  # USD per 1M tokens, or for one unit; nothing is sold at ten dollars a token
_CHEAPEST = Decimal("1e-25")
_LONGEST_ID = 256
_UNPRINTABLE = re.compile(rf"[\n\r\t]|{HIDDEN.pattern}")
_PATH = re.compile(r"\\|^[/~]/|^/|^\.{1,2}$|(?:^|/)\.{1,2}(?:/|$)")
_NO_TIME = frozenset({0, 735790403, 1677610602})  # constants that servers give for a date they do not know
_FINE_TUNE = re.compile(r"ft:[^:]+:.+")
_FIRST_YEAR, _NO_END_YEAR = 2015, 2090
_ADDRESS = re.compile(r"https?://[^ ]{1,2000}")  # the schema's form of a web address
_PROVIDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # and of a provider's id
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
HOURS = re.compile(f"{_TIME}-{_TIME}")  # the schema's form of a span of hours
# What reading a value of an unforeseen kind raises.
UNFORESEEN = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)

Row = TypeVar("Row")


@dataclass(slots=True)
class Rows:
    """One reading of a list: `note` remembers what was left out of the model at hand."""

    source: str
    provider: str
    model: str = ""
    notes: list[Note] = field(default_factory=list)
    has_disputes: bool = True  # whether some row may state a key twice
    keys: KeyWatch = field(default_factory=KeyWatch)
    _nameless: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)  # notes of rows, until ids are read

    def note(self, key: str, value: Any, reason: str) -> None:
        self.notes.append(Note(self.provider, self.model, key, _printable(value), reason))

    @contextmanager
    def row(self, model: str) -> Iterator[None]:
        """Reads one row of the list under this name. An odd value ends the row with a note, and the list goes on."""
        self.model = model
        try:
            yield
        except OddValueError as odd:
            self.note(odd.key, odd.value, f"not {odd.expected}; left out")
        except UNFORESEEN as error:
            self.note("", "", f"a value of an unforeseen kind ({type(error).__name__}); left out")
        finally:
            self.model = ""

    def listed(self, page: Page, *containers: str) -> list[dict[str, Any]]:
        """The rows of an answer: under the first of `containers` that holds a list, "" meaning the answer itself.

        Rows that state something twice and differently are noted and left out. Raises `UpstreamError` where there is
        no list.
        """
        repeated: list[str] = []
        document = read_json(page.body, self.source, repeated.append)
        for name in containers:
            rows = document if not name else document.get(name) if isinstance(document, dict) else None
            if isinstance(rows, list):
                refuse_long_list(self.source, len(rows), MOST_MODELS)
                return [self.keys.watch(row) for row in rows if self._is_row(row, repeated)]
        wanted = " or ".join(f"`{name}`" if name else "an array" for name in containers)
        raise UpstreamError(f"{self.source}: an answer without a list of models ({wanted})")

    def _is_row(self, row: Any, repeated: list[str]) -> bool:
        if not isinstance(row, dict):
            self.note("", row, "not a model")
        elif repeated and is_disputed(row):
            self._nameless.append((len(self.notes), row))
            self.note(", ".join(sorted(set(repeated))), row.get("id"), "stated twice in one model, differently")
        else:
            return True
        return False

    def is_disputed(self, row: Any) -> bool:
        """Whether the row states something twice and differently, of which it takes a note."""
        disputed = self.has_disputes and is_disputed(row)
        if disputed:
            self.note("", "", "states a key twice, differently; left out")
        return disputed

    def is_too_long(self, models: Sized) -> bool:
        """Whether a list of many providers has more models of this one than are read, of which it takes a note."""
        too_long = len(models) > MOST_MODELS
        if too_long:
            self.note("models", f"{len(models):,}", f"more than {MOST_MODELS:,} models of one provider; left out")
        return too_long

    def observe(
        self,
        rows: Iterable[Row],
        id_of: Callable[[Row], Any],
        read: Callable[["Rows", Row], ObservedModel | None],
    ) -> tuple[ObservedModel, ...]:
        """The models of rows that have an id, each id once: equal rows are one, conflicting ones are none.

        A row that is left out is still one that is listed: its note names the model.
        """
        models: dict[str, ObservedModel | None] = {}
        self._name_notes(id_of)
        for row in rows:
            with self.row(""):
                self._observe_row(row, id_of, read, models)
        return tuple(model for model in models.values() if model is not None)

    def observations(self, models: Iterable[ObservedModel], facts: Mapping[str, Any] | None = None) -> Observations:
        """What the list of one provider came to; `facts` are those of the provider itself."""
        observed = ObservedProvider(self.provider, self.source, facts or {}, tuple(models))
        return Observations(self.source, (observed,), tuple(self.notes), unread_keys=self.keys.find_unread(self.source))

    def _observe_row(
        self,
        row: Row,
        id_of: Callable[[Row], Any],
        read: Callable[["Rows", Row], ObservedModel | None],
        models: dict[str, ObservedModel | None],
    ) -> None:
        spelled = self.id(id_of(row))
        if spelled is None:
            return
        self.model = spelled
        model = read(self, row)
        if model is None:
            return
        if model.id not in models:
            models[model.id] = model
        elif models[model.id] is not None and models[model.id] != model:
            self.model = model.id
            self.note("id", model.id, "listed more than once, with different facts")
            models[model.id] = None

    def _name_notes(self, id_of: Callable[[Any], Any]) -> None:
        for place, row in self._nameless:
            with suppress(LookupError, TypeError, AttributeError):  # the id itself may be what is disputed
                name = id_of(row)
                if isinstance(name, str):
                    self.notes[place] = replace(self.notes[place], model=name)
        self._nameless.clear()

    def id(self, value: Any) -> str | None:
        """An id that calls could carry, or None."""
        if not isinstance(value, str) or not value:
            self.note("id", value, "a model without an id")
        elif len(value) > _LONGEST_ID or is_unprintable(value) or value != value.strip():
            self.note("id", value, "not an id: too long, outer spaces or a character that cannot be seen")
        elif _PATH.search(value):
            self.note("id", value, "a path, not an id")
        else:
            return value
        return None

    def tokens(self, key: str, value: Any) -> int | None:
        """A limit in tokens. 0 is how most lists write that they do not know."""
        if value is None or value == "":
            return None
        if type(value) is int and 0 <= value <= MOST_TOKENS:
            return value or None
        number = exact(value)
        if number is None or number != number.to_integral_value() or not 0 <= number <= MOST_TOKENS:
            self.note(key, value, "not a number of tokens")
            return None
        return int(number) or None

    def limits(self, context: int | None, output: int | None) -> dict[str, int]:
        """Limits of one model. An output above the window contradicts it and is left out."""
        facts = {"context_window": context} if context else {}
        if output and context and output > context:
            self.note("max_output_tokens", output, f"output above the context window of {context}")
        elif output:
            facts["max_output_tokens"] = output
        return facts

    def price(self, key: str, value: Any, unit: Decimal | int = 1) -> Decimal | None:
        """USD per 1M tokens (or for one unit): the number times `unit`. Missing, empty or negative is unknown."""
        if value is None or value == "":
            return None
        number = exact(value)
        if number is None:
            self.note(key, value, "not a number")
            return None
        return self._likely_price(key, value, number * unit)

    def number_price(self, key: str, value: Any, unit: Decimal | int = 1) -> Decimal | None:
        """A price that lists write as a number: text is no price there. What rounding changes is noted."""
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.note(key, value, "not a number")
            return None
        amount = Decimal(value) * unit
        price = self._likely_price(key, value, amount)
        if price is not None and price != amount:
            self.note(key, value, f"rounded to {price:f}")
        return price

    def _likely_price(self, key: str, value: Any, amount: Decimal) -> Decimal | None:
        if amount < 0:
            self.note(key, value, "a negative price is an unknown one")
        elif amount > _DEAREST:
            self.note(key, value, "no price is that high")
        elif amount and amount < _CHEAPEST:
            self.note(key, value, "no price is that low")
        else:
            return tidy(amount)
        return None

    def text(self, key: str, value: Any) -> str | None:
        """One line of text, None where there is none."""
        if value is None:
            return None
        if not isinstance(value, str):
            self.note(key, value, "not a text")
            return None
        line = one_line(value)
        if is_unprintable(line) or len(line) > 1000:  # noqa: PLR2004  # the schema's bound of a line
            self.note(key, value, "not a line of text")
            return None
        return line or None

    def day(self, key: str, value: Any) -> str | None:
        """A date as YYYY-MM-DD from ISO text or seconds since 1970; None for the constants that stand for no date."""
        if value is None or value == "" or (isinstance(value, int) and value in _NO_TIME):
            return None
        found = _moment(value)
        if found is None:
            self.note(key, value, "not a date")
        elif found.year >= _NO_END_YEAR or found.year < _FIRST_YEAR:
            return None
        return found.isoformat() if found else None

    def address(self, key: str, value: Any) -> str | None:
        """A web address, None where there is none."""
        if value is None or value == "":
            return None
        if isinstance(value, str) and _ADDRESS.fullmatch(value) and not is_unprintable(value):
            return value
        self.note(key, value, "not an http or https address")
        return None

    def mode(self, key: str, kind: Any, modes: Mapping[str, str]) -> str | None:
        """The mode that a source's word for a kind of model stands for, None where it states none. A kind that the
        catalog has no mode for ends the row: nobody would look for such a model here."""
        if kind is None or kind == "":
            return None
        if not isinstance(kind, str) or kind not in modes:
            raise OddValueError(key, kind, "a kind of model that the catalog has")
        return modes[kind]

    def provider_ids(self, key: str, values: Iterable[Any]) -> list[str]:
        """The names among these that a provider can have, each once."""
        named = []
        for value in values:
            if isinstance(value, str) and _PROVIDER.fullmatch(value):
                named.append(value)
            else:
                self.note(key, value, "not a provider's name")
        return list(dict.fromkeys(named))

    def texts(self, value: Any) -> list[str]:
        """The texts of a list; nothing of what is none."""
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def is_unprintable(text: str) -> bool:
    """Whether a text holds what no id and no line may: controls, line breaks, whatever else cannot be seen."""
    return not (text.isascii() and text.isprintable()) and _UNPRINTABLE.search(text) is not None


def exact(value: Any) -> Decimal | None:
    """The number that a value is or spells, None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 40 else None  # noqa: PLR2004  # no fact is 1e40


def outline(body: bytes, source: str) -> Mapping[str, Any]:
    """The object that an answer is, for what stands around its rows; empty where it is none."""
    document = read_json(body, source, lambda _key: None)
    return document if isinstance(document, dict) else {}


def created_days(rows: Sequence[Mapping[str, Any]], key: str = "created") -> Iterator[int | None]:
    """The `created` of each row, None throughout where all rows say the same: that is the time of asking."""
    stated = [row.get(key) for row in rows]
    same = len(stated) > 1 and len(set(map(str, stated))) == 1
    for value in stated:
        yield value if isinstance(value, int) and not isinstance(value, bool) and not same else None


def flags(stated: Any, names: Mapping[str, str]) -> tuple[list[str], frozenset[str]]:
    """Capabilities that a mapping of booleans affirms, and those that it denies."""
    stated = stated if isinstance(stated, dict) else {}
    has = list(dict.fromkeys(ours for theirs, ours in names.items() if stated.get(theirs) is True))
    denied = {ours for theirs, ours in names.items() if stated.get(theirs) is False}
    return has, frozenset(denied - set(has))


def stated(**facts: Any) -> dict[str, Any]:
    """The facts that are known: neither None nor empty."""
    return {name: value for name, value in facts.items() if value not in (None, [], {}, "")}


def is_fine_tune(model_id: str) -> bool:
    """Whether an id is `ft:MODEL:...` of an account; a bare `ft:MODEL` is a published price."""
    return bool(_FINE_TUNE.fullmatch(model_id))


def _moment(value: Any) -> date | None:
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).date()
        if isinstance(value, str):
            return date.fromisoformat(value[:10])
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _printable(value: Any) -> str:
    text = str(value)[:200]
    return text if text.isascii() and text.isprintable() else ascii(text)
