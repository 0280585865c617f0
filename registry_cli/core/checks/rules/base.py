"""A rule, what it checks, and what it reports."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from registry_cli.core.checks.findings import Severity
from registry_cli.core.checks.report import Outline
from registry_cli.core.format.fields import rates_of
from registry_cli.core.format.legacy import OLDER_LISTS
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.text.pointer import Pointer


class Problem(NamedTuple):
    """A place in the document and what is wrong there. The caller adds the place's name to the message.

    With `of_key` the finding points at the key instead of the value. `severity` overrides that of the rule.
    """

    pointer: Pointer
    message: str
    of_key: bool = False
    severity: Severity | None = None


class WrittenModel(NamedTuple):
    """One model of a file: its place, its ID (the key) and its entry as written."""

    pointer: Pointer
    id: str
    body: Mapping[str, Any]


class PriceTable(NamedTuple):
    """A price list or one of its variants: its place, its rates per 1M tokens, and its prices of other units (`per`).
    `base` are the rates of the list, which hold where a variant states none. Rates of `null` are left out."""

    pointer: Pointer
    currency: str
    rates: Mapping[str, Any]
    base: Mapping[str, Any]
    per: Mapping[str, Any]


class PriceVariant(NamedTuple):
    """A variant of a model's price list as written: its place, its model, the whole `pricing`, the variant itself and
    its `when` (empty if it has none)."""

    pointer: Pointer
    entry: WrittenModel
    pricing: Mapping[str, Any]
    body: Mapping[str, Any]
    when: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProviderFile:
    """One file's value without what breaks the schema, so that rules need not test for types.

    `stem` is the file's name without its ending, `on` the ISO day for rules about dates.
    """

    stem: str
    value: Mapping[str, Any]
    entries: Sequence[WrittenModel]
    vocabulary: Vocabulary
    on: str

    def priced_models(self) -> Iterator[tuple[WrittenModel, Mapping[str, Any]]]:
        """Yield each model that has prices, with its `pricing`."""
        for entry in self.entries:
            pricing = entry.body.get("pricing")
            if pricing:
                yield entry, pricing

    def price_tables(self) -> Iterator["PriceTable"]:
        """Yield the price list of every model, followed by its variants."""
        for entry, pricing in self.priced_models():
            currency, base = pricing.get("currency", "USD"), known_rates(pricing)
            yield PriceTable((*entry.pointer, "pricing"), currency, base, base, pricing.get("per") or {})
            for variant in _variants_of(entry, pricing):
                body = variant.body
                yield PriceTable(variant.pointer, currency, known_rates(body), base, body.get("per") or {})

    def price_variants(self) -> Iterator["PriceVariant"]:
        """Yield the variants of every price list, in the order written."""
        for entry, pricing in self.priced_models():
            yield from _variants_of(entry, pricing)


def _variants_of(entry: WrittenModel, pricing: Mapping[str, Any]) -> Iterator[PriceVariant]:
    for index, body in enumerate(pricing.get("variants") or ()):
        pointer = (*entry.pointer, "pricing", "variants", index)
        yield PriceVariant(pointer, entry, pricing, body, body.get("when") or {})


def check_nothing(_: object) -> tuple[()]:
    """Find nothing: the check of a rule that has no check of this kind."""
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One check with its documentation, which `docs/rules.md` and `validate --explain` show.

    `bad` and `good` are whole files, which the tests run: `bad` must give exactly the findings that its comments
    `# <-` mark. An example of several files has a line with the name before each, `# acme.yml`. A rule has either
    `check` (for one file) or `check_catalog` (for all files, by stem); it has neither if reading the file finds it.
    """

    code: str
    severity: Severity
    summary: str
    why: str
    fix: str
    bad: str = ""
    good: str = ""
    check: Callable[[ProviderFile], Iterable[Problem]] = check_nothing
    check_catalog: Callable[[Sequence[Outline]], Iterable[tuple[str, Problem]]] = check_nothing


def capabilities_of(body: Mapping[str, Any], *, but_not: Container[str] = ()) -> Iterator[tuple[str, Any, Pointer]]:
    """Yield each capability that a model states: its name as written, its details (None for a bare name), its place.

    The names in `but_not` are left out.
    """
    written = body.get("capabilities") or ()
    if isinstance(written, Mapping):
        for name, details in written.items():
            if name not in but_not:
                yield name, details, ("capabilities", name)
        return
    for index, item in enumerate(written):
        if isinstance(item, Mapping):
            for name, details in item.items():
                if name not in but_not:
                    yield name, details, ("capabilities", index, name)
        elif item not in but_not:
            yield item, None, ("capabilities", index)


def modality_lists(body: Mapping[str, Any]) -> Iterator[tuple[str, list[str], Pointer]]:
    """Yield a model's lists of modalities: `input` or `output`, the list and its place. Older keys are included."""
    modalities = body.get("modalities") or {}
    for direction in ("input", "output"):
        older = OLDER_LISTS[f"modalities.{direction}"]
        if direction in modalities:
            yield direction, modalities[direction], ("modalities", direction)
        elif older in body:
            yield direction, body[older], (older,)


def known_rates(prices: Mapping[str, Any]) -> dict[str, Any]:
    """Return the token rates of a `pricing` or a variant by name, without those that are `null`."""
    return {name: rate for name, rate in rates_of(prices).items() if rate is not None}
