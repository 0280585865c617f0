"""One catalog, as the Python API answers from it. See `registry_cli.api`."""

import os
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from registry_cli import clock
from registry_cli.api_state import CatalogState, SharedReader
from registry_cli.api_types import (
    Comparison,
    ModelConfig,
    warn_if_outdated,
    warn_of_assumption,
)
from registry_cli.core.billing.bills import Bill
from registry_cli.core.billing.call_conditions import Conditions, parse_time
from registry_cli.core.billing.call_plan import PlannedCall, check_calls, plan_usage
from registry_cli.core.billing.service_tiers import check_tier
from registry_cli.core.catalog.build import build_model
from registry_cli.core.catalog.models import Catalog, Model, Provider, Rates, status_on
from registry_cli.core.names.names import CatalogNames
from registry_cli.core.pricing.rates import headline_rates
from registry_cli.core.query.evaluate import select_models
from registry_cli.core.query.filters import Filters, Selection, canonical_capability, parse_order
from registry_cli.core.query.words import parse_words
from registry_cli.core.responses.call import read_call
from registry_cli.errors import FileError, UsageError
from registry_cli.store.cache.price_files import NO_PRICES, find_price_files
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
_READINGS = 5  # at most, of files that changed, until two are equal
_PAUSE, _PAUSE_IF_GONE = 0.05, 1.0  # seconds between two; a file is seldom removed, and often put back


class Registry:
    """One catalog, read provider by provider as they are asked for, and again only where files changed.

    Threads may share it. Entries cannot be changed.
    """

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
        self._reloading = Lock()
        self._state = CatalogState(SharedReader(), *self._read_files())

    def reload_config(self) -> bool:
        """Reads again what changed on disk since the last reading; True if anything did. Costs a hash of each file.

        The changed files are read completely before anything is answered from them. Raises `FileError` where one of
        them cannot be used, or is being written; answers then come from the files as they were, and other threads
        never notice. So does a catalog of which every file is gone.
        """
        with self._reloading:
            state = self._state
            files, commit = self._read_settled_files(state)
            if files == state.files:
                return False
            if state.files and not files:
                raise FileError(str(self._root), "there is no provider file any more; kept the last ones")
            self._state = state.read_next(files, commit)
            return True

    @property
    def catalog(self) -> Catalog:
        """Every provider, typed."""
        return self._state.catalog

    def list_all(self) -> list[Model]:
        """Every model of every provider, deprecated and retired ones included."""
        return list(self.catalog.models())

    def list_for_provider(self, provider: str) -> list[Model]:
        return list(self._state.find_provider(provider).models.values())

    def list_providers(self) -> list[str]:
        return list(self._state.files)

    def get_info(self, provider: str, model: str | None = None) -> Model:
        """One model: `get_info("openai", "gpt-4o")` or `get_info("openai/gpt-4o")`; aliases resolve.

        Warns with `DeprecatedModelWarning` where it should not be used any more.
        """
        return _checked_model(self._state.find_model(provider, model))

    def find_by_capabilities(self, capabilities: Iterable[str], *, deprecated: bool = False) -> list[Model]:
        """Models with all of these capabilities, in any spelling the vocabulary knows. A name that it lacks must be a
        capability of some entry."""
        state = self._state
        filters = Filters(capabilities=_canonical_capabilities(state, capabilities), deprecated=deprecated)
        return _select_models(state, filters, by="full_id")

    def find_by_words(
        self, words: str | Iterable[str], filters: Filters | None = None, *, on: date | None = None
    ) -> list[Model]:
        """Models with all of these words in id, name, family or provider, the best match first, then the cheapest.

        For example `find_by_words("claude opus", Filters(capabilities=("vision",), max_input=5))`.
        """
        state, wanted = self._state, filters or Filters()
        wanted = wanted._replace(
            words=parse_words([words] if isinstance(words, str) else words),
            capabilities=_canonical_capabilities(state, wanted.capabilities),
            providers=tuple(state.find_provider(name).id for name in wanted.providers),
        )
        return select_models(state.catalog.models(), Selection(wanted, parse_order([], words=True)), _iso_day(on))

    def find_by_min_context(self, tokens: int, *, deprecated: bool = False) -> list[Model]:
        """Models with at least this context window, the largest first."""
        return _select_models(self._state, Filters(min_context=tokens, deprecated=deprecated), by="-context")

    def find_by_cost_range(
        self,
        input: Range | None = None,  # noqa: A002  # ExLLM's word
        output: Range | None = None,
        *,
        on: date | None = None,
        deprecated: bool = False,
    ) -> list[Model]:
        """Models whose headline prices in USD lie in these ranges, bounds included, the cheapest first."""
        min_input, max_input = _bounds("input", input)
        min_output, max_output = _bounds("output", output)
        filters = Filters(
            min_input=min_input,
            max_input=max_input,
            min_output=min_output,
            max_output=max_output,
            deprecated=deprecated,
        )
        return _select_models(self._state, filters, by="price", on=on)

    def compare(self, models: Iterable[str]) -> Comparison:
        """Models side by side, each named as `provider/id`, or by its id alone where that is unique."""
        state = self._state
        chosen = tuple(state.find_model(name) for name in models)
        return Comparison(
            chosen,
            capabilities={model.full_id: tuple(sorted(model.capabilities)) for model in chosen},
            pricing={model.full_id: headline_rates(model, _iso_day(None)) for model in chosen},
            context_windows={model.full_id: model.context_window for model in chosen},
        )

    def get_default(self, provider: str) -> Model:
        """The provider's default model; raises `UsageError` where it states none. Warns as `get_info`."""
        state = self._state
        entry = state.find_provider(provider)
        if entry.default_model is None:
            raise UsageError(f"{entry.id} states no default model")
        return _checked_model(state.find_model(entry.id, entry.default_model))

    def get_default_model(self, provider: str) -> str:
        """The id of `get_default`."""
        return self.get_default(provider).id

    def get_all_models(self, provider: str) -> Mapping[str, Model]:
        """A provider's models by their ids."""
        return self._state.find_provider(provider).models

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
        state = self._state
        entry = state.find_provider(provider)
        names = state.names_of(entry)
        known = names.model(entry.id, model)
        local = self._find_local(entry, names, model) if known is None and entry.billing == "local" else None
        if known is None and local is None and not entry.defaults:
            state.find_model(entry.id, model)  # raises, naming the nearest
        own: Mapping[str, Any] = entry.models[known].body if known is not None else local.facts if local else {}
        assumed = build_model(entry.id, model, {**entry.defaults, **own}, entry.billing, state.vocabulary)
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
        state = self._state
        price = state.price_of(model)
        conditions = Conditions(
            _iso_day(on), parse_time(time, "time"), monthly_tokens, tier, region, size, quality, resolution
        )
        if tier and not price.has_tier(conditions):
            check_tier(conditions.special_tier, state.tiers)
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

        state = self._state
        files = list(state.files.values())
        commit = state.commit if self._at else find_commit(self._root, files, os.environ)
        changed = max((model.updated_at for model in state.catalog.models() if model.updated_at), default=None)
        return PricingBasis(_iso_day(on), changed and changed[:10], commit, f"sha256:{files_digest(files)}")

    def get_status(self, provider: str, model: str | None = None, *, on: date | None = None) -> str:
        """`preview`, `active`, `deprecated`, `unlisted` or `retired` as of a day (today)."""
        return status_on(self._state.find_model(provider, model), _iso_day(on))

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

    def _read_settled_files(self, state: CatalogState) -> tuple[Mapping[str, ProviderFiles], str | None]:
        """Return the files once they hold still: whoever writes one may have begun by emptying or removing it."""
        paths = _list_paths(state.files)
        folders = {self._root, self._overlay or self._root, *(path.parent for path in paths)}
        stamp = _read_stamps(folders)
        files, commit = self._read_files()
        for _ in range(_READINGS):
            if files == state.files:
                return files, commit
            before = stamp, files
            time.sleep(_PAUSE if paths <= _list_paths(files) else _PAUSE_IF_GONE)
            stamp = _read_stamps(folders)
            files, commit = self._read_files()
            if (stamp, files) == before:
                return files, commit
        raise FileError(str(self._root), "its files change while they are read; kept the last ones")

    def _read_files(self) -> tuple[Mapping[str, ProviderFiles], str | None]:
        """Return the files by provider, and the commit that they are of if it was asked for."""
        if self._at is None:
            present = provider_files(self._root, self._overlay, self._price_files.read_prices())
            return {entry.id: entry for entry in present}, None
        from registry_cli.commands.query.snapshot import read_snapshot  # noqa: PLC0415  # git, for the past alone

        snapshot = read_snapshot(self._root, self._at, os.environ)
        own_prices = None if self._price_files == NO_PRICES else snapshot.own_prices
        files = group_by_provider(snapshot.files, own_prices=own_prices)
        return {entry.id: entry for entry in files}, snapshot.commit


