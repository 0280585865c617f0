"""docs/adding-a-source.md says what is true: its table, its paths."""

import json
import re
import textwrap

from registry_cli.http import Request
from registry_cli.sources.base import Page, Source
from registry_cli.sources.registry import all_sources
from tests.sources.test_recorded_answers import LISTS, PAGES_TRIED
from tests.support.paths import ROOT

TEXT = (ROOT / "docs" / "adding-a-source.md").read_text()


def test_the_table_is_the_registry():
    rows = re.findall(r"^\| (\S+) \| `(\S+)` \| (.*) \| (yes|no) \|$", TEXT, re.MULTILINE)
    assert [(name, url, verified) for name, url, _, verified in rows] == [
        (source.name, source.base_url + source.path, "yes" if source.verified else "no") for source in all_sources()
    ]
    for (_, _, key, _), source in zip(rows, all_sources(), strict=True):
        assert re.findall(r"`(\w+)`", key) == list(source.key_variables)
        assert ("optional" in key, key == "none") == (source.key == "optional", source.key == "none")


def test_verified_is_what_was_tried_on_a_recorded_answer():
    tried = {source for source, name, *_ in LISTS if not name.startswith(("docs_", "test_fixture_"))} | {"ollama"}
    tried |= {f"{provider}-deprecations" for provider in PAGES_TRIED}
    assert [each.name for each in all_sources() if not each.covers_many and each.verified != (each.name in tried)] == []


def test_every_path_exists():
    paths = set(re.findall(r"`((?:registry_cli|tests)/[\w/]+(?:\.py)?)`", TEXT)) - {
        "registry_cli/sources/initech.py",
        "tests/sources/test_initech.py",
    }
    assert len(paths) > 6
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_the_example_reads_a_list():
    code = re.search(r"^   ```python\n(.*?)^   ```$", TEXT, re.MULTILINE | re.DOTALL)[1]
    names = {}
    exec(textwrap.dedent(code), names)  # noqa: S102  # our own page
    source: Source = names["SOURCE"]
    row = {"name": "m", "kind": "text", "window": 1000, "in": "0.000001", "out": "-1"}
    body = json.dumps({"models": [row, {"name": "../n"}], "new_key": 1}).encode()
    seen = source.read_answers([Page(body)], "initech")
    [model] = seen.providers[0].models
    assert (model.id, model.facts) == ("m", {"mode": "chat", "context_window": 1000, "pricing": {"input": 1}})
    assert [note.reason for note in seen.notes] == ["a negative price is an unknown one", "a path, not an id"]
    [more] = source.next_requests(Request(source.base_url + source.path), b'{"next_page": "p 2"}')
    assert more.url == "https://api.initech.example/v1/models?page=p%202"
