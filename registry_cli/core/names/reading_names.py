"""Names as people write them, for commands that only read the catalog.

They accept more than `names.resolve_model`. Case does not matter, nor do differences between `.`, `_` and `-`, as long
as one model matches. An ID that several providers offer means its creator's own listing. A dated ID, as in responses
(`gpt-5.2-20251211`), means the listed model of that date, or the undated one if no date of it is listed. LiteLLM's key
of a region's or a size's price (`azure/eu/gpt-4o`) means the model.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from registry_cli.core.names.names import (
    ModelName,
    Names,
    exact_pattern,
    fold_name,
    model_at,
    own_listing,
    resolve_model,
    resolve_provider,
)
from registry_cli.errors import AmbiguousNameError

_DATED = re.compile(r"(.+?)[-@](20[0-9]{2})-?([01][0-9])-?([0-3][0-9])")
_ANY_DATE = "[-@]20[0-9][0-9]*"


class Resolved(NamedTuple):
    """A model, and a note about the assumption that found it, if the text does not name it exactly."""

    name: ModelName
    note: str | None = None


def resolve_for_reading(names: Names, text: str) -> Resolved:
    """Return the model that a text names. Raises as `names.resolve_model`, also if several models match."""
    prefix, slash, rest = text.partition("/")
    provider = names.provider(prefix) if slash else None
    if slash and provider is None and not names.hosts(text):
        provider = find_provider(names, prefix)
    if provider is None:
        return _find_anywhere(names, text) or Resolved(resolve_model(names, text))
    for name in dict.fromkeys((rest, rest.removeprefix(f"{prefix}/"))):  # in ids of LiteLLM the provider stands twice
        found = _find_at(names, provider, f"{provider}/{name}")
        if found is not None:
            return found
    elsewhere = names.hosts(text) if _DATED.fullmatch(text) else []
    if len(elsewhere) == 1:
        return Resolved(elsewhere[0], f"{provider} has no model {rest}; using {elsewhere[0]}")
    return Resolved(resolve_model(names, f"{provider}/{rest}"))


def find_provider(names: Names, text: str) -> str | None:
    """Return the ID of the provider that a text names, None for none. Raises `AmbiguousNameError` if several have the
    alias."""
    exact = names.provider(text)
    if exact is not None:
        return exact
    alike = [provider for provider in names.all_providers() if fold_name(provider) == fold_name(text)]
    return alike[0] if len(alike) == 1 else None


def resolve_provider_for_reading(names: Names, text: str) -> str:
    """Return the ID of the provider that a text names. Raises `UnknownNameError` with similar names."""
    return find_provider(names, text) or resolve_provider(names, text)


def _find_at(names: Names, provider: str, text: str) -> Resolved | None:
    """Return the model of a provider that `PROVIDER/REST` names."""
    exact = model_at(names, provider, text)
    if exact is not None:
        return Resolved(exact)
    rest = text.partition("/")[2]
    for spelling in (rest, text, *_other_dates(rest)):
        alike = names.spelled_like(provider, exact_pattern(spelling))
        if alike:
            return Resolved(_sole_model(text, alike))
    return _find_routed(names, provider, rest) or _find_undated(names, provider, rest)


def _find_anywhere(names: Names, text: str) -> Resolved | None:
    """Return the model that an ID without its provider names, None for none or for several."""
    for spelling in (text, *_other_dates(text)):
        exact, alike = names.hosts(spelling), names.spelled_like(None, exact_pattern(spelling))
        if len(alike) > 1 and (own := own_listing(names, exact) or own_listing(names, alike)):
            at_creator = [name for name in alike if name.provider == own.provider]
            model = own if own in exact else _sole_model(text, at_creator)
            count = len({name.provider for name in alike}) - 1
            others = f"; {count} other provider{'s have' * (count > 1) or ' has'} it too" if count else ""
            return Resolved(model, f"{text}: using {model}, its creator's own listing{others}")
        found = exact or alike
        if found:
            return Resolved(found[0]) if len(found) == 1 else None
    return _find_undated(names, None, text)


def _find_undated(names: Names, provider: str | None, text: str) -> Resolved | None:
    """Return the model that a dated ID names without its date, with a note. None if another date of it is listed."""
    dated = _DATED.fullmatch(text)
    if dated is None:
        return None
    stem = dated[1]
    found = _find_at(names, provider, f"{provider}/{stem}") if provider else _find_anywhere(names, stem)
    if found is None or names.spelled_like(found.name.provider, exact_pattern(stem) + _ANY_DATE):
        return None
    return Resolved(found.name, f"{text}: this date is not listed; using {found.name}")


def _find_routed(names: Names, provider: str, text: str) -> Resolved | None:
    """Return the model that LiteLLM's key of a region's or a size's price means, with a note."""
    from registry_cli.core.names.routes import without_route  # noqa: PLC0415  # for names that nothing else matches

    model_id = without_route(provider, text)
    found = _find_at(names, provider, f"{provider}/{model_id}") if model_id != text else None
    if found is None or found.name.id == text.removeprefix(f"{provider}/"):
        return found
    return Resolved(found.name, f"{text}: the key of one price; using {found.name}")


def _other_dates(text: str) -> Iterator[str]:
    """Yield the spellings of a dated ID: `m-20251211`, `m-2025-12-11`, `m@20251211`."""
    dated = _DATED.fullmatch(text)
    if dated:
        stem, year, month, day = dated.groups()
        yield f"{stem}-{year}-{month}-{day}"
        yield f"{stem}-{year}{month}{day}"
        yield f"{stem}@{year}{month}{day}"


def _sole_model(text: str, alike: list[ModelName]) -> ModelName:
    if len(alike) > 1:
        raise AmbiguousNameError(f"{text} may be {' or '.join(map(str, alike))}: write the id that is meant")
    return alike[0]
