"""Figures of a model far off those that other providers have for the same base model.

Many such figures are right: a provider may be cheap, or give a model a short window. So only `llmreg audit --outliers`
shows them, and `validate` does not report them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any

from registry_cli.core.text.exact_json import format_plain

FIELDS = ("pricing.input", "pricing.output", "context_window", "release_date")
_LEAST_PROVIDERS = 4
_TIMES = 8
_DAYS = 365  # a provider may add a model years after its release, but not before
_THOUSANDS = (1_000, 1_000_000)
_NEAR = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Outlier:
    """A field of a model (`provider/id`) and its value; `typical` is the median of `providers` other providers."""

    model: str
    field: str
    value: Any
    typical: Any
    providers: int
    reason: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The compared values of one entry by field, prices in USD per 1M tokens. An absent field is not compared."""

    provider: str
    model: str
    base_model: str
    values: Mapping[str, Any]


def figures_of(provider: str, model: str, body: Mapping[str, Any]) -> Figures | None:
    """Return the figures of an entry, None without a base model. Prices of 0 and dates without a day are left out."""
    base_model = body.get("base_model")
    if not isinstance(base_model, str):
        return None
    values = {name: body.get(name) for name in ("context_window", "release_date")}
    pricing = body.get("pricing") or {}
    if pricing.get("currency", "USD") == "USD":
        values |= {f"pricing.{name}": pricing.get(name) for name in ("input", "output")}
    if len(values["release_date"] or "") != len("2026-01-15"):
        del values["release_date"]
    return Figures(provider, model, base_model, {name: value for name, value in values.items() if value})


def find_outliers(figures: Iterable[Figures]) -> Iterator[Outlier]:
    """Yield the outliers by base model and field; a field is compared with at least four other providers."""
    by_base_model: dict[str, list[Figures]] = {}
    for entry in figures:
        by_base_model.setdefault(entry.base_model, []).append(entry)
    for _, entries in sorted(by_base_model.items()):
        for field in FIELDS:
            yield from _outliers_of(field, [entry for entry in entries if field in entry.values])


def _outliers_of(field: str, entries: Sequence[Figures]) -> Iterator[Outlier]:
    of_provider: dict[str, list[Any]] = {}
    for entry in entries:
        of_provider.setdefault(entry.provider, []).append(_as_number(entry.values[field]))
    usual = {provider: median(values) for provider, values in of_provider.items()}
    if len(usual) <= _LEAST_PROVIDERS:
        return
    typical = {}
    for provider in usual:
        typical[provider] = median(value for other, value in usual.items() if other != provider)
    for entry in entries:
        reason = _explain_outlier(field, _as_number(entry.values[field]), typical[entry.provider])
        if reason:
            name = f"{entry.provider}/{entry.model}"
            shown = _format_typical(field, typical[entry.provider])
            yield Outlier(name, field, entry.values[field], shown, len(usual) - 1, reason)


def _explain_outlier(field: str, value: Any, typical: Any) -> str | None:
    if field == "release_date":
        return f"{typical - value:.0f} days before the others" if typical - value > _DAYS else None
    ratio = Decimal(value) / Decimal(typical)
    if 1 / Decimal(_TIMES) <= ratio <= _TIMES:
        return None
    larger = ratio if ratio > 1 else 1 / ratio
    rounded = format_plain(round(larger, 1))
    times = f"{rounded} times the others'" if ratio > 1 else f"1/{rounded} of the others'"
    in_other_unit = any(abs(larger / factor - 1) < _NEAR for factor in _THOUSANDS)
    return f"{times}: another unit?" if in_other_unit else times


def _as_number(value: Any) -> Any:
    return date.fromisoformat(value).toordinal() if isinstance(value, str) else value


def _format_typical(field: str, typical: Any) -> Any:
    return date.fromordinal(int(typical)).isoformat() if field == "release_date" else typical
