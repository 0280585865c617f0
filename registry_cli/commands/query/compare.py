"""`compare`: models side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry_cli.commands.query.find import FoundModel, find_model
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.format.fields import ENDING, IDENTITY, KNOWLEDGE, LIMITS, RATES, RELEASE, USE, fields_in
from registry_cli.core.query.columns import value_at
from registry_cli.core.query.table import Table
from registry_cli.core.query.wording import format_amount, format_fact
from registry_cli.errors import UsageError

DIFFERS = "*"
_LIMITS = tuple(field.path for field in fields_in(LIMITS) if field.is_compared)
_FIELDS = tuple(field.path for field in fields_in(USE, IDENTITY, RELEASE, KNOWLEDGE, ENDING) if field.is_compared)


@dataclass(frozen=True, slots=True)
class ComparedModels:
    """Models side by side.

    `table` has a row for each fact: its name, `*` if the models differ, then each model's value. It leaves out facts
    that none of them states. `notices` say how names were read, which models are deprecated or retired, and what
    comes from the user's own models.
    """

    table: Table
    differences: tuple[str, ...]
    notices: tuple[str, ...]


def compare_models(asked: OpenCatalog, texts: list[str], day: str, *, only_differences: bool = False) -> ComparedModels:
    """Return the models side by side on an ISO day.

    Raises `UsageError` for fewer than two different models or an unknown one.
    """
    models = [find_model(asked, text, day) for text in texts]
    found = list({one.name: one for one in models}.values())
    if len(found) < 2:  # noqa: PLR2004
        raise UsageError("compare needs two different models")
    facts = {name: values for name, values in _compared_facts(found) if any(values)}
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
        tuple(_notices(found)),
    )


def _notices(models: list[FoundModel]) -> Iterator[str]:
    for model in models:
        if model.assumption:
            yield model.assumption
    for model in models:
        for notice in (model.notice, _own_models_note(model), model.own_prices):
            if notice:
                yield f"{model.name}: {notice}"


def _own_models_note(one: FoundModel) -> str | None:
    if one.own == ("*",):
        return "from your own models"
    return f"{', '.join(one.own)} from your own models" if one.own else None


def _compared_facts(found: list[FoundModel]) -> Iterator[tuple[str, list[str | None]]]:
    """Yield each fact with its value in words for every model, None if it is unknown."""
    yield "status", [one.status for one in found]
    for name in _LIMITS:
        yield name, [_field_text(one, name) for one in found]
    for rate in RATES:
        yield f"price.{rate}", [_price_text(one, rate) for one in found]
    for name in _FIELDS:
        yield name, [_field_text(one, name) for one in found]
    capabilities = [_capability_answers(one) for one in found]
    for name in sorted({name for names in capabilities for name in names}):
        yield f"capabilities.{name}", [names.get(name) for names in capabilities]


def _price_text(one: FoundModel, rate: str) -> str | None:
    return format_amount(one.price[rate], one.price["currency"]) if rate in one.price else None


def _field_text(one: FoundModel, name: str) -> str | None:
    value = value_at(one.body, name.split("."))
    return None if value is ABSENT else format_fact(value)


def _capability_answers(one: FoundModel) -> dict[str, str]:
    """Return `yes` (stated or derived) or `no` by capability; one that the entry does not mention is unknown."""
    details = one.body.get("capability_details") or {}
    denied = (name for name, detail in details.items() if detail == {"supported": False})
    has = (*one.body.get("capabilities", ()), *one.body.get("derived_capabilities", ()))
    return dict.fromkeys(has, "yes") | dict.fromkeys(denied, "no")
