"""Anthropic's list: limits and a tree of capabilities (absent from answers before 2026). No prices."""

from collections.abc import Mapping, Sequence
from typing import Any

from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.paging import follow_token
from registry_cli.sources.rows import Rows, known_facts, read_envelope, read_flags
from registry_cli.sources.shapes import object_or_empty

_PATH = "/models?limit=1000"
_CAPABILITIES = {
    "batch": "batch_operations",
    "citations": "citations",
    "code_execution": "code_execution",
    "context_management": "context_management",
    "effort": "reasoning_effort",
    "image_input": "vision",
    "pdf_input": "pdf_input",
    "structured_outputs": "structured_output",
    "thinking": "reasoning",
}
_COMPACTION = "compact_"  # its name carries the date of its version
_EFFORTS = ("low", "medium", "high", "xhigh", "max")


def parse(pages: Sequence[Page], provider: str, source: str = "anthropic") -> Observations:
    """`source` is the name of another source whose answers have the same shape."""
    rows = Rows(source, provider)
    listed = rows.read_rows(pages, "data")
    models = rows.read_models(listed, lambda row: row.get("id"), _read_model)
    return rows.build_observations(models)


def follow(request: Request, body: bytes) -> Sequence[Request]:
    document = read_envelope(body, "anthropic")
    if document.get("has_more") is not True:
        return ()
    return follow_token(request, "limit=1000&after_id=", document.get("last_id"))


def _read_model(rows: Rows, row: Mapping[str, Any]) -> ObservedModel:
    tree = object_or_empty(row.get("capabilities"))
    has, denied = read_flags({name: _is_supported(branch) for name, branch in tree.items()}, _CAPABILITIES)
    thinking = object_or_empty(tree.get("thinking"))
    managed = object_or_empty(tree.get("context_management"))
    if any(name.startswith(_COMPACTION) and _is_supported(branch) for name, branch in managed.items()):
        has.append("compaction")
    if _is_supported(object_or_empty(thinking.get("types")).get("adaptive")):
        has.append("adaptive_thinking")
    kinds = {"image": tree.get("image_input"), "pdf": tree.get("pdf_input")}
    taken = ["text", *(kind for kind, branch in kinds.items() if _is_supported(branch))]
    effort = object_or_empty(tree.get("effort"))
    facts = known_facts(
        name=rows.read_line("display_name", row.get("display_name")),
        # Input and output share this window, although its name speaks of input.
        **rows.consistent_limits(
            rows.read_tokens("max_input_tokens", row.get("max_input_tokens")),
            rows.read_tokens("max_tokens", row.get("max_tokens")),
        ),
        modalities={"input": taken, "output": ["text"]} if tree else None,
        reasoning=known_facts(effort=[level for level in _EFFORTS if _is_supported(effort.get(level))]),
        capabilities=has,
        release_date=rows.read_day("created_at", row.get("created_at")),
    )
    return ObservedModel(row["id"], row["id"], facts, denied)


def _is_supported(branch: Any) -> bool | None:
    answer = object_or_empty(branch).get("supported")
    return answer if isinstance(answer, bool) else None


SOURCE = Source(
    name="anthropic",
    docs="https://docs.anthropic.com/en/api/models-list",
    base_url="https://api.anthropic.com/v1",
    path=_PATH,
    parse=parse,
    follow=follow,
    key="needed",
    key_variables=("ANTHROPIC_API_KEY",),
    key_header="x-api-key",
    key_prefix="",
    headers={"anthropic-version": "2023-06-01"},
    verified=True,
)
