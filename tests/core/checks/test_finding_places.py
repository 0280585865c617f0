"""Break a value or a key anywhere, and look where the findings point.

The places come from PyYAML's nodes, which know nothing of llmreg's reader.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.commands.validate.folders import _examine_now
from registry_cli.core.checks.report import Mark
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.locate import CatalogFile
from tests.support.findings import ON

# Where the schema lets anything stand, or where a key is a name of the writer's own.
FREE = {"metadata", "model_info"}
NAMES = {"models", "model_capabilities", "limitations", "upstream_ids", "capabilities", "sources", "limits"}

OWN = """\
# A provider of everything, in many styles.
provider: acme
aliases: ["acme-ai",   'acme ai x']
homepage: https://acme.example   # with a comment
api: {base_url: 'https://api.acme.example/v1', key_env: [ACME_API_KEY]}
features:
- streaming
-   function_calling
default_model: large
sync:
  sources: [acme, litellm: acme_ai]
models:
  large:
    name: Größe — "L"
    description: |
      Two lines
      of prose.
    aliases:
      - large-1
    mode: "chat"
    context_window: 1000000
    modalities: {input: [text, image], output: [text]}
    pricing:
      input: 3.0
      per: {web_search: 0.01}
      variants:
      - when: {input_tokens_above: 200000}
        input: 6.0
      - {when: {service_tier: batch}, multiply: 0.5}
    capabilities:
    - streaming
    - vision: {status: beta, version: '2.0'}
    metadata: {anything: [1, {goes: null}]}
  "small":
    release_date: '2026-01-15'
    reasoning:
      effort: [low, high]
""".replace("'acme ai x'", "'acme-x'")


class Place(NamedTuple):
    """What can be broken: from where to where it reaches in the text, and its line and column from 1."""

    start: int
    end: int
    line: int
    column: int
    kind: str
    path: tuple[str | int, ...]


def places(node: yaml.Node, path: tuple[str | int, ...] = ()) -> Iterator[Place]:
    """Every scalar value that the schema constrains, and every key that it names."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value not in FREE:
                if NAMES.isdisjoint(path[-2:] if path and isinstance(path[-1], int) else path[-1:]):
                    yield place(key, "key", (*path, key.value))
                yield from places(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from places(item, (*path, index))
    elif node.style not in ("|", ">"):
        yield place(node, "value", path)


def place(node: yaml.Node, kind: str, path: tuple[str | int, ...]) -> Place:
    mark = node.start_mark
    return Place(mark.index, node.end_mark.index, mark.line + 1, mark.column + 1, kind, path)


def broken(text: str, at: Place) -> str:
    """The text with a list where a scalar was, or with a key that nothing is called."""
    return f"{text[: at.start]}{'[[]]' if at.kind == 'value' else 'qqqqqqqq'}{text[at.end :]}"


def marks(text: str, stem: str = "acme") -> list[Mark]:
    file = CatalogFile(f"{stem}.yml", stem, text.encode(), "")
    (examined,) = _examine_now([file], ON).values()
    return examined.marks


def is_found(at: Place, found: list[Mark]) -> bool:
    """A finding at the place, or, where a list may stand but not one in it, just inside."""
    return any((mark.line, mark.column) in ((at.line, at.column), (at.line, at.column + 1)) for mark in found)


def new(before: list[Mark], after: list[Mark]) -> list[Mark]:
    known = {(mark.code, mark.pointer) for mark in before}
    return [mark for mark in after if (mark.code, mark.pointer) not in known]


def check(text: str, at: Place, before: list[Mark], stem: str = "acme") -> None:
    found = new(before, marks(broken(text, at), stem))
    assert is_found(at, found), (at, found)
    missing = [mark for mark in found if mark.message.endswith("the key is missing")]
    assert len(found) - len(missing) == 1, (at, found)  # one cause, one finding, but for what is now missing
    assert all(mark.pointer in (("provider",), ("models",)) for mark in missing)


PLACES = list(places(yaml.compose(OWN, Loader=yaml.SafeLoader)))


def test_the_own_example_is_right_and_wholly_searched() -> None:
    assert marks(OWN) == []
    assert len(PLACES) > 60


@pytest.mark.parametrize("at", PLACES, ids=lambda at: f"{at.kind}-{'.'.join(map(str, at.path))}")
def test_every_place_of_a_small_file(at: Place) -> None:
    check(OWN, at, [])


@given(st.sampled_from(PLACES), st.sampled_from(["", "\n", "# é\n\n"]), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_places_do_not_depend_on_what_stands_above(at: Place, above: str, line_end: str, mark: bool) -> None:
    text = above + broken(OWN, at)
    moved = at._replace(line=at.line + above.count("\n"))
    found = marks(("\ufeff" if mark else "") + text.replace("\n", line_end))
    assert is_found(moved, found), (moved, found)


def random_places(path: Path, count: int, seed: str) -> list[Place]:
    node: Any = yaml.compose(path.read_text(), Loader=yaml.CSafeLoader)
    every = list(places(node))
    return random.Random(seed).sample(every, min(count, len(every)))  # which places is no secret


@pytest.mark.data
def test_every_file_of_exllm_at_random() -> None:
    data = os.environ.get("LLMREG_TEST_DATA")
    if not data:
        pytest.skip("LLMREG_TEST_DATA names no folder of recorded data")
    for path in sorted(Path(data, "exllm").glob("*.yml")):
        text = path.read_text()
        before = marks(text, path.stem)
        for at in random_places(path, 12, path.name):
            check(text, at, before, path.stem)


def test_the_shipped_catalog_at_random() -> None:
    paths = sorted((bundled_data() / "config" / "models").glob("*.yml"))
    for path in random.Random(ON).sample(paths, 6):  # which files is no secret
        text = path.read_text()
        before = marks(text, path.stem)
        for at in random_places(path, 4, path.name):
            check(text, at, before, path.stem)


@pytest.mark.slow
def test_the_whole_shipped_catalog_at_random() -> None:
    for path in sorted((bundled_data() / "config" / "models").glob("*.yml")):
        text = path.read_text()
        before = marks(text, path.stem)
        for at in random_places(path, 20, path.name):
            check(text, at, before, path.stem)
