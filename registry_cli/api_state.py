"""One reading of a catalog, which `registry_cli.api_registry.Registry` answers from until it reads the files again.

Threads share it. Its files never change. A file is parsed when it is first needed, by one thread at a time; what is
made of entries may be made twice, with the same result.
"""

from collections.abc import Mapping
from functools import cached_property
from threading import RLock
from types import MappingProxyType

from registry_cli.api_types import warn_of_assumption, warn_of_unknown_keys
from registry_cli.core.billing.model_price import ModelPrice
from registry_cli.core.billing.service_tiers import tiers_of
from registry_cli.core.catalog.frozen import freeze_provider
from registry_cli.core.catalog.models import Catalog, Model, Provider
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.names.names import CatalogNames
from registry_cli.core.names.reading_names import resolve_for_reading, resolve_provider_for_reading
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.provider_files import ProviderFiles


class SharedReader:
    """A reader of provider files that one thread uses at a time. Every reading of a catalog has the same one."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._reader = Reader()

    @property
    def vocabulary(self) -> Vocabulary:
        with self.lock:
            return self._reader.vocabulary

    def read_provider(self, files: ProviderFiles) -> Provider:
        """Return a provider that cannot be changed. Raises `FileError`."""
        with self.lock:
            provider = self._reader.read_provider(files)
        freeze_provider(provider)
        return provider


class CatalogState:
    """The files of a catalog at one time, and the entries in them.

    `files` are by provider, `commit` is that of a catalog of the past. `providers` were read from the same files.
    """

    def __init__(
        self,
        reader: SharedReader,
        files: Mapping[str, ProviderFiles],
        commit: str | None = None,
        providers: Mapping[str, Provider] | None = None,
    ) -> None:
        self.files = files
        self.commit = commit
        self._reader = reader
        self._providers: dict[str, Provider] = dict(providers or {})
        self._names_at: dict[str, CatalogNames] = {}  # of one provider each
        self._prices: dict[str, ModelPrice] = {}  # by the name that was asked for

    def read_next(self, files: Mapping[str, ProviderFiles], commit: str | None) -> "CatalogState":
        """Return the state with other files. Reads the providers that changed, and raises their `FileError`."""
        kept = {
            provider_id: provider
            for provider_id, provider in list(self._providers.items())
            if files.get(provider_id) == self.files[provider_id]
        }
        state = CatalogState(self._reader, files, commit, kept)
        for provider_id, entry in files.items():
            if entry != self.files.get(provider_id):
                state.load_provider(provider_id)
        return state

    @property
    def vocabulary(self) -> Vocabulary:
        return self._reader.vocabulary

    @cached_property
    def catalog(self) -> Catalog:
        return Catalog(MappingProxyType({provider_id: self.load_provider(provider_id) for provider_id in self.files}))

    @cached_property
    def names(self) -> CatalogNames:
        """The names of all models and providers."""
        return CatalogNames(self.catalog)

    @cached_property
    def tiers(self) -> frozenset[str]:
        """The service tiers that any model has a price for."""
        return frozenset(tier for model in self.catalog.models() for tier in tiers_of(model))

    def names_of(self, entry: Provider) -> CatalogNames:
        """The names of one provider's models."""
        if entry.id not in self._names_at:
            self._names_at[entry.id] = CatalogNames(Catalog({entry.id: entry}))
        return self._names_at[entry.id]

    def load_provider(self, provider_id: str) -> Provider:
        """Return a provider by its ID. Raises `FileError`."""
        if provider_id in self._providers:
            return self._providers[provider_id]
        with self._reader.lock:
            if provider_id in self._providers:
                return self._providers[provider_id]
            provider = self._reader.read_provider(self.files[provider_id])
            warn_of_unknown_keys(provider)
            self._providers[provider_id] = provider
        return provider

    def find_provider(self, name: str) -> Provider:
        """Return the provider that a name means. Raises `UnknownNameError`, `FileError`."""
        return self.load_provider(name if name in self.files else resolve_provider_for_reading(self.names, name))

    def find_model(self, provider: str, model: str | None = None) -> Model:
        """Return the model that a name means, with a warning where that was assumed. Raises `UnknownNameError`,
        `AmbiguousNameError`, `FileError`."""
        if model is not None and provider in self.files:
            entry = self.load_provider(provider)  # the common case reads one provider's files
            if (known := self.names_of(entry).model(provider, model)) is not None:
                return entry.models[known]
        text = provider if model is None else f"{provider}/{model}"
        name, assumption = resolve_for_reading(self.names, text)
        warn_of_assumption(assumption)
        return self.load_provider(name.provider).models[name.id]

    def price_of(self, name: str) -> ModelPrice:
        """Return the price of the model that a name means."""
        if name not in self._prices:
            self._prices[name] = ModelPrice(self.find_model(name))
        return self._prices[name]

    def is_capability(self, name: str) -> bool:
        """Return whether any model has a capability of this name."""
        return any(name in model.capabilities for model in self.catalog.models())
