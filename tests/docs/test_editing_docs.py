"""docs/editing.md shows what really happens."""

import difflib
import io
import re
from decimal import Decimal

from ruamel.yaml import YAML

from registry_cli.yamledit.apply import apply
from registry_cli.yamledit.ops import Remove, Set
from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "editing.md").read_text()
SAMPLE = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
DIFFS = re.findall(r"```diff\n(.*?)```", PAGE, re.DOTALL)


def changed_lines(old: str, new: str) -> list[str]:
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm=""))[2:]
    return [line for line in lines if line[0] in "+-"]


def shown_lines(diff: str) -> list[str]:
    return [line for line in diff.splitlines() if line[:1] in {"+", "-"}]


def test_what_the_page_says_of_llmreg() -> None:
    assert SAMPLE is not None
    price = Set(("models", "acme-large", "pricing", "input"), Decimal("2.5"))
    new = apply(SAMPLE[1], [price, Remove(("models", "acme-old"))])
    assert changed_lines(SAMPLE[1], new) == shown_lines(DIFFS[0])


def test_what_the_page_says_of_ruamel() -> None:
    assert SAMPLE is not None
    yaml = YAML()
    yaml.preserve_quotes = True
    data = yaml.load(SAMPLE[1])
    data["models"]["acme-large"]["pricing"]["input"] = 2.5
    del data["models"]["acme-old"]
    out = io.StringIO()
    yaml.dump(data, out)
    assert sorted(changed_lines(SAMPLE[1], out.getvalue())) == sorted(shown_lines(DIFFS[1]))


def test_what_the_page_says_of_anchors() -> None:
    text = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1]
    models = ("models",)
    for operation, lines in (
        (Set((*models, "large", "name"), "Larger"), ["-    name: Large", "+    name: Larger"]),
        (
            Set((*models, "mini", "context_window"), 8192),
            ["-    context_window: *window", "+    context_window: 8192"],
        ),
        (Set((*models, "small", "context_window"), 8192), ["+    context_window: 8192"]),
        (Remove((*models, "small", "context_window")), ["-    <<: *base"]),
        (
            Set((*models, "large", "context_window"), 8192),
            [
                "-    context_window: &window 200000",
                "+    context_window: 8192",
                "+    context_window: 200000",
                "-    context_window: *window",
                "+    context_window: &window 200000",
            ],
        ),
    ):
        assert changed_lines(text, apply(text, [operation])) == lines
