"""`llmreg sql`, and `docs/sql.md`, which must describe what is there."""

import re
import sqlite3
import time

import pytest

from registry_cli.commands.query.sql import distinct_columns
from registry_cli.core.format.fields import RATES
from registry_cli.errors import UsageError
from registry_cli.store.index.index import open_index
from registry_cli.store.index.sql import run_sql
from registry_cli.store.timeline.timeline_sql import TABLES as PAST
from tests.support.paths import ROOT
from tests.support.random_catalogs import write_catalog

DOCS = (ROOT / "docs" / "sql.md").read_text()
CATALOG = {
    "acme": {
        "models": {
            "big": {
                "capabilities": ["tools"],
                "modalities": {"input": ["text", "image"]},
                "pricing": {"input": 3, "output": 0.1, "variants": [{"when": {"from": "2000-01-01"}, "input": 2}]},
                "retirement_date": "2001-01-01",
                "aliases": ["huge"],
            },
            "cny": {"pricing": {"currency": "CNY", "input": 1}},
        }
    }
}


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with open_index(write_catalog(tmp_path_factory.mktemp("catalog"), CATALOG), None, None) as opened:
        yield opened


def described():
    """Table or view -> the names in code that its section sets out as columns."""
    sections = re.split(r"^### ", DOCS, flags=re.MULTILINE)[1:]
    return {section.split("\n", 1)[0]: re.sub(r"```.*?```", "", section, flags=re.DOTALL) for section in sections}


@pytest.fixture
def whole(index):
    """With the tables that are made when a statement names them."""
    index.connection.executescript(";".join(PAST.values()))
    yield index
    index.connection.executescript("DROP TABLE temp.changes; DROP TABLE temp.prices_over_time")


def test_docs_describe_the_schema(whole):
    index = whole
    every = "SELECT * FROM sqlite_schema UNION ALL SELECT * FROM sqlite_temp_schema"
    kinds = dict(index.fetch_rows(f"SELECT name, type FROM ({every}) WHERE type IN ('table', 'view')"))  # noqa: S608  # ours
    sections = described()
    assert sections.keys() == kinds.keys()
    for table in kinds:
        columns = {row[1] for row in run_sql(index, f"PRAGMA table_info({table})")[1]}
        told = set(re.findall(r"`(\w+)`", sections[table]))
        wanted = columns - set(RATES) if table == "catalog" else columns
        assert wanted <= told, f"docs/sql.md leaves out {sorted(wanted - told)} of {table}"


def test_statements_of_the_docs_run(whole):
    statements = re.findall(r"```sql\n(.*?)```", DOCS, flags=re.DOTALL) + re.findall(r"llmreg sql '(.*?)'", DOCS)
    assert len(statements) >= 4
    for statement in statements:
        run_sql(whole, statement)


def test_views(index):
    assert run_sql(index, "SELECT full_id, status, input, output FROM catalog ORDER BY 1") == (
        ("full_id", "status", "input", "output"),
        [("acme/big", "retired", 2.0, 0.1), ("acme/cny", "active", None, None)],
    )
    assert run_sql(index, "SELECT capability FROM has_capability ORDER BY 1")[1] == [
        ("function_calling",),
        ("vision",),
    ]
    assert run_sql(index, "SELECT kind FROM has_modality WHERE direction = 'input' ORDER BY 1")[1] == [
        ("image",),
        ("text",),
    ]
    assert ("huge", "acme/big") in run_sql(index, "SELECT * FROM all_names")[1]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("delete from models", "only reading is allowed"),
        ("create table x (y)", "only reading is allowed"),
        ("create temp table x (y)", "only reading is allowed"),
        ("attach ':memory:' as other", "only reading is allowed"),
        ("vacuum into '/tmp/x'", "only reading is allowed"),
        ("pragma journal_mode = wal", "only reading is allowed"),
        ("pragma writable_schema = 1", "only reading is allowed"),
        ("begin", "only reading is allowed"),
        ("select load_extension('x')", "load_extension"),
        ("select 1; select 2", "one statement"),
        ("select nope from models", "no such column: nope"),
        ("selec", "syntax error"),
        ("", "one SELECT"),
        ("-- nothing", "one SELECT"),
        ("select '\0'", "null character"),
        ("select zeroblob(100000000)", "too big"),
        ("select printf('%.*c', 900000000, 'x')", "a width or precision above 100,000"),
        ("select format('%.900000000c', 'x')", "a width or precision above 100,000"),
        ("select printf('%' || '.*c', id, 'x') from (select 2000000000 as id)", "a width or precision above 100,000"),
        ("select printf('%*.*f', 1, 999999, 1.5)", "a width or precision above 100,000"),
        ("select printf('%s%s', hex(zeroblob(4000000)), hex(zeroblob(4000000)))", "a text of more than 10 MB"),
        ("select 9e999", "beyond all bounds"),
        ("select -9e999, 1", "beyond all bounds"),
        ("select zeroblob(10000000) from models a, models b, models c", "more than 50 MB"),
        (f"select {', '.join(['zeroblob(10000000)'] * 101)}", "too many columns"),
        ("with recursive t(x) as (select 1 union all select x + 1 from t) select x from t", "rows; add a LIMIT"),
    ],
)
def test_refused(index, statement, said):
    with pytest.raises(UsageError, match=re.escape(said)):
        run_sql(index, statement)
    assert index.fetch_rows("SELECT count(*) FROM models") == [(2,)]


def test_refused_at_once(index):
    start = time.monotonic()
    with pytest.raises(UsageError):
        run_sql(index, "select printf('%.*c', 900000000, 'x')")
    assert time.monotonic() - start < 1


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        ("select printf('%.2f %5d|%-4s|%,d %% %c', 1.005, 42, 'ab', 1234567, 'xyz')", "1.01    42|ab  |1,234,567 % x"),
        ("select format('%.*f', 3, 2.5)", "2.500"),
        ("select printf('%s', null)", ""),
        ("select printf('%*d', 12, 900000000)", "   900000000"),
        ("select printf('%%%*s', '3', 'x')", "%  x"),
        ("select printf(null)", None),
        ("select printf('%d', 9000000000)", "9000000000"),
        ("select printf('%.3c|%5s', 'x', 'é')", "xxx|   é"),
        ("select count(*) where 1 < 9e999", 1),
    ],
)
def test_formats_are_sqlites_own(index, statement, value):
    assert run_sql(index, statement)[1] == [(value,)]
    assert sqlite3.connect(":memory:").execute(statement).fetchone() == (value,)


def test_stopped_in_time(index):
    endless = "with recursive t(x) as (select 1 union all select x + 1 from t) select count(*) from t"
    with pytest.raises(UsageError, match=r"stopped after 0\.05 seconds"):
        run_sql(index, endless, seconds=0.05)


def test_columns_of_one_name_are_told_apart():
    assert distinct_columns(["id", "name", "id", "id_2", "id"]) == ("id", "name", "id_3", "id_2", "id_4")
