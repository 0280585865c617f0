"""`fmt`: the canonical order and layout; data and comments stay, or the file does."""

import random
from collections import Counter

import pytest

from registry_cli.commands.edit.fmt import format_text
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.yamledit.apply import equal_data
from registry_cli.yamledit.comments import comments_of
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.nodes import compose_tree
from registry_cli.yamledit.ops import OperationError
from registry_cli.yamledit.reformat import Taste, reformat_text
from tests.support.edit_workspace import ACME, EditWorkspace
from tests.support.random_yaml import ORDER, Hand, random_mapping

MESSY = """\
# head

# License
models:   # the models
    # about a
    a: # hm
        aliases: [x,
          # inner
          y] # al
        release_date:   2026-01-15
        pricing: {output: 10, input: 2.50}  # pr

        # on status
        status: "active"
        description: >
          Folded text
          here.

            more
        capabilities:
            - vision   # v
            # on tools
            - tools
            - # item
              own_thing:
                status: beta
            # end of the list
        # end of a


    b: {context_window: 10}
    c: {}
# above the provider
provider: acme  # x
# end
"""

TIDY = """\
# head

# License
# above the provider
provider: acme  # x
models:   # the models
  # about a
  a: # hm
    description: >
      Folded text
      here.

        more
    aliases: # al
    - x
    # inner
    - 'y'

    # on status
    status: active
    pricing:  # pr
      input: 2.50
      output: 10
    capabilities:
    - vision   # v
    # on tools
    - tools
    # item
    - own_thing:
        status: beta
      # end of the list
    release_date: '2026-01-15'
    # end of a

  b:
    context_window: 10

  c: {}
# end
"""


def comments(text: str) -> Counter[str]:
    bare = text.removeprefix("\ufeff")
    return Counter(comment.text for comment in comments_of(bare, compose_tree(bare)))


def test_the_canonical_layout(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", MESSY)
    ran = workspace.done("fmt")
    assert workspace.text() == TIDY
    assert (ran.out, ran.err) == ("config/models/acme.yml\n", "1 of 1 files changed\n")
    assert workspace.done("fmt").err == "0 of 1 files changed\n"


def test_check_and_dry_run_write_nothing(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", MESSY)
    assert "1 of 1 files would change" in workspace.refused(1, "fmt", "--check")
    assert "would change" in workspace.refused(0, "fmt", "--dry-run", "--diff")
    workspace.write("acme.yml", TIDY)
    workspace.refused(0, "fmt", "--check")


def test_diff_only_shows(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", MESSY)
    for arguments in (("--diff",), ("--diff", "--check"), ("--diff", "config/models/acme.yml")):
        ran = workspace.run("fmt", *arguments)
        assert (ran.code, ran.err) == (1, "1 of 1 files would change\n")
        assert ran.out.startswith("--- ")
        assert workspace.text() == MESSY
    workspace.write("acme.yml", TIDY)
    assert workspace.done("fmt", "--diff").out == ""


def test_only_the_paths_that_are_named(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", MESSY)
    workspace.write("other.yml", "provider: other\nmodels:\n    a: {}\n")
    workspace.done("fmt", "config/models/other.yml")
    assert workspace.text("other.yml") == "provider: other\nmodels:\n  a: {}\n"
    assert workspace.text() == MESSY


def test_line_ends_and_a_mark_stay(workspace: EditWorkspace) -> None:
    workspace.write("acme.yml", "\ufeff" + MESSY.replace("\n", "\r\n"))
    workspace.done("fmt")
    assert workspace.text() == "\ufeff" + TIDY.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("provider: acme\nmodels:\n  a: &x {}\n  b: *x\n", "anchors, aliases or tags"),
        ("provider: acme\nmodels: {}\n...\n", "ends the document"),
        ("- a\n", "no mapping"),
        ("provider: acme\nprovider: acme\n", "duplicate-key"),
        ("provider: acme\nmodels:\n  a:\n    description: |2\n        x\n", "how far it is indented"),
    ],
)
def test_what_cannot_be_kept_is_named_and_left(workspace: EditWorkspace, text: str, said: str) -> None:
    workspace.write("bad.yml", text)
    workspace.write("acme.yml", MESSY)
    ran = workspace.run("fmt")
    assert ran.code == 6
    assert "config/models/bad.yml" in ran.err
    assert said in ran.err
    assert workspace.text("bad.yml") == text
    assert workspace.text() == TIDY


@pytest.mark.parametrize("step", [12, pytest.param(1, marks=pytest.mark.slow)])
def test_the_catalog_that_comes_along_is_laid_out_so(step: int) -> None:
    paths = sorted((bundled_data() / "config" / "models").glob("*.yml"), key=lambda path: path.stat().st_size)[::step]
    assert paths
    for path in paths:
        text = path.read_bytes().decode()
        assert format_text(text, path.stem) == text, path.name


def test_a_json_file_is_a_provider_file_too() -> None:
    assert format_text('{"provider": "acme", "models": {"a": {"aliases": ["no"]}}}', "acme") == (
        "provider: acme\nmodels:\n  a:\n    aliases: ['no']\n"
    )


def test_acme_is_tidy_but_for_a_blank_line() -> None:
    assert format_text(ACME, "acme") == ACME.replace("models:\n\n", "models:\n").replace(
        "    - function_calling: {version: '2.0'}   # detailed\n",
        "    - function_calling:   # detailed\n        version: '2.0'\n",
    )


def check(seeds: range) -> None:
    taste = Taste(lambda _: ORDER, lambda path: path[-1] in ("caps", "deep"), lambda path: len(path) == 2)
    refused = 0
    for seed in seeds:
        rng = random.Random(seed)
        text = Hand.of(rng).write(random_mapping(rng, 3, least=1))
        try:
            new = reformat_text(text, taste)
        except OperationError:
            refused += 1
            continue
        assert equal_data(load_value(new), load_value(text))
        assert comments(new) == comments(text)
        assert reformat_text(new, taste) == new
    assert refused <= len(seeds) // 100


def test_random_texts_in_many_styles() -> None:
    check(range(100))


@pytest.mark.slow
def test_many_random_texts_in_many_styles() -> None:
    check(range(100, 20_000))
