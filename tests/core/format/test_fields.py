"""The table of fields: it is the schema's, and a field that is added to it is known everywhere."""

import ast
import subprocess
import sys
from pathlib import Path

from registry_cli.core.format.fields import FIELDS, GROUPS, RATES, parts_of
from registry_cli.store.catalog.bundled import read_schema

PACKAGE = Path(__file__).parents[3] / "registry_cli"
NAMES = frozenset(parts_of(""))
ENOUGH = 3  # names of fields that make a list of fields

# Lists that are about something else than which fields there are.
OTHER_LISTS = {
    "core/format/fields.py": "the table",
    "core/format/layout.py": "the keys of a provider",
    "core/checks/rules/duplicate_entry.py": "the sets that people write by hand",
    "core/query/comparisons.py": "filters, which are named like the facts that they compare",
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

# A process of its own adds a row before anything else has read the table, then runs `one_more_field.py`.
WITH_ONE_MORE = '''
import runpy, sys
from pathlib import Path
from registry_cli.core.format import fields
source = Path(fields.__file__).read_text(encoding="utf-8")
row = """ModelField("seats", COUNT, LIMITS, "seats", is_compared=True, has_column=True, is_sortable=True, short="s"),"""
here = 'ModelField("modalities", '
assert source.count(here) == 1
exec(compile(source.replace(here, f"{row}\\n    {here}"), "fields", "exec"), vars(fields))
runpy.run_path(sys.argv[1])
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
    script = Path(__file__).with_name("one_more_field.py")
    done = subprocess.run([sys.executable, "-c", WITH_ONE_MORE, script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_other_module_lists_fields():
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if len(NAMES.intersection(_texts_in(node))) >= ENOUGH:
                found[path.relative_to(PACKAGE).as_posix()] = node.lineno
    assert found.keys() - OTHER_LISTS.keys() == set(), found
    assert OTHER_LISTS.keys() - found.keys() <= {"core/format/fields.py"}


def _texts_in(node: ast.AST) -> list[str]:
    """The texts directly in a tuple, list or set, or among the keys of a mapping."""
    items = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
    return [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]
