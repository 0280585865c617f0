"""ExLLM's folder of YAML, or any folder of provider files: what a team wrote itself, taken as it stands.

Reading and checking the files is the catalog's own business; here their entries become observations.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from registry_cli.core.catalog.models import Provider
from registry_cli.core.names.routes import without_route
from registry_cli.core.statements.observations import Observations, ObservedModel, ObservedProvider
from registry_cli.sources import provider_ids

SOURCE = "exllm"
_NOT_FACTS = frozenset({"provider", "updated_at"})


def read_providers(providers: Iterable[Provider]) -> Observations:
    """Every fact of these entries. Nothing is inferred from them: a person wrote them."""
    return Observations(SOURCE, tuple(map(_observe_provider, providers)), own=True)


def _observe_provider(provider: Provider) -> ObservedProvider:
    facts = {name: value for name, value in provider.body.items() if name not in _NOT_FACTS}
    models = tuple(ObservedModel(model.id, model.id, written_facts(model.body)) for model in provider.models.values())
    return ObservedProvider(provider_ids.from_litellm(provider.id), provider.id, facts, models)


def written_facts(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The body of an entry as a file has it: capabilities and their details in one list."""
    facts = dict(body)
    details = facts.pop("capability_details", None) or {}
    if "capabilities" in facts or details:
        named = list(facts.get("capabilities") or ())
        named += [name for name in details if name not in named]
        facts["capabilities"] = [{name: details[name]} if name in details else name for name in named]
    return facts


def ids_alone(seen: Observations) -> Observations:
    """The models that these entries are about, without any fact. ExLLM took its ids from LiteLLM's keys, so an id that
    is the key of a region's or a size's price is that of the model."""
    providers = []
    for provider in seen.providers:
        ids = [model.id.removeprefix(f"{provider.spelled}/") for model in provider.models]
        names = [without_route(provider.id, model_id) for model_id in ids]
        models = tuple(ObservedModel(name, name, {}) for name in dict.fromkeys(names))
        providers.append(replace(provider, facts={}, models=models))
    return replace(seen, providers=tuple(providers), own=False)
