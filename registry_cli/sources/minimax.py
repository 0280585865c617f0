"""MiniMax's list, in Anthropic's shape without limits and capabilities: names and dates."""

from collections.abc import Sequence
from dataclasses import replace

from registry_cli.core.statements.observations import Observations
from registry_cli.sources import anthropic
from registry_cli.sources.base import Page


def parse(pages: Sequence[Page], provider: str) -> Observations:
    return anthropic.parse(pages, provider, "minimax")


SOURCE = replace(
    anthropic.SOURCE,
    name="minimax",
    docs="https://platform.minimax.io/docs/api-reference/models/anthropic/list-models",
    base_url="https://api.minimax.io/anthropic/v1",
    parse=parse,
    key_variables=("MINIMAX_API_KEY",),
    key_header="X-Api-Key",
    headers={},
    verified=False,
)
