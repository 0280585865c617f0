"""A LiteLLM proxy: the model names of its configuration, with the facts of LiteLLM's map about their deployments.

A name may have several deployments: only the facts that all of them share are facts of the name. A name with a `*`
stands for many models, and is left out. Without a key that it accepts, the proxy answers 500.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.sources import litellm
from registry_cli.sources.base import Page, Source
from registry_cli.sources.rows import Rows, is_fine_tune
from registry_cli.sources.shapes import object_or_empty

NAME = "litellm-proxy"


def parse(pages: Sequence[Page], provider: str) -> Observations:
    rows = Rows(NAME, provider)
    deployed: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows.read_rows(pages, "data"):
        name = rows.read_id(row.get("model_name"))
        if name and "*" not in name:
            deployed.setdefault(name, []).append(object_or_empty(row.get("model_info")))
    models = []
    for name, infos in deployed.items():
        with rows.guard_row(name):
            models.append(_read_model(rows, name, infos))
    return rows.build_observations(tuple(models))


def _read_model(rows: Rows, name: str, infos: Sequence[Mapping[str, Any]]) -> ObservedModel:
    deployments = [litellm.read_entry(name, _without_null(info)) for info in infos]
    first, *others = deployments
    keys: dict[str, None] = {}
    denied = first.denies
    for deployment in deployments:
        keys.update(dict.fromkeys(deployment.facts))
        denied &= deployment.denies
    facts = dict(first.facts)
    for key in keys:
        value = first.facts.get(key)
        for other in others:
            value = _common_value(value, other.facts.get(key))
        if value is None:
            rows.note(key, len(deployments), "its deployments differ")
            facts.pop(key, None)
        else:
            facts[key] = value
    return ObservedModel(name, name, facts, denied, private=is_fine_tune(name))


def _without_null(info: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in info.items() if value is not None}


def _common_value(one: Any, other: Any) -> Any:
    """What two deployments both state: of lists the common items; None where they differ."""
    if isinstance(one, list) and isinstance(other, list):
        return [item for item in one if item in other]
    return one if one == other else None


SOURCE = Source(
    name=NAME,
    docs="https://docs.litellm.ai/docs/proxy/model_management",
    base_url="http://127.0.0.1:4000",
    path="/model/info",
    parse=parse,
    key="optional",
    key_variables=("LITELLM_PROXY_API_KEY", "LITELLM_API_KEY"),
    suffixes=("/v1",),
    local=True,
    verified=True,
)
