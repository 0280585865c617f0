"""The Python API: the questions that ExLLM's users ask, answered from the YAML catalog.

`Registry` is one catalog; the functions of the same names, exported from `registry_cli`, ask the one that the
command line would (`LLMREG_CATALOG`, the nearest `config/models/`, else the one that came with the package).
Limits are in tokens, rates in USD per 1M tokens as `Decimal`. An unknown fact is None and an unknown price a missing
key; neither is ever made up. Unknown models and providers raise `UnknownNameError`, unreadable files `FileError`.
"""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from registry_cli.api_registry import Registry

__all__ = ["Registry", "default_registry"]

P = ParamSpec("P")
R = TypeVar("R")


@functools.cache
def default_registry() -> Registry:
    """The catalog that the command line would use here; found once, `reload_config` reads it again."""
    return Registry()


def _of_default(method: Callable[Concatenate[Registry, P], R]) -> Callable[P, R]:
    @functools.wraps(method)
    def call_default(*args: P.args, **kwargs: P.kwargs) -> R:
        return method(default_registry(), *args, **kwargs)

    return call_default


list_all = _of_default(Registry.list_all)
list_for_provider = _of_default(Registry.list_for_provider)
list_providers = _of_default(Registry.list_providers)
get_info = _of_default(Registry.get_info)
find_by_capabilities = _of_default(Registry.find_by_capabilities)
find_by_words = _of_default(Registry.find_by_words)
find_by_min_context = _of_default(Registry.find_by_min_context)
find_by_cost_range = _of_default(Registry.find_by_cost_range)
compare = _of_default(Registry.compare)
cost = _of_default(Registry.cost)
get_default = _of_default(Registry.get_default)
get_default_model = _of_default(Registry.get_default_model)
get_all_models = _of_default(Registry.get_all_models)
get_pricing = _of_default(Registry.get_pricing)
get_context_window = _of_default(Registry.get_context_window)
get_max_output_tokens = _of_default(Registry.get_max_output_tokens)
get_capabilities = _of_default(Registry.get_capabilities)
get_model_config_with_defaults = _of_default(Registry.get_model_config_with_defaults)
get_status = _of_default(Registry.get_status)
history = _of_default(Registry.history)
changelog = _of_default(Registry.changelog)
price_history = _of_default(Registry.price_history)
pricing_basis = _of_default(Registry.pricing_basis)
reload_config = _of_default(Registry.reload_config)