def _list_paths(files: Mapping[str, ProviderFiles]) -> set[Path]:
    return {Path(file.shown) for entry in files.values() for file in (*entry.layers, entry.overlay) if file is not None}


def _read_stamps(folders: Iterable[Path]) -> list[int]:
    """Return when a file was last added or removed. A file that is absent in two readings may have been there."""
    stamps = []
    for folder in sorted(folders):
        with suppress(OSError):  # it is away too, which reading it reports
            stamps.append(folder.stat().st_mtime_ns)
    return stamps


def _select_models(state: CatalogState, filters: Filters, *, by: str, on: date | None = None) -> list[Model]:
    return select_models(state.catalog.models(), Selection(filters, parse_order([by])), _iso_day(on))


def _canonical_capabilities(state: CatalogState, capabilities: Iterable[str]) -> tuple[str, ...]:
    spellings = state.vocabulary.spellings
    return tuple(canonical_capability(name, spellings, state.is_capability) for name in capabilities)


def _checked_model(model: Model) -> Model:
    warn_if_outdated(model, _iso_day(None))
    return model


def _bounds(name: str, prices: Range | None) -> tuple[float, float] | tuple[None, None]:
    """Return the bounds of a range of prices. Raises `UsageError` for anything else."""
    if prices is None:
        return None, None
    try:
        low, high = map(float, prices)
    except (TypeError, ValueError):
        raise UsageError(f"find_by_cost_range: {name}={prices!r} is not two prices; write {name}=(0, 5)") from None
    return low, high


def _iso_day(on: date | None) -> str:
    return clock.current_day() if on is None else on.isoformat()
