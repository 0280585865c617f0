"""What a response bills outside its usage block: searches and code sessions that the model's tools made."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.responses.envelope import Folded
from registry_cli.core.responses.usage_names import fold_name

# Items in the output of OpenAI's Responses API that are billed one by one.
_BILLED_ITEMS = {"web_search_call": "web_searches", "file_search_call": "file_search"}
# Items that another model made: the usage block leaves its tokens out.
_ITEMS_OF_OTHER_MODELS = ("image_generation_call",)
_COUNTED = frozenset({"output", "candidates", "choices"})
# Google bills these models once for a response that searched, later ones for each query.
_BILLED_ONCE = re.compile(r"gemini-[12]\b")


def count_outside_usage(response: Folded, model: str | None) -> dict[str, int]:
    """Units by the names of `pricing.usage.UNITS` and the catalog; only what is positive."""
    if not response.keys() & _COUNTED:
        return {}
    counts = Counter(_count_output_items(list(_mappings(response.get("output")))))
    counts.update(_count_grounding(list(_mappings(response.get("candidates"))), model))
    if any(_has_web_citations(choice) for choice in _mappings(response.get("choices"))):
        counts["web_searches"] += 1
    return {name: count for name, count in counts.items() if count}


def has_request_fee(block: Folded) -> bool:
    """Whether Perplexity bills a search for this request, which its counts leave out. Only deep research counts its
    searches; a stated fee of 0 means that the model did not search."""
    if block.get("searchcontextsize") is None or block.get("numsearchqueries") is not None:
        return False
    cost = block.get("cost")
    return not isinstance(cost, Mapping) or _get(cost, "request_cost") != 0


def find_unread_items(response: Folded) -> list[str]:
    """The kinds of output that are billed apart, and whose usage the response does not state."""
    kinds = {str(item.get("type")) for item in _mappings(response.get("output"))}
    return [f"output[].{kind}" for kind in _ITEMS_OF_OTHER_MODELS if kind in kinds]


def find_uncounted_cache(response: Folded, counts: Mapping[str, Any]) -> list[str]:
    """Where the AI SDK (until version 5) states tokens of Anthropic's cache that its own usage leaves out.

    `counts` are those of its usage. Its input lacks cached tokens where Anthropic's own `input_tokens` equal it.
    """
    metadata = response.get("providermetadata")
    of_anthropic = metadata.get("anthropic") if isinstance(metadata, Mapping) else None
    if not isinstance(of_anthropic, Mapping):
        return []
    found = []
    if _get(of_anthropic, "cacheCreationInputTokens") and not counts.get("cache_write_any"):
        found.append("cacheCreationInputTokens")
    if _get(of_anthropic, "cacheReadInputTokens") and not counts.get("cached"):
        found.append("cacheReadInputTokens")
    usage = of_anthropic.get("usage")
    stated = usage if isinstance(usage, Mapping) else {}
    if stated.get("cache_read_input_tokens") and stated.get("input_tokens") == counts.get("input"):
        found.append("usage.cache_read_input_tokens")
    return [f"providerMetadata.anthropic.{name}" for name in found]


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
    """Opening a page that a search found, or looking for text in it, is free."""
    action = item.get("action")
    return not isinstance(action, Mapping) or action.get("type") in (None, "search")


def _count_grounding(candidates: list[Mapping[str, Any]], model: str | None) -> dict[str, int]:
    queries: set[str] = set()
    maps = False
    for candidate in candidates:
        grounding = _get(candidate, "groundingMetadata")
        if isinstance(grounding, Mapping):
            for name in ("webSearchQueries", "imageSearchQueries"):
                queries |= {query for query in _list(_get(grounding, name)) if isinstance(query, str) and query.strip()}
            maps = maps or any("maps" in chunk for chunk in _mappings(_get(grounding, "groundingChunks")))
    searches = len(queries)
    if _BILLED_ONCE.search(model or ""):
        searches = min(searches, 1)
    return {"web_searches": searches, "maps_search": int(maps)}


def _has_web_citations(choice: Mapping[str, Any]) -> bool:
    message = choice.get("message")
    annotations = message.get("annotations") if isinstance(message, Mapping) else None
    return any(annotation.get("type") == "url_citation" for annotation in _mappings(annotations))


def _get(mapping: Mapping[str, Any], name: str) -> Any:
    """The value under a name in either spelling (`groundingMetadata`, `grounding_metadata`)."""
    wanted = fold_name(name)
    return next((value for key, value in mapping.items() if fold_name(key) == wanted), None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mappings(value: Any) -> Iterator[Mapping[str, Any]]:
    return (entry for entry in _list(value) if isinstance(entry, Mapping))
