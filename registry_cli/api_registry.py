"""One catalog, as the Python API answers from it. See `registry_cli.api`."""

import os
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from registry_cli import clock
from registry_cli.api_types import (
    Comparison,
    ModelConfig,
    warn_if_outdated,
    warn_of_assumption,
    warn_of_unknown_keys,
)
from registry_cli.core.billing.bills import Bill
from registry_cli.core.billing.call_conditions import Conditions, parse_time
from registry_cli.core.billing.call_plan import PlannedCall, check_calls, plan_usage
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.billing.service_tiers import check_tier, tiers_of
from registry_cli.core.catalog.build import build_model
from registry_cli.core.catalog.models import Catalog, Model, Provider, Rates, status_on
from registry_cli.core.names.names import CatalogNames
from registry_cli.core.names.reading_names import resolve_for_reading, resolve_provider_for_reading
from registry_cli.core.pricing.rates import headline_rates
from registry_cli.core.query.evaluate import select_models
from registry_cli.core.query.filters import Filters, Selection, canonical_capability, parse_order
from registry_cli.core.query.words import parse_words
from registry_cli.core.responses.call import read_call
from registry_cli.errors import UsageError
from registry_cli.store.cache.price_files import NO_PRICES, find_price_files
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.locate import find_catalog_to_read, find_overlay
from registry_cli.store.catalog.provider_files import ProviderFiles, files_digest, group_by_provider, provider_files

if TYPE_CHECKING:
    from registry_cli.commands.billing.pricing_basis import PricingBasis
    from registry_cli.commands.history.changelog import Changelog
    from registry_cli.commands.query.local_model import LocalModel
    from registry_cli.core.history.price_spans import PriceSpan
    from registry_cli.store.timeline.timeline import Event

Price = Decimal | float | int
Range = tuple[Price, Price]


