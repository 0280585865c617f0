"""Billed usage outside the usage block of a response: searches and code sessions of the model's tools."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.responses.envelope import Folded
from registry_cli.core.responses.usage_names import fold_name

# Items in the output of OpenAI's Responses API that are billed one by one.
_BILLED_ITEMS = {"web_search_call": "web_searches", "file_search_call": "file_search"}
# Items of another model, whose tokens the usage block omits.
_ITEMS_OF_OTHER_MODELS = ("image_generation_call",)
_COUNTED = frozenset({"output", "candidates", "choices"})
# Google bills these models once per response with a search, later models once per query.
_BILLED_ONCE = re.compile(r"gemini-[12]\b")


def count_outside_usage(response: Folded, model: str | None) -> dict[str, int]:
    """Return the positive counts of units, by the names of `billing.usage.UNITS` and of the catalog."""
    if not response.keys() & _COUNTED:
        return {}
    counts = Counter(_count_output_items(list(_mappings_in(response.get("output")))))
    counts.update(_count_grounding(list(_mappings_in(response.get("candidates"))), model))
    if any(_has_web_citations(choice) for choice in _mappings_in(response.get("choices"))):
        counts["web_searches"] += 1
    return {name: count for name, count in counts.items() if count}


def has_request_fee(block: Folded) -> bool:
    """Return whether Perplexity bills a search for this request that its counts omit.

    Only deep research counts its searches. A stated fee of 0 means that the model did not search.
    """
    if block.get("searchcontextsize") is None or block.get("numsearchqueries") is not None:
        return False
    cost = block.get("cost")
    return not isinstance(cost, Mapping) or _find_value(cost, "request_cost") != 0


def find_unread_items(response: Folded) -> list[str]:
    """Return the kinds of output that are billed separately and whose usage the response does not state."""
    kinds = {str(item.get("type")) for item in _mappings_in(response.get("output"))}
    return [f"output[].{kind}" for kind in _ITEMS_OF_OTHER_MODELS if kind in kinds]


def find_uncounted_cache(response: Folded, counts: Mapping[str, Any]) -> list[str]:
    """Return the paths at which the AI SDK (until version 5) states Anthropic cache tokens that its usage omits.

    `counts` are those of its usage. Its input lacks cached tokens if it equals Anthropic's own `input_tokens`.
    """
    metadata = response.get("providermetadata")
    of_anthropic = metadata.get("anthropic") if isinstance(metadata, Mapping) else None
    if not isinstance(of_anthropic, Mapping):
        return []
    paths = []
    if _find_value(of_anthropic, "cacheCreationInputTokens") and not counts.get("cache_write_any"):
        paths.append("cacheCreationInputTokens")
    if _find_value(of_anthropic, "cacheReadInputTokens") and not counts.get("cached"):
        paths.append("cacheReadInputTokens")
    usage = of_anthropic.get("usage")
    stated = usage if isinstance(usage, Mapping) else {}
    if stated.get("cache_read_input_tokens") and stated.get("input_tokens") == counts.get("input"):
        paths.append("usage.cache_read_input_tokens")
    return [f"providerMetadata.anthropic.{name}" for name in paths]


def _count_output_items(items: list[Mapping[str, Any]]) -> dict[str, int]:
    counts = dict.fromkeys(_BILLED_ITEMS.values(), 0)
    containers: set[str] = set()
    for place, item in enumerate(items):
        kind = str(item.get("type"))
        if kind == "code_interpreter_call":
            containers.add(str(item.get("container_id") or place))
        elif kind in _BILLED_ITEMS and item.get("status") != "failed" and _is_search(item):
            counts[_BILLED_ITEMS[kind]] += 1
    return {**counts, "code_session": len(containers)}


def _is_search(item: Mapping[str, Any]) -> bool:
    """Return whether an item is a billed search. Opening a page of the results, or finding text in it, is free."""
    action = item.get("action")
    return not isinstance(action, Mapping) or action.get("type") in (None, "search")


def _count_grounding(candidates: list[Mapping[str, Any]], model: str | None) -> dict[str, int]:
    queries: set[str] = set()
    maps = False
    for candidate in candidates:
        grounding = _find_value(candidate, "groundingMetadata")
        if isinstance(grounding, Mapping):
            for name in ("webSearchQueries", "imageSearchQueries"):
                queries |= {
                    query
                    for query in _as_list(_find_value(grounding, name))
                    if isinstance(query, str) and query.strip()
                }
            maps = maps or any("maps" in chunk for chunk in _mappings_in(_find_value(grounding, "groundingChunks")))
    searches = len(queries)
    if _BILLED_ONCE.search(model or ""):
        searches = min(searches, 1)
    return {"web_searches": searches, "maps_search": int(maps)}


def _has_web_citations(choice: Mapping[str, Any]) -> bool:
    message = choice.get("message")
    annotations = message.get("annotations") if isinstance(message, Mapping) else None
    return any(annotation.get("type") == "url_citation" for annotation in _mappings_in(annotations))


def _find_value(mapping: Mapping[str, Any], name: str) -> Any:
    """Return the value under a name in either spelling (`groundingMetadata`, `grounding_metadata`)."""
    wanted = fold_name(name)
    return next((value for key, value in mapping.items() if fold_name(key) == wanted), None)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mappings_in(value: Any) -> Iterator[Mapping[str, Any]]:
    return (entry for entry in _as_list(value) if isinstance(entry, Mapping))
