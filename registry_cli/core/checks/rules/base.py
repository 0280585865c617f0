"""What a rule is, and what it gets to see."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from registry_cli.core.catalog.fields import rates_of
from registry_cli.core.catalog.legacy import OLDER_LISTS
from registry_cli.core.catalog.vocabulary import Vocabulary
from registry_cli.core.checks.findings import Severity
from registry_cli.core.checks.report import Outline
from registry_cli.core.text.pointer import Pointer


class Problem(NamedTuple):
    """What a rule found: where in the document, and what is wrong there (the place itself is named by the caller).

    `of_key` asks for the line and column of the key instead of the value's. `severity` is for a problem that weighs
    less, or more, than others of its rule.
    """

    pointer: Pointer
    message: str
    of_key: bool = False
    severity: Severity | None = None


class WrittenModel(NamedTuple):
    """One model as written: `pointer` leads to it, `id` is its key."""

    pointer: Pointer
    id: str
    body: Mapping[str, Any]


class PriceTable(NamedTuple):
    """A price list or one of its variants: where it stands, its token rates and its prices of other units (`per`).
    `base` are the rates of the list, which hold where a variant states none. Rates of `null` are left out."""

    pointer: Pointer
    currency: str
    rates: Mapping[str, Any]
    base: Mapping[str, Any]
    per: Mapping[str, Any]


class PriceVariant(NamedTuple):
    """A variant of a model's price list as written: where it stands, whose it is, the whole `pricing`, the variant
    itself and its `when` (empty where it has none)."""

    pointer: Pointer
    entry: WrittenModel
    pricing: Mapping[str, Any]
    body: Mapping[str, Any]
    when: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ProviderFile:
    """One file's value with everything the schema refuses taken out, so that rules need not test for types.

    `stem` is the file's name without its ending, `on` the ISO day to judge by.
    """

    stem: str
    value: Mapping[str, Any]
    entries: Sequence[WrittenModel]
    vocabulary: Vocabulary
    on: str

    def priced(self) -> Iterator[tuple[WrittenModel, Mapping[str, Any]]]:
        """Every model that states prices, with them."""
        for entry in self.entries:
            pricing = entry.body.get("pricing")
            if pricing:
                yield entry, pricing

    def price_tables(self) -> Iterator["PriceTable"]:
        """The price list of every model, and each of its variants."""
        for entry, pricing in self.priced():
            at = (*entry.pointer, "pricing")
            currency, base = pricing.get("currency", "USD"), known_rates(pricing)
            yield PriceTable(at, currency, base, base, pricing.get("per") or {})
            for index, variant in enumerate(pricing.get("variants") or ()):
                place = (*at, "variants", index)
                yield PriceTable(place, currency, known_rates(variant), base, variant.get("per") or {})

    def price_variants(self) -> Iterator["PriceVariant"]:
        """The variants of every price list, in the order written."""
        for entry, pricing in self.priced():
            for index, body in enumerate(pricing.get("variants") or ()):
                place = (*entry.pointer, "pricing", "variants", index)
                yield PriceVariant(place, entry, pricing, body, body.get("when") or {})


def nothing(_: object) -> tuple[()]:
    """The check of a rule that has none of this kind."""
    return ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that is checked, and everything said about it: `docs/rules.md` and `--explain` are made of these.

    `bad` and `good` are whole files, which the tests run: `bad` must give exactly the findings that its comments
    `# <-` mark. An example of several files names each in a line of its own, `# acme.yml`.
    Either `check` (one file) or `check_catalog` (all of a folder, by stem) finds it; neither where the reader does.
    """

    code: str
    severity: Severity
    summary: str
    why: str
    fix: str
    bad: str = ""
    good: str = ""
    check: Callable[[ProviderFile], Iterable[Problem]] = nothing
    check_catalog: Callable[[Sequence[Outline]], Iterable[tuple[str, Problem]]] = nothing


def capabilities_of(body: Mapping[str, Any], *, but_not: Container[str] = ()) -> Iterator[tuple[str, Any, Pointer]]:
    """Every capability that a model states: its name as written, its details (None for a bare name) and where.

    Names of `but_not` are passed over.
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
    """The model's lists of modalities: `input` or `output`, the list and where it stands (older keys included)."""
    modalities = body.get("modalities") or {}
    for direction in ("input", "output"):
        older = OLDER_LISTS[f"modalities.{direction}"]
        if direction in modalities:
            yield direction, modalities[direction], ("modalities", direction)
        elif older in body:
            yield direction, body[older], (older,)


def known_rates(prices: Mapping[str, Any]) -> dict[str, Any]:
    """The token rates of a `pricing` or of one variant that are a number, by name."""
    return {name: rate for name, rate in rates_of(prices).items() if rate is not None}
