"""docs/cost.md: its examples run, and the files it names exist."""

import re
import shlex
from pathlib import Path

import pytest

from registry_cli.core.responses import usage_names
from tests.support.cli import run_llmreg
from tests.support.paths import ROOT

DOCS = ROOT / "docs"
TEXT = (DOCS / "cost.md").read_text()
CATALOG = """\
provider: anthropic
models:
  claude-sonnet-4-6:
    mode: chat
    context_window: 1000000
    pricing:
      input: 3
      output: 15
      cache_read: 0.3
      variants:
        - {when: {service_tier: batch}, multiply: 0.5}
        - {when: {region: us}, multiply: 1.1}
  claude-haiku-4-5:
    mode: chat
    context_window: 200000
    pricing: {input: 1, output: 5, cache_read: 0.1}
"""


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "anthropic.yml").write_text(CATALOG)
    monkeypatch.setenv("LLMREG_CATALOG", str(tmp_path))
    monkeypatch.setenv("LLMREG_OVERLAY", "")
    monkeypatch.chdir(tmp_path)
    (calls,) = re.findall(r"```json\n({.*?)```", TEXT, re.DOTALL)
    Path("calls.jsonl").write_text(calls)
    examples = re.findall(r"```console\n\$ llmreg (.*?)\n(.*?)```", TEXT, re.DOTALL)
    assert len(examples) == 4
    for command, shown in examples:
        ran = run_llmreg(*shlex.split(command), "--no-cache")
        assert (ran.code, ran.out + ran.err) == (0, shown)


def test_the_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)
    assert links
    assert all((DOCS / link).is_file() for link in links)


def test_the_names_it_tells_are_known() -> None:
    known = {*usage_names.USAGE_BLOCK.counters, *usage_names.USAGE_BLOCK.lists, *usage_names.NOT_BILLED}
    for name in ("cache_read_input_tokens", "estimated_cost", "cost_in_usd_ticks", "grounding_tool_count"):
        assert name in TEXT
        assert usage_names.fold_name(name) in known
