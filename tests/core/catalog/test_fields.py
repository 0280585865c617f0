"""The table of fields: it is the schema's, and a field that is added to it is known everywhere."""

import ast
import subprocess
import sys
from pathlib import Path

from registry_cli.core.catalog.fields import FIELDS, GROUPS, RATES, parts_of
from registry_cli.store.catalog.bundled import read_schema

PACKAGE = Path(__file__).parents[3] / "registry_cli"
NAMES = frozenset(parts_of(""))
ENOUGH = 3  # names of fields that make a list of fields

# Lists that are about something else than which fields there are.
OTHER_LISTS = {
    "core/catalog/fields.py": "the table",
    "core/catalog/layout.py": "the keys of a provider",
    "core/checks/rules/duplicate_entry.py": "the sets that people write by hand",
    "core/matching/disagreements.py": "fields of wording, which may differ",
    "core/merging/implausible.py": "a name for each of the limits",
    "core/merging/inference.py": "three values that settle the status",
    "core/merging/standing.py": "what one source knows least about",
    "commands/billing/cost.py": "what a bill needs",
    "commands/query/deprecations.py": "the columns of one command",
    "exports/exllm.py": "ExLLM's format",
    "exports/openrouter.py": "OpenRouter's format",
    "sources/litellm.py": "LiteLLM's format",
}

# Declares one more field before anything else has read the table, and asks every reader of it.
WITH_ONE_MORE = '''
import registry_cli.core.catalog.fields as fields
from pathlib import Path
source = Path(fields.__file__).read_text(encoding="utf-8")
row = """ModelField("seats", COUNT, LIMITS, "seats", is_compared=True, has_column=True, is_sortable=True, short="s"),"""
here = 'ModelField("modalities", '
assert source.count(here) == 1
exec(compile(source.replace(here, f"{row}\\n    {here}"), "fields", "exec"), vars(fields))

import sqlite3
from registry_cli.commands.query import compare, show
from registry_cli.core.catalog.build import build_provider
from registry_cli.core.catalog.layout import in_canonical_order
from registry_cli.core.catalog.vocabulary import Vocabulary
from registry_cli.core.edits.difference import changes
from registry_cli.core.history.flat_fields import leaves_of
from registry_cli.core.history.summary import news_of
from registry_cli.core.history.changes import CHANGED, ModelChange
from registry_cli.core.query.columns import parse_columns
from registry_cli.core.query.filters import parse_order
from registry_cli.core.query.flat_rows import flat, nested
from registry_cli.core.statements.facts import fields_of
from registry_cli.core.statements.record_shapes import is_fact
from registry_cli.exports.facts import stated_fields
from registry_cli.sources.csv_list import parse
from registry_cli.store.index.rows import write_provider
from registry_cli.store.index.schema import TABLES, VIEWS

body = {"modalities": {"input": ["text"]}, "seats": 4, "output_dimensions": 8}
keys = list(in_canonical_order({"models": {"m": body}})["models"]["m"])
assert keys == ["output_dimensions", "seats", "modalities"], keys
connection = sqlite3.connect(":memory:")
connection.executescript(TABLES + VIEWS)
write_provider(connection, build_provider("p", [{"models": {"m": body}}], None, Vocabulary({})), "digest")
assert connection.execute("SELECT seats FROM catalog").fetchall() == [(4,)]
assert parse_columns(["seats"], None)[0].numeric and parse_columns(["s"], None)[0].source == "seats"
assert parse_order(["-s"]).keys == (("seats", True),)
assert show._LIMITS["seats"] == "seats" and "seats" in compare._LIMITS
assert nested(flat(body)) == body
assert parse(b"id,seats\\np/m,4\\n").providers[0].models[0].facts == {"seats": 4}
assert fields_of(body)["seats"] == 4
assert is_fact("seats", 4) and not is_fact("seats", "many")
assert leaves_of(body, str)["seats"] == 4
assert [change.field for change in changes("p/m", body, {**body, "seats": 5})] == ["seats"]
assert news_of([ModelChange("p", "m", CHANGED, "seats", 4, 5)])[0].kind == "limit"
assert "seats" in set(stated_fields(body))
'''


def test_the_table_has_the_fields_of_the_schema():
    definitions = read_schema()["$defs"]
    properties = definitions["model"]["properties"]
    assert {name for name, field in properties.items() if not field.get("deprecated")} == NAMES
    for group in GROUPS - {"pricing"}:
        assert {*definitions[group]["properties"]} == {*parts_of(group)}
    assert set(RATES) < set(definitions["pricing"]["properties"])


def test_a_part_follows_its_mapping():
    seen = []
    for field in FIELDS:
        mapping = field.path.rpartition(".")[0]
        assert not mapping or mapping in seen
        seen.append(field.path)
    assert len({*seen}) == len(seen)


def test_one_more_row_is_enough_for_a_new_field():
    done = subprocess.run([sys.executable, "-c", WITH_ONE_MORE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_other_module_lists_fields():
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if len(NAMES.intersection(_texts_in(node))) >= ENOUGH:
                found[path.relative_to(PACKAGE).as_posix()] = node.lineno
    assert found.keys() - OTHER_LISTS.keys() == set(), found
    assert OTHER_LISTS.keys() - found.keys() <= {"core/catalog/fields.py"}


def _texts_in(node: ast.AST) -> list[str]:
    """The texts directly in a tuple, list or set, or among the keys of a mapping."""
    items = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
    return [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
