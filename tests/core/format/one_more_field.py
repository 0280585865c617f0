"""Asks every reader of the table of fields for the field `seats`, which `test_fields.py` has added to it."""

import sqlite3

from registry_cli.commands.query import compare, show
from registry_cli.core.catalog.build import build_provider
from registry_cli.core.edits.difference import find_field_changes
from registry_cli.core.format.layout import sort_provider
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.history.changes import CHANGED, ModelChange
from registry_cli.core.history.flat_fields import flatten_history
from registry_cli.core.history.summary import summarize_changes
from registry_cli.core.query.columns import parse_columns
from registry_cli.core.query.filters import parse_order
from registry_cli.core.query.flat_rows import flatten_entry, nest_cells
from registry_cli.core.statements.facts import fields_of
from registry_cli.core.statements.record_shapes import is_fact
from registry_cli.exports.facts import stated_fields
from registry_cli.sources.csv_list import parse
from registry_cli.store.index.rows import write_provider
from registry_cli.store.index.schema import TABLES, VIEWS

body = {"modalities": {"input": ["text"]}, "seats": 4, "output_dimensions": 8}
keys = list(sort_provider({"models": {"m": body}})["models"]["m"])
assert keys == ["output_dimensions", "seats", "modalities"], keys
connection = sqlite3.connect(":memory:")
connection.executescript(TABLES + VIEWS)
write_provider(connection, build_provider("p", [{"models": {"m": body}}], None, Vocabulary({})), "digest")
assert connection.execute("SELECT seats FROM catalog").fetchall() == [(4,)]
assert parse_columns(["seats"], None)[0].numeric
assert parse_columns(["s"], None)[0].source == "seats"
assert parse_order(["-s"]).keys == (("seats", True),)
assert show._LIMITS["seats"] == "seats"
assert "seats" in compare._LIMITS
assert nest_cells(flatten_entry(body)) == body
assert parse(b"id,seats\np/m,4\n").providers[0].models[0].facts == {"seats": 4}
assert fields_of(body)["seats"] == 4
assert is_fact("seats", 4)
assert not is_fact("seats", "many")
assert flatten_history(body, str)["seats"] == 4
assert [change.field for change in find_field_changes("p/m", body, {**body, "seats": 5})] == ["seats"]
assert summarize_changes([ModelChange("p", "m", CHANGED, "seats", 4, 5)])[0].kind == "limit"
assert "seats" in set(stated_fields(body))
