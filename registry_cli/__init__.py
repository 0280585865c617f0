"""llmreg: a catalog of LLM models as YAML in git.

These are the public names. The functions are those of `registry_cli.api`, imported when used; `docs/api.md` shows them.
"""

from typing import TYPE_CHECKING

from registry_cli.version import __version__ as __version__

if TYPE_CHECKING:
    from registry_cli.api import changelog as changelog
    from registry_cli.api import compare as compare
    from registry_cli.api import cost as cost
    from registry_cli.api import find_by_capabilities as find_by_capabilities
    from registry_cli.api import find_by_cost_range as find_by_cost_range
    from registry_cli.api import find_by_min_context as find_by_min_context
    from registry_cli.api import find_by_words as find_by_words
    from registry_cli.api import get_all_models as get_all_models
    from registry_cli.api import get_capabilities as get_capabilities
    from registry_cli.api import get_context_window as get_context_window
    from registry_cli.api import get_default as get_default
    from registry_cli.api import get_default_model as get_default_model
    from registry_cli.api import get_info as get_info
    from registry_cli.api import get_max_output_tokens as get_max_output_tokens
    from registry_cli.api import get_model_config_with_defaults as get_model_config_with_defaults
    from registry_cli.api import get_pricing as get_pricing
    from registry_cli.api import get_status as get_status
    from registry_cli.api import history as history
    from registry_cli.api import list_all as list_all
    from registry_cli.api import list_for_provider as list_for_provider
    from registry_cli.api import list_providers as list_providers
    from registry_cli.api import price_history as price_history
    from registry_cli.api import pricing_basis as pricing_basis
    from registry_cli.api import reload_config as reload_config
    from registry_cli.api_registry import Registry as Registry
    from registry_cli.api_types import AssumedModelWarning as AssumedModelWarning
    from registry_cli.api_types import Comparison as Comparison
    from registry_cli.api_types import DeprecatedModelWarning as DeprecatedModelWarning
    from registry_cli.api_types import ModelConfig as ModelConfig
    from registry_cli.api_types import UnknownKeyWarning as UnknownKeyWarning
    from registry_cli.core.billing.bills import Bill as Bill
    from registry_cli.core.catalog.models import Catalog as Catalog
    from registry_cli.core.catalog.models import Model as Model
    from registry_cli.core.catalog.models import Provider as Provider
    from registry_cli.core.catalog.models import Rates as Rates
    from registry_cli.core.query.filters import Filters as Filters
    from registry_cli.errors import AmbiguousNameError as AmbiguousNameError
    from registry_cli.errors import CatalogWarning as CatalogWarning
    from registry_cli.errors import ChangedError as ChangedError
    from registry_cli.errors import EntryError as EntryError
    from registry_cli.errors import FileError as FileError
    from registry_cli.errors import ForgeError as ForgeError
    from registry_cli.errors import GitError as GitError
    from registry_cli.errors import InexactEditError as InexactEditError
    from registry_cli.errors import LlmregError as LlmregError
    from registry_cli.errors import LockedError as LockedError
    from registry_cli.errors import ReadOnlyError as ReadOnlyError
    from registry_cli.errors import RefusedError as RefusedError
    from registry_cli.errors import UnknownNameError as UnknownNameError
    from registry_cli.errors import UpstreamError as UpstreamError
    from registry_cli.errors import UsageError as UsageError
    from registry_cli.errors import YamlError as YamlError

__all__ = [  # found by __getattr__
    "AmbiguousNameError",
    "AssumedModelWarning",
    "Bill",
    "Catalog",
    "CatalogWarning",
    "ChangedError",
    "Comparison",
    "DeprecatedModelWarning",
    "EntryError",
    "FileError",
    "Filters",
    "ForgeError",
    "GitError",
    "InexactEditError",
    "LlmregError",
    "LockedError",
    "Model",
    "ModelConfig",
    "Provider",
    "Rates",
    "ReadOnlyError",
    "RefusedError",
    "Registry",
    "UnknownKeyWarning",
    "UnknownNameError",
    "UpstreamError",
    "UsageError",
    "YamlError",
    "changelog",
    "compare",
    "cost",
    "find_by_capabilities",
    "find_by_cost_range",
    "find_by_min_context",
    "find_by_words",
    "get_all_models",
    "get_capabilities",
    "get_context_window",
    "get_default",
    "get_default_model",
    "get_info",
    "get_max_output_tokens",
    "get_model_config_with_defaults",
    "get_pricing",
    "get_status",
    "history",
    "list_all",
    "list_for_provider",
    "list_providers",
    "price_history",
    "pricing_basis",
    "reload_config",
]


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


if not TYPE_CHECKING:  # a type checker would take any name for one of these

    def __getattr__(name: str) -> object:
        if name in __all__:
            from importlib import import_module  # noqa: PLC0415  # the command line must not pay for it

            for module in ("errors", "api_types", "api", "api_registry"):
                found = getattr(import_module(f"registry_cli.{module}"), name, None)
                if found is not None:
                    return found
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
