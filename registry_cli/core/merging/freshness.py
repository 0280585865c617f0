"""Which of the lists of many providers is believed where they differ about a price or a limit.

The provider's own statement stands above all of them. Among aggregators the order of precedence holds, but for this
rule: a younger statement wins if its price list names a page of the provider, or a second source states the same. What
this does not settle is contested: it changes no file until a person, or one more source, decides.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import TOKEN_LIMITS
from registry_cli.core.merging.standing import Words
from registry_cli.core.pricing.merge import is_free_unlike, prices_agree
from registry_cli.core.statements.facts import VARIANT, Field, Fields, facts_of, group_of
from registry_cli.core.statements.record import Line
from registry_cli.core.statements.statement_days import PRICES, Days, describe_day, is_exact, latest_day
from registry_cli.yamledit.apply import equal_data

LISTS_OF_MANY = frozenset({"models.dev", "litellm", "genai-prices", "llm-prices", "openrouter-prices", "model-prices"})
# A list that repeats another where it names no page of the provider: then neither confirms the other.
_REPEATS = {"model-prices": "models.dev"}
CITES = "cites the provider's page"
_WINDOW, _INPUT, _OUTPUT = TOKEN_LIMITS
_ROUNDING = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for the statements about one model. `said` is what each source states that lists it, comparison
    sources included; `since` the days on which it first did; `cites` whose price lists name a page of the provider."""

    said: Mapping[str, Fields] = field(default_factory=dict)
    since: Mapping[str, Days] = field(default_factory=dict)
    checked: Mapping[str, str] = field(default_factory=dict)
    cites: frozenset[str] = frozenset()

    def statement_day(self, source: str, group: str) -> str:
        """The day of a statement as a record has it; of an older record the last confirmation, or an earlier one."""
        checked = self.checked.get(source, "")[:10]
        return self.since.get(source, {}).get(group) or (f"<={checked}" if checked else "")

    def is_younger(self, source: str, other: str, group: str) -> bool:
        """Whether a source states something since a later day than another does. A day that may be an earlier one
        counts only for prices that name a page of the provider: without one, their age is not known."""
        day, other_day = self.statement_day(source, group), self.statement_day(other, group)
        if not self._is_dated(source, group):
            return False
        if is_exact(day) and not self._is_dated(other, group):
            return True
        return latest_day(day) > latest_day(other_day)

    def _is_dated(self, source: str, group: str) -> bool:
        day = self.statement_day(source, group)
        return bool(day) and (is_exact(day) or (group == PRICES and source in self.cites))

    def may_confirm(self, source: str, other: str) -> bool:
        """Whether two sources that state the same are two, and not one that repeats the other."""
        return source != other and not (self._is_repetition(source, other) or self._is_repetition(other, source))

    def _is_repetition(self, source: str, other: str) -> bool:
        return _REPEATS.get(source) == other and source not in self.cites


@dataclass(frozen=True, slots=True)
class Belief:
    """Whom to believe about one price list or limit. `support` says what besides its youth puts it before the first in
    the order, and is empty for the first; `rivals` are those who differ in a way that is not settled."""

    source: str
    support: str = ""
    rivals: tuple[str, ...] = ()


def evidence_of(line: Line) -> Evidence:
    return Evidence({source: line.said[source] for source in line.listed_by}, line.since, line.checked, line.cites)


def add_cited_prices(words: Words, evidence: Evidence) -> Words:
    """The words, with the prices of those comparison sources last whose lists name a page of the provider."""
    known = {source for source, _ in words}
    others = sorted((evidence.cites & evidence.said.keys()) - known)
    return [*words, *((source, _prices_in(evidence.said[source])) for source in others)]


def find_believed_prices(words: Words, evidence: Evidence) -> Belief | None:
    """Whose price list counts; None where the highest one that states prices is beyond question."""
    priced = []
    for source, fields in words:
        if any(group_of(name) == PRICES for name in fields):
            priced.append((source, fields))
    if len(priced) < 2:  # noqa: PLR2004  # nothing to compare
        return None
    lists = {source: _price_list(fields) for source, fields in priced}
    rated = {source: prices for source, prices in lists.items() if {"input", "output"} & prices.keys()}
    order = []
    for source, prices in rated.items():
        if not any(is_free_unlike(prices, other) for other in rated.values()):
            order.append(source)
    highest = next((source for source in lists if source not in rated or source in order), None)
    if highest is None or highest not in order:
        return None  # prices by the image or the second are not comparable with those of tokens
    currency = lists[highest].get("currency", "USD")
    order = [source for source in order if lists[source].get("currency", "USD") == currency]
    others = {source: _price_list(fields) for source, fields in evidence.said.items() if _prices_in(fields)}
    everyone = {**others, **lists}
    return _find_belief(PRICES, order, lambda one, other: _is_alike(everyone[one], everyone[other]), evidence, everyone)


