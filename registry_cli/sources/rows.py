"""Read the rows of a model list without trust: an unexpected value is noted and left out, never guessed.

A wrong value (a limit in words, a negative price) costs its row that fact. A value of another kind (a list where an
object belongs) raises `OddValueError`, which costs the list that row: the rest of the row may have another meaning too.
Nothing costs more than its row.

The methods of `Rows` that read a value take the key (the source's own word, for the note) and the value. They return
None for a missing value, and None with a note for a wrong one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from registry_cli.core.pricing.rounding import tidy_price
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider
from registry_cli.errors import UpstreamError
from registry_cli.sources.base import Page
from registry_cli.sources.json_text import MOST_MODELS, is_disputed, read_json, refuse_long_list
from registry_cli.sources.key_watch import KeyWatch
from registry_cli.sources.shapes import OddValueError, list_or_empty, object_or_empty
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
# The errors that code raises when it reads a value of an unforeseen kind.
UNFORESEEN = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)

Row = TypeVar("Row")


@dataclass(slots=True)
class Rows:
    """A list that is being read: its source and provider, the current model, and notes of what was left out."""

    source: str
    provider: str
    model: str = ""
    notes: list[Note] = field(default_factory=list)
    has_disputes: bool = True  # whether a row may state a key twice; False saves the search
    keys: KeyWatch = field(default_factory=KeyWatch)
    _nameless: list[tuple[int, Mapping[str, Any]]] = field(default_factory=list)  # note number, and the row to name

    def note(self, key: str, value: Any, reason: str) -> None:
        self.notes.append(Note(self.provider, self.model, key, _printable_value(value), reason))

    @contextmanager
    def guard_row(self, model: str) -> Iterator[None]:
        """Read one row in this context. An odd value ends the row with a note under `model`; the list goes on."""
        self.model = model
        try:
            yield
        except OddValueError as odd:
            self.note(odd.key, odd.value, f"not {odd.expected}; left out")
        except UNFORESEEN as error:
            self.note("", "", f"a value of an unforeseen kind ({type(error).__name__}); left out")
        finally:
            self.model = ""

    def read_rows(self, pages: Iterable[Page], *containers: str) -> list[dict[str, Any]]:
        """Return the rows of all pages: of each, the list under the first of `containers` that holds one.

        The container "" means the answer itself. A row that states one key twice with different values is noted and
        left out. Raises `UpstreamError` for a page without a list.
        """
        rows: list[dict[str, Any]] = []
        for page in pages:
            rows += self._read_page(page, containers)
        return rows

    def _read_page(self, page: Page, containers: Sequence[str]) -> list[dict[str, Any]]:
        repeated: list[str] = []
        document = read_json(page.body, self.source, repeated.append)
        for name in containers:
            rows = document if not name else document.get(name) if isinstance(document, dict) else None
            if isinstance(rows, list):
                refuse_long_list(self.source, len(rows), MOST_MODELS)
                return [self.keys.watch_row(row) for row in rows if self._is_row(row, repeated)]
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

    def skip_disputed(self, row: Any) -> bool:
        """Note a row that states a key twice with different values. Returns whether it does."""
        disputed = self.has_disputes and is_disputed(row)
        if disputed:
            self.note("", "", "states a key twice, differently; left out")
        return disputed

    def skip_too_long(self, models: Sized) -> bool:
        """Note a provider with more than `MOST_MODELS` models. Returns whether it has."""
        too_long = len(models) > MOST_MODELS
        if too_long:
            self.note("models", f"{len(models):,}", f"more than {MOST_MODELS:,} models of one provider; left out")
        return too_long

    def read_models(
        self,
        rows: Iterable[Row],
        id_of: Callable[[Row], Any],
        read: Callable[["Rows", Row], ObservedModel | None],
    ) -> tuple[ObservedModel, ...]:
        """Return a model for each id. Equal rows of one id make one model; conflicting ones make none, and a note.

        `read` may return None to leave out a row. Its note names the model, which still counts as listed.
        """
        models: dict[str, ObservedModel | None] = {}
        self._name_notes(id_of)
        for row in rows:
            with self.guard_row(""):
                self._read_model(row, id_of, read, models)
        return tuple(model for model in models.values() if model is not None)

    def build_observations(
        self, models: Iterable[ObservedModel], facts: Mapping[str, Any] | None = None
    ) -> Observations:
        """Return the observations of one provider's list. `facts` are about the provider itself."""
        observed = ObservedProvider(self.provider, self.source, facts or {}, tuple(models))
        return Observations(self.source, (observed,), tuple(self.notes), unread_keys=self.keys.find_unread(self.source))

    def _read_model(
        self,
        row: Row,
        id_of: Callable[[Row], Any],
        read: Callable[["Rows", Row], ObservedModel | None],
        models: dict[str, ObservedModel | None],
    ) -> None:
        spelled = self.read_id(id_of(row))
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

    def read_id(self, value: Any) -> str | None:
        """A model id that an API call can carry."""
        if not isinstance(value, str) or not value:
            self.note("id", value, "a model without an id")
        elif len(value) > _LONGEST_ID or is_unprintable(value) or value != value.strip():
            self.note("id", value, "not an id: too long, outer spaces or a character that cannot be seen")
        elif _PATH.search(value):
            self.note("id", value, "a path, not an id")
        else:
            return value
        return None

    def read_tokens(self, key: str, value: Any) -> int | None:
        """A limit in tokens. 0 means unknown in most lists."""
        if value is None or value == "":
            return None
        if type(value) is int and 0 <= value <= MOST_TOKENS:
            return value or None
        number = read_number(value)
        if number is None or number != number.to_integral_value() or not 0 <= number <= MOST_TOKENS:
            self.note(key, value, "not a number of tokens")
            return None
        return int(number) or None

    def consistent_limits(self, context: int | None, output: int | None) -> dict[str, int]:
        """`context_window` and `max_output_tokens` of one model. An output limit above the window is left out."""
        facts = {"context_window": context} if context else {}
        if output and context and output > context:
            self.note("max_output_tokens", output, f"output above the context window of {context}")
        elif output:
            facts["max_output_tokens"] = output
        return facts

    def read_price(self, key: str, value: Any, unit: Decimal | int = 1) -> Decimal | None:
        """A price in USD per 1M tokens (or for one unit): the number times `unit`. A negative price is unknown."""
        if value is None or value == "":
            return None
        number = read_number(value)
        if number is None:
            self.note(key, value, "not a number")
            return None
        return self._likely_price(key, value, number * unit)

    def read_numeric_price(self, key: str, value: Any, unit: Decimal | int = 1) -> Decimal | None:
        """Like `price`, for lists that write prices as numbers: text is refused, and rounding is noted."""
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
            return tidy_price(amount)
        return None

    def read_line(self, key: str, value: Any) -> str | None:
        """One line of text of at most 1,000 characters."""
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

    def read_day(self, key: str, value: Any) -> str | None:
        """A date as YYYY-MM-DD, from ISO text or seconds since 1970.

        None without a note for constants that stand for an unknown date, and for years before 2015 or from 2090 on.
        """
        if value is None or value == "" or (isinstance(value, int) and value in _NO_TIME):
            return None
        day = _parse_date(value)
        if day is None:
            self.note(key, value, "not a date")
        elif _FIRST_YEAR <= day.year < _NO_END_YEAR:
            return day.isoformat()
        return None

    def read_address(self, key: str, value: Any) -> str | None:
        """An http or https address."""
        if value is None or value == "":
            return None
        if isinstance(value, str) and _ADDRESS.fullmatch(value) and not is_unprintable(value):
            return value
        self.note(key, value, "not an http or https address")
        return None

    def read_mode(self, key: str, kind: Any, modes: Mapping[str, str]) -> str | None:
        """The catalog's mode for the source's word `kind`. Raises `OddValueError` for a word that is not in `modes`.

        That leaves out the row: the catalog does not list such models.
        """
        if kind is None or kind == "":
            return None
        if not isinstance(kind, str) or kind not in modes:
            raise OddValueError(key, kind, "a kind of model that the catalog has")
        return modes[kind]

    def read_provider_ids(self, key: str, values: Iterable[Any]) -> list[str]:
        """The values that are valid provider ids, each once. Others are noted."""
        named = []
        for value in values:
            if isinstance(value, str) and _PROVIDER.fullmatch(value):
                named.append(value)
            else:
                self.note(key, value, "not a provider's name")
        return list(dict.fromkeys(named))

    def keep_texts(self, value: Any) -> list[str]:
        """The texts of a list. Other items are dropped without a note; a value that is no list has none."""
        return [item for item in list_or_empty(value) if isinstance(item, str)]


