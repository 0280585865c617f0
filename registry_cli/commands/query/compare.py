"""`compare`: models side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry_cli.commands.query.find import Found, find_model
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.core.catalog.absent import ABSENT
from registry_cli.core.catalog.fields import ENDING, IDENTITY, KNOWLEDGE, LIMITS, RATES, RELEASE, USE, fields_in
from registry_cli.core.query.columns import value_at
from registry_cli.core.query.table import Table
from registry_cli.core.query.wording import amount, fact
from registry_cli.errors import UsageError

DIFFERS = "*"
_LIMITS = tuple(field.path for field in fields_in(LIMITS) if field.is_compared)
_FIELDS = tuple(field.path for field in fields_in(USE, IDENTITY, RELEASE, KNOWLEDGE, ENDING) if field.is_compared)


@dataclass(frozen=True, slots=True)
class ComparedModels:
    """`table` has a row a fact: its name, `*` where the models differ, then each model's value. Facts that none of
    them states are left out. `notices` say how names were read, which models are deprecated or retired, and what is a
    person's own."""

    table: Table
    differences: tuple[str, ...]
    notices: tuple[str, ...]


def compare(asked: OpenCatalog, texts: list[str], day: str, *, only_differences: bool = False) -> ComparedModels:
    """Raises `UsageError` for fewer than two different models or an unknown one."""
    found = list({one.name: one for one in (find_model(asked, text, day) for text in texts)}.values())
    if len(found) < 2:  # noqa: PLR2004
        raise UsageError("compare needs two different models")
    facts = {name: values for name, values in _facts(found) if any(values)}
    differing = tuple(name for name, values in facts.items() if len(set(values)) > 1)
    return ComparedModels(
        Table(
            ("fact", "differs", *(str(one.name) for one in found)),
            [
                (name, DIFFERS if name in differing else "", *values)
                for name, values in facts.items()
                if name in differing or not only_differences
            ],
            documents=[one.document for one in found],
        ),
        differing,
        (
            *(one.assumption for one in found if one.assumption),
            *(f"{one.name}: {notice}" for one in found for notice in (one.notice, _own(one), one.own_prices) if notice),
        ),
    )


def _own(one: Found) -> str | None:
    if one.own == ("*",):
        return "from your own models"
    return f"{', '.join(one.own)} from your own models" if one.own else None


def _facts(found: list[Found]) -> Iterator[tuple[str, list[str | None]]]:
    """Each fact's value in words for every model, None where it is unknown."""
    yield "status", [one.status for one in found]
    for name in _LIMITS:
        yield name, [_field(one, name) for one in found]
    for rate in RATES:
        yield f"price.{rate}", [_price(one, rate) for one in found]
    for name in _FIELDS:
        yield name, [_field(one, name) for one in found]
    capabilities = [_capabilities(one) for one in found]
    for name in sorted({name for names in capabilities for name in names}):
        yield f"capabilities.{name}", [names.get(name) for names in capabilities]


def _price(one: Found, rate: str) -> str | None:
    return amount(one.price[rate], one.price["currency"]) if rate in one.price else None


def _field(one: Found, name: str) -> str | None:
    value = value_at(one.body, name.split("."))
    return None if value is ABSENT else fact(value)


def _capabilities(one: Found) -> dict[str, str]:
    """`yes`, stated or derived, and `no`; a capability that the entry does not speak of is unknown."""
    details = one.body.get("capability_details") or {}
    denied = (name for name, detail in details.items() if detail == {"supported": False})
    has = (*one.body.get("capabilities", ()), *one.body.get("derived_capabilities", ()))
    return dict.fromkeys(has, "yes") | dict.fromkeys(denied, "no")
