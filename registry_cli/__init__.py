"""llmreg: a catalog of LLM models as YAML in git. The functions here are `registry_cli.api`'s, imported when used."""

from typing import TYPE_CHECKING, Any

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
    from registry_cli.core.query.filters import Filters as Filters

__all__ = [  # found by __getattr__
    "AssumedModelWarning",
    "Bill",
    "Comparison",
    "DeprecatedModelWarning",
    "Filters",
    "ModelConfig",
    "Registry",
    "UnknownKeyWarning",
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


def __getattr__(name: str) -> Any:
    if name in __all__:
        from registry_cli import api, api_registry, api_types  # noqa: PLC0415  # the command line must not pay for it

        return next(getattr(module, name) for module in (api_types, api, api_registry) if hasattr(module, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