def is_unprintable(text: str) -> bool:
    """Whether a text holds control characters, line breaks or other characters that cannot be seen."""
    return not (text.isascii() and text.isprintable()) and _UNPRINTABLE.search(text) is not None


def read_number(value: Any) -> Decimal | None:
    """The finite number that a value is or spells, else None."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 40 else None  # noqa: PLR2004  # no fact is 1e40


def read_envelope(body: bytes, source: str) -> Mapping[str, Any]:
    """The object around the rows of an answer, for its paging fields. Empty if the answer is no object.

    Raises `UpstreamError` for an answer that is not JSON.
    """
    return object_or_empty(read_json(body, source, lambda _key: None))


def created_days(rows: Sequence[Mapping[str, Any]], key: str = "created") -> Iterator[int | None]:
    """The time of creation of each row, in seconds. None for all rows if they are equal: then it is the request's."""
    stated = [row.get(key) for row in rows]
    same = len(stated) > 1 and len(set(map(str, stated))) == 1
    for value in stated:
        yield value if isinstance(value, int) and not isinstance(value, bool) and not same else None


def read_flags(stated: Any, names: Mapping[str, str]) -> tuple[list[str], frozenset[str]]:
    """The capabilities that an object of booleans affirms, and those that it denies. `names` maps theirs to ours."""
    stated = object_or_empty(stated)
    has: dict[str, None] = {}
    denied = set()
    for theirs, ours in names.items():
        value = stated.get(theirs)
        if value is True:
            has[ours] = None
        elif value is False:
            denied.add(ours)
    return list(has), frozenset(denied - has.keys())


def known_facts(**facts: Any) -> dict[str, Any]:
    """The facts without those that are None or empty."""
    return {name: value for name, value in facts.items() if value not in (None, [], {}, "")}


def is_fine_tune(model_id: str) -> bool:
    """Whether an id names the fine-tuned model of an account (`ft:MODEL:...`). A bare `ft:MODEL` names a price."""
    return bool(_FINE_TUNE.fullmatch(model_id))


def _parse_date(value: Any) -> date | None:
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).date()
        if isinstance(value, str):
            return date.fromisoformat(value[:10])
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _printable_value(value: Any) -> str:
    text = str(value)[:200]
    return text if text.isascii() and text.isprintable() else ascii(text)