def _is_alike(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Whether two price lists agree but for rounding: some are computed from another unit or currency."""
    return prices_agree(first, second, tolerance=_ROUNDING)


def find_believed_limit(name: str, words: Words, evidence: Evidence) -> Belief | None:
    """Whose limit counts; None where no two sources state one that can be compared."""
    if sum(name in fields for _, fields in words) < 2:  # noqa: PLR2004  # nothing to compare, as for most models
        return None
    said = {**evidence.said, **dict(words)}
    order = [source for source in comparable_limits(name, said) if source in dict(words)]
    order.sort(key=[source for source, _ in words].index)
    if len(order) < 2 or order[0] != next(source for source, fields in words if name in fields):  # noqa: PLR2004
        return None
    values = {source: said[source][name] for source in comparable_limits(name, said)}
    return _find_belief(name, order, lambda one, other: equal_data(values[one], values[other]), evidence, values)


def _find_belief(
    group: str,
    order: Sequence[str],
    agree: Callable[[str, str], bool],
    evidence: Evidence,
    everyone: Mapping[str, Any],
) -> Belief | None:
    """`order` are those who have a say, the highest first; `everyone` besides those who may be a second source."""
    first = order[0]
    if first not in LISTS_OF_MANY:
        return None
    order = [source for source in order if source in LISTS_OF_MANY]

    def support(source: str) -> str:
        """What speaks for a statement besides its source; empty where nothing does."""
        if group == PRICES and source in evidence.cites:
            return CITES
        seconds = (other for other in everyone if evidence.may_confirm(source, other) and agree(source, other))
        second = next(seconds, None)
        return f"{second} states the same" if second else ""

    better = [source for source in order if support(source) and evidence.is_younger(source, first, group)]
    youngest = max(
        better, key=lambda source: latest_day(evidence.statement_day(source, group)), default=first
    )  # the first of equals
    winner = first if agree(first, youngest) else youngest

    def is_settled(rival: str) -> bool:
        if not support(winner):
            return False
        is_older = evidence.is_younger(winner, rival, group)
        return is_older or not (support(rival) or evidence.is_younger(rival, winner, group))

    rivals = [other for other in order if not agree(winner, other) and not is_settled(other)]
    return Belief(winner, support(winner) if winner != first else "", tuple(rivals))


def contested_fields(belief: Belief, group: str, words: Words, evidence: Evidence) -> Iterator[tuple[Field, str]]:
    """The fields at which rivals of the source that is believed differ from it, each with what would settle it."""
    stated = dict(words)
    for name, value in stated[belief.source].items():
        if group_of(name) != group or name.startswith(VARIANT):
            continue
        rivals = [source for source in belief.rivals if not equal_data(stated[source].get(name, value), value)]
        if rivals:
            yield name, _why_contested(name, [belief.source, *rivals], stated, evidence)


def _why_contested(name: Field, sources: Sequence[str], stated: Mapping[str, Fields], evidence: Evidence) -> str:
    group = group_of(name)
    voices = []
    for source in sources:
        day = evidence.statement_day(source, group)
        value = stated[source][name]
        number = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
        voices.append(f"{source} {number}" + (f" (first stated {describe_day(day)})" if day else ""))
    return f"sources differ: {', '.join(voices)}; settled by the provider's own list or a second source"


def find_confirmed_prices(source: str, words: Words, evidence: Evidence) -> frozenset[Field]:
    """The prices of a source that are beyond a slip: it names a page of the provider, and another list agrees."""
    if source not in evidence.cites:
        return frozenset()
    mine = dict(words)[source]
    prices = _prices_in(mine)
    confirmed: set[Field] = set()
    for other, fields in evidence.said.items():
        if not evidence.may_confirm(source, other) or not _prices_in(fields):
            continue
        if prices_agree(_price_list(mine), _price_list(fields)):
            confirmed.update(name for name in prices if equal_data(fields.get(name, ABSENT), mine[name]))
    return frozenset(confirmed)


def comparable_limits(name: str, said: Mapping[str, Fields]) -> list[str]:
    """The sources whose statements of a limit mean the same: an input limit that a source gives as the window is no
    other window, and a whole window as the output limit is none."""
    speakers = [source for source, fields in said.items() if name in fields]
    if name == _WINDOW:
        return [source for source in speakers if not _is_input_limit(said[source][_WINDOW], source, said)]
    if name == _OUTPUT:
        return [source for source in speakers if said[source][_OUTPUT] != said[source].get(_WINDOW)]
    return speakers


def _is_input_limit(window: Any, speaker: str, said: Mapping[str, Fields]) -> bool:
    """Whether another source says that this many tokens are what is left of a larger window for the input."""
    for source, fields in said.items():
        stated, output = fields.get(_WINDOW), fields.get(_OUTPUT)
        if source == speaker or not isinstance(stated, int) or stated <= window:
            continue
        if window == fields.get(_INPUT) or (isinstance(output, int) and window == stated - output):
            return True
    return False


def _prices_in(fields: Fields) -> Fields:
    return {name: value for name, value in fields.items() if group_of(name) == PRICES}


def _price_list(fields: Fields) -> Mapping[str, Any]:
    prices: Mapping[str, Any] = facts_of(_prices_in(fields))[0].get(PRICES, {})
    return prices