class Registry:
    """One catalog, read provider by provider as they are asked for, and again only where files changed."""

    def __init__(
        self,
        catalog: str | Path | None = None,
        *,
        overlay: str | Path | None = None,
        at: str | None = None,
        list_prices: bool = False,
    ) -> None:
        """With `at` the catalog is as it was at a revision of its repository, or at the end of a day (2026-01-15, UTC),
        and no overlay lies over it; raises `GitError` where there is no such past to read. Prices are your own where
        settings state them (`prices:` in `llmreg.yml`), unless `list_prices` are wanted."""
        place = find_catalog_to_read(Path(catalog) if catalog else None, cwd=Path.cwd(), environ=os.environ)
        self._root = place.root
        self._overlay = Path(overlay) if overlay else find_overlay(os.environ)
        environ = {**os.environ, "LLMREG_OVERLAY": str(overlay)} if overlay else os.environ
        self._price_files = NO_PRICES if list_prices else find_price_files(place, environ)
        self._at = at
        self._commit: str | None = None  # of the past
        self._reader = Reader()
        self._files: dict[str, ProviderFiles] = {}
        self._providers: dict[str, Provider] = {}
        self._names_at: dict[str, CatalogNames] = {}  # of one provider each
        self._names: CatalogNames | None = None
        self._tiers: frozenset[str] | None = None  # of all models, once one was asked for
        self._prices: dict[str, ModelPrice] = {}  # by the name that was asked for
        self.reload_config()

    def reload_config(self) -> bool:
        """Reads again what changed on disk since the last reading; True if anything did. Costs a hash of each file."""
        files = {entry.id: entry for entry in self._read_files()}
        stale = {entry.id for entry in self._files.values() if files.get(entry.id) != entry}
        changed = bool(stale) or files.keys() != self._files.keys()
        self._files = files
        if changed:
            for provider_id in stale:
                self._providers.pop(provider_id, None)
                self._names_at.pop(provider_id, None)
            self._names = None
            self._prices.clear()
            self._tiers = None
        return changed

    @property
    def catalog(self) -> Catalog:
        """Every provider, typed."""
        return Catalog({provider_id: self._load_provider(provider_id) for provider_id in self._files})

    def list_all(self) -> list[Model]:
        """Every model of every provider, deprecated and retired ones included."""
        return list(self.catalog.models())

    def list_for_provider(self, provider: str) -> list[Model]:
        return list(self._find_provider(provider).models.values())

    def list_providers(self) -> list[str]:
        return list(self._files)

    def get_info(self, provider: str, model: str | None = None) -> Model:
        """One model: `get_info("openai", "gpt-4o")` or `get_info("openai/gpt-4o")`; aliases resolve.

        Warns with `DeprecatedModelWarning` where it should not be used any more.
        """
        found = self._find_model(provider, model)
        warn_if_outdated(found, _iso_day(None))
        return found

    def find_by_capabilities(self, capabilities: Iterable[str], *, deprecated: bool = False) -> list[Model]:
        """Models with all of these capabilities, in any spelling the vocabulary knows. A name that it lacks must be a
        capability of some entry."""
        return self._select_models(
            Filters(capabilities=self._canonical_capabilities(capabilities), deprecated=deprecated), by="full_id"
        )

    def find_by_words(
        self, words: str | Iterable[str], filters: Filters | None = None, *, on: date | None = None
    ) -> list[Model]:
        """Models with all of these words in id, name, family or provider, the best match first, then the cheapest.

        For example `find_by_words("claude opus", Filters(capabilities=("vision",), max_input=5))`.
        """
        wanted = filters or Filters()
        wanted = wanted._replace(
            words=parse_words([words] if isinstance(words, str) else words),
            capabilities=self._canonical_capabilities(wanted.capabilities),
            providers=tuple(self._find_provider(name).id for name in wanted.providers),
        )
        return select_models(self.catalog.models(), Selection(wanted, parse_order([], words=True)), _iso_day(on))

    def find_by_min_context(self, tokens: int, *, deprecated: bool = False) -> list[Model]:
        """Models with at least this context window, the largest first."""
        return self._select_models(Filters(min_context=tokens, deprecated=deprecated), by="-context")

    def find_by_cost_range(
        self,
        input: Range | None = None,  # noqa: A002  # ExLLM's word
        output: Range | None = None,
        *,
        on: date | None = None,
        deprecated: bool = False,
    ) -> list[Model]:
        """Models whose headline prices in USD lie in these ranges, bounds included, the cheapest first."""
        filters = Filters(
            min_input=input and float(input[0]),
            max_input=input and float(input[1]),
            min_output=output and float(output[0]),
            max_output=output and float(output[1]),
            deprecated=deprecated,
        )
        return self._select_models(filters, by="price", on=on)

    def compare(self, models: Iterable[str]) -> Comparison:
        """Models side by side, each named as `provider/id`, or by its id alone where that is unique."""
        chosen = tuple(self._find_model(name, None) for name in models)
        return Comparison(
            chosen,
            capabilities={model.full_id: tuple(sorted(model.capabilities)) for model in chosen},
            pricing={model.full_id: headline_rates(model, _iso_day(None)) for model in chosen},
            context_windows={model.full_id: model.context_window for model in chosen},
        )

    def get_default(self, provider: str) -> Model:
        """The provider's default model; raises `UsageError` where it states none. Warns as `get_info`."""
        entry = self._find_provider(provider)
        if entry.default_model is None:
            raise UsageError(f"{entry.id} states no default model")
        return self.get_info(entry.id, entry.default_model)

    def get_default_model(self, provider: str) -> str:
        """The id of `get_default`."""
        return self.get_default(provider).id

    def get_all_models(self, provider: str) -> Mapping[str, Model]:
        """A provider's models by their ids."""
        return self._find_provider(provider).models

    def get_pricing(self, provider: str, model: str, *, on: date | None = None) -> Rates:
        """Headline rates on a day (today), in the currency of the model's pricing; a missing key is unknown."""
        return headline_rates(self.get_info(provider, model), _iso_day(on))

    def get_context_window(self, provider: str, model: str) -> int | None:
        return self.get_info(provider, model).context_window

    def get_max_output_tokens(self, provider: str, model: str) -> int | None:
        return self.get_info(provider, model).max_output_tokens

    def get_capabilities(self, provider: str, model: str) -> list[str]:
        """Canonical names in alphabetical order."""
        return sorted(self.get_info(provider, model).capabilities)

    def get_model_config_with_defaults(self, provider: str, model: str) -> ModelConfig:
        """A model's limits and capabilities, with gaps (or a whole unknown model, as local servers have them) filled
        from the provider's `defaults:`. What a local provider's file does not know its server is asked for, at most
        once an hour. Raises `UsageError` where neither the model nor defaults are known."""
        entry = self._find_provider(provider)
        names = self._names_of(entry)
        known = names.model(entry.id, model)
        local = self._find_local(entry, names, model) if known is None and entry.billing == "local" else None
        if known is None and local is None and not entry.defaults:
            self._find_model(entry.id, model)  # raises, naming the nearest
        own: Mapping[str, Any] = entry.models[known].body if known is not None else local.facts if local else {}
        assumed = build_model(entry.id, model, {**entry.defaults, **own}, entry.billing, self._reader.vocabulary)
        filled = "both" if entry.defaults.keys() - own.keys() else "catalog"
        return ModelConfig(
            assumed.context_window,
            assumed.max_output_tokens,
            tuple(sorted(assumed.capabilities)),
            headline_rates(entry.models[known], _iso_day(None)) if known is not None else {},
            local.origin if local else "defaults" if known is None else filled,
        )

    def _find_local(self, entry: Provider, names: CatalogNames, model: str) -> "LocalModel | None":
        from registry_cli.commands.query.local_model import read_local_model  # noqa: PLC0415  # asks a server

        def find_entry(other: str) -> Mapping[str, Any] | None:
            known = names.model(entry.id, other)
            return entry.models[known].body if known is not None else None

        try:
            return read_local_model(entry.id, model, entry.body, find_entry)
        except UsageError:
            return None

    def cost(
        self,
        model: str,
        usage: Mapping[str, Any] | None = None,
        /,
        *,
        tier: str | None = None,
        region: str | None = None,
        on: date | None = None,
        time: str | None = None,
        monthly_tokens: int | None = None,
        size: str | None = None,
        quality: str | None = None,
        resolution: str | None = None,
        calls: int = 1,
        per: str | None = None,
        units: Mapping[str, Price] | None = None,
        **counts: Price | str,
    ) -> Bill:
        """What calls cost on a day (today), exactly: `cost("openai/gpt-4o", input=250_000, cached="60%", calls=200)`.

        `usage` is a provider's response, or its usage block; otherwise `counts` are those of `core.billing.usage`,
        inclusive: `cached` is part of `input`, in tokens or as a percentage. `calls` says how many such calls there
        are, `per` (`day` or `month`) in which period. The total is a lower bound where something is `unknown`, and an
        estimate where the bill has `estimates`. Raises `UsageError` for a service tier that no model has a price for.
        """
        price = self._price_of(model)
        conditions = Conditions(
            _iso_day(on), parse_time(time, "time"), monthly_tokens, tier, region, size, quality, resolution
        )
        if tier and not price.has_tier(conditions):
            self._check_tier(conditions)
        if usage is None:
            used = plan_usage(counts, units)
        elif counts or units:
            raise UsageError("cost: give a usage block or counts, not both")
        else:
            call = read_call(usage)
            used = call.own_usage
            conditions = conditions.filled_from(call.service_tier, call.region)
        if check_calls(calls, per) == 1 and per is None:
            return price.bill_call(used, conditions)
        return PlannedCall(used, conditions, calls, per).bill_at(price)

    def pricing_basis(self, *, on: date | None = None) -> "PricingBasis":
        """What bills of a day (today) are based on, so that they can be repeated. Reads every provider."""
        from registry_cli.commands.billing.pricing_basis import PricingBasis, find_commit  # noqa: PLC0415  # asks git

        files = list(self._files.values())
        commit = self._commit if self._at else find_commit(self._root, files, os.environ)
        changed = max((model.updated_at for model in self.list_all() if model.updated_at), default=None)
        return PricingBasis(_iso_day(on), changed and changed[:10], commit, f"sha256:{files_digest(files)}")

    def _check_tier(self, conditions: Conditions) -> None:
        """Raises `UsageError` where no model of the catalog has a price for the service tier."""
        if self._tiers is None:
            self._tiers = frozenset(tier for model in self.catalog.models() for tier in tiers_of(model))
        check_tier(conditions.special_tier, self._tiers)

    def get_status(self, provider: str, model: str | None = None, *, on: date | None = None) -> str:
        """`preview`, `active`, `deprecated`, `unlisted` or `retired` as of a day (today)."""
        return status_on(self._find_model(provider, model), _iso_day(on))

    def history(self, model: str) -> "list[Event]":
        """What git says of a model: every change of it with its commit, the oldest first, under whatever ids it had.

        Raises `GitError` where there is no history, or only a part of it.
        """
        from registry_cli.commands.history.open import open_history  # noqa: PLC0415  # git, for the past alone

        with open_history(self._root) as past:
            name, assumption = past.resolve(model)
            warn_of_assumption(assumption)
            return past.lineage(name)

    def changelog(self, since: str | None = None) -> "Changelog":
        """What changed from `SINCE` to the files as they are, or from `A` to `B` (`"v1..v2"`, days too); by default
        since the last tag, where there is none in the last 30 days."""
        from registry_cli.commands.history.changelog import summarize_range  # noqa: PLC0415  # git, for the past alone

        return summarize_range(since, catalog=self._root, now=clock.current_time(), cwd=Path.cwd(), environ=os.environ)

    def price_history(self, model: str) -> "list[PriceSpan]":
        """The spans of days in which each price of a model held, by effective dates where the catalog states them."""
        from registry_cli.core.history.price_spans import price_spans  # noqa: PLC0415  # for the past alone

        return price_spans(self.history(model))

    def _read_files(self) -> list[ProviderFiles]:
        if self._at is None:
            return provider_files(self._root, self._overlay, self._price_files.read_prices())
        from registry_cli.commands.query.snapshot import read_snapshot  # noqa: PLC0415  # git, for the past alone

        snapshot = read_snapshot(self._root, self._at, os.environ)
        self._commit = snapshot.commit
        own_prices = None if self._price_files == NO_PRICES else snapshot.own_prices
        return group_by_provider(snapshot.files, own_prices=own_prices)

    def _load_provider(self, provider_id: str) -> Provider:
        if provider_id not in self._providers:
            provider = self._reader.read_provider(self._files[provider_id])
            warn_of_unknown_keys(provider)
            self._providers[provider_id] = provider
        return self._providers[provider_id]

    def _find_provider(self, name: str) -> Provider:
        return self._load_provider(
            name if name in self._files else resolve_provider_for_reading(self._all_names(), name)
        )

    def _find_model(self, provider: str, model: str | None) -> Model:
        if model is not None and provider in self._files:
            entry = self._load_provider(provider)  # the common case reads one provider's files
            if (known := self._names_of(entry).model(provider, model)) is not None:
                return entry.models[known]
        text = provider if model is None else f"{provider}/{model}"
        name, assumption = resolve_for_reading(self._all_names(), text)
        warn_of_assumption(assumption)
        return self._load_provider(name.provider).models[name.id]

    def _price_of(self, name: str) -> ModelPrice:
        if name not in self._prices:
            self._prices[name] = ModelPrice(self._find_model(name, None))
        return self._prices[name]

    def _names_of(self, entry: Provider) -> CatalogNames:
        if entry.id not in self._names_at:
            self._names_at[entry.id] = CatalogNames(Catalog({entry.id: entry}))
        return self._names_at[entry.id]

    def _all_names(self) -> CatalogNames:
        if self._names is None:
            self._names = CatalogNames(self.catalog)
        return self._names

    def _select_models(self, filters: Filters, *, by: str, on: date | None = None) -> list[Model]:
        return select_models(self.catalog.models(), Selection(filters, parse_order([by])), _iso_day(on))

    def _canonical_capabilities(self, capabilities: Iterable[str]) -> tuple[str, ...]:
        spellings = self._reader.vocabulary.spellings
        return tuple(canonical_capability(name, spellings, self._is_capability) for name in capabilities)

    def _is_capability(self, name: str) -> bool:
        return any(name in model.capabilities for model in self.catalog.models())


def _iso_day(on: date | None) -> str:
    return clock.current_day() if on is None else on.isoformat()
