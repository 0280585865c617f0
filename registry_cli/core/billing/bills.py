"""Bills: the cost of calls to one model, part by part, and how certain the total is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Context, Decimal
from functools import cached_property
from typing import NamedTuple

from registry_cli.core.catalog.models import OwnPrice, Variant
from registry_cli.core.text.exact_json import format_plain

EXACT = Context(prec=60)  # digits: no product of a count, a rate and a few factors has more
ZERO = Decimal(0)
DAYS_A_MONTH = Decimal(30)
MONTHS_A_YEAR = Decimal(12)
_AVERAGES = Context(prec=20)
# Methods looked up once: a bill spends most of its time in them.
add, multiply, normalize = EXACT.add, EXACT.multiply, EXACT.normalize


class Part(NamedTuple):
    """One kind of tokens or units that was used: `name` is a rate or `per.UNIT`, `priced_as` the rate that was billed.

    `price` is in the currency of the bill, per 1M tokens or per unit. It is None if unknown (`cost` is None too) or if
    it does not apply (`cost` is 0). `note` explains a price that replaces a missing one. `is_estimate` means that the
    true price probably differs.
    """

    name: str
    count: Decimal  # type: ignore[assignment]  # hides the tuple's method, which is of no use here
    priced_as: str
    price: Decimal | None
    cost: Decimal | None
    note: str | None = None
    is_estimate: bool = False


class Remarks(NamedTuple):
    """Warnings and notes beside a bill."""

    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass  # not frozen: a frozen one takes three times as long to make, which is a tenth of a bill
class Bill:
    """The cost of one call, or of several together, at one model.

    The total is a lower bound if something is `unknown`. It is an estimate, too high or too low, if `estimates` has a
    reason. `held` are the price variants that applied.
    """

    model: str
    currency: str
    total: Decimal
    parts: tuple[Part, ...]
    unknown: tuple[str, ...] = ()
    estimates: tuple[str, ...] = ()
    held: tuple[Variant, ...] = ()
    calls: int = 1
    per: str | None = None  # the period in which the calls are made: day, month
    own_price: OwnPrice | None = None  # set if the prices are not list prices
    remark: Callable[["Bill"], Remarks] = field(default=lambda _: Remarks(), repr=False, compare=False)

    @property
    def exact(self) -> bool:
        return not self.unknown and not self.estimates

    @property
    def per_call(self) -> Decimal:
        """The average cost of one call."""
        return strip_zeros(_AVERAGES.divide(self.total, Decimal(self.calls)))

    @property
    def per_month(self) -> Decimal | None:
        """The cost of a month, taken as 30 days for daily calls; None if the calls have no period."""
        if self.per is None:
            return None
        return strip_zeros(multiply(self.total, DAYS_A_MONTH)) if self.per == "day" else self.total

    @property
    def per_year(self) -> Decimal | None:
        """The cost of twelve months; None if the calls have no period."""
        month = self.per_month
        return None if month is None else strip_zeros(multiply(month, MONTHS_A_YEAR))

    @property
    def known(self) -> str:
        """The total as text: `$0.602`, `0.602 EUR`."""
        return self.write(self.total)

    def write(self, amount: Decimal) -> str:
        """An amount in the currency of the bill: `$0.602`, `0.602 EUR`."""
        return f"${format_plain(amount)}" if self.currency == "USD" else f"{format_plain(amount)} {self.currency}"

    @property
    def certainty(self) -> str | None:
        """How certain the total is: `about` or `at least`; None if it is exact."""
        if self.exact:
            return None
        return "about" if self.estimates else "at least"

    @cached_property
    def _remarks(self) -> Remarks:
        return self.remark(
            self
        )  # on demand: notes take longer than the bill, and most bills of a long list are not shown

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why the calls may not be what the user means, such as one that no context window holds."""
        return self._remarks.warnings

    @property
    def notes(self) -> tuple[str, ...]:
        """Prices that replaced missing ones, prices that do not apply, and conditions that would change the total."""
        return self._remarks.notes

    def __str__(self) -> str:
        unknown = f", unknown: {', '.join(self.unknown)}" if self.unknown else ""
        return " ".join(filter(None, (self.certainty, self.known))) + unknown


def strip_zeros(number: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    return add(normalize(number), ZERO)


def unique_texts(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def add_bills(bills: Sequence[Bill]) -> Bill:
    """Return the bills of one model as one bill, with parts of the same kind and price added up."""
    parts: dict[tuple[str, str, Decimal | None], Part] = {}
    held: list[Variant] = []
    total = ZERO
    for bill in bills:
        total = add(total, bill.total)
        held += [variant for variant in bill.held if variant not in held]
        for part in bill.parts:
            key = (part.name, part.priced_as, part.price)
            parts[key] = _add_parts(parts[key], part) if key in parts else part
    return Bill(
        bills[0].model,
        bills[0].currency,
        strip_zeros(total),
        tuple(parts.values()),
        unique_texts(name for bill in bills for name in bill.unknown),
        unique_texts(reason for bill in bills for reason in bill.estimates),
        tuple(held),
        sum(bill.calls for bill in bills),
        own_price=bills[0].own_price,
    )


def multiply_bill(bill: Bill, times: int) -> Bill:
    """Return the bill of the same calls, made so many times."""
    return replace(
        bill,
        total=strip_zeros(multiply(bill.total, Decimal(times))),
        parts=tuple(_multiply_part(part, Decimal(times)) for part in bill.parts),
        calls=bill.calls * times,
    )


def _add_parts(left: Part, right: Part) -> Part:
    amount = None if left.cost is None or right.cost is None else strip_zeros(add(left.cost, right.cost))
    return left._replace(count=add(left.count, right.count), cost=amount)


def _multiply_part(part: Part, times: Decimal) -> Part:
    amount = None if part.cost is None else strip_zeros(multiply(part.cost, times))
    return part._replace(count=multiply(part.count, times), cost=amount)
