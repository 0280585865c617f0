"""The tables of the index; `docs/sql.md` explains them to people."""

from registry_cli.core.catalog.status import DATE_OF_STATUS
from registry_cli.core.format.fields import COLUMNS, COUNT, ENDING, ENTRY, FLAG, KNOWLEDGE, RATES, RELEASE, TOKENS

VERSION = 1

# The index fills these in where an entry does not state them, or stores them otherwise.
_COLUMN = {"status": "stated_status TEXT", "billing": "billing TEXT NOT NULL"}
_TYPES = {TOKENS: "INTEGER", COUNT: "INTEGER", FLAG: "INTEGER"}
_PLAIN_COLUMNS = {field.path: f"{field.path} {_TYPES.get(field.kind, 'TEXT')}" for field in COLUMNS}
_COLUMNS = "".join(f"  {column},\n" for column in (_PLAIN_COLUMNS | _COLUMN).values())
_RATES = "".join(f"  {rate} REAL,\n" for rate in RATES)

TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE providers (
  id TEXT PRIMARY KEY,
  name TEXT,
  billing TEXT NOT NULL,
  default_model TEXT,
  homepage TEXT,
  documentation TEXT,
  body TEXT NOT NULL,
  digest TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE provider_aliases (
  alias TEXT NOT NULL, provider TEXT NOT NULL, PRIMARY KEY (alias, provider)
) WITHOUT ROWID;
CREATE TABLE models (
  key INTEGER PRIMARY KEY,
  full_id TEXT NOT NULL UNIQUE,
  provider TEXT NOT NULL,
  id TEXT NOT NULL,
{_COLUMNS}  overlay TEXT,
  body TEXT NOT NULL
);
CREATE INDEX models_by_id ON models (id);
CREATE INDEX models_by_provider ON models (provider, id);
CREATE TABLE model_aliases (
  alias TEXT NOT NULL, model INTEGER NOT NULL, PRIMARY KEY (alias, model)
) WITHOUT ROWID;
CREATE TABLE rates (
  model INTEGER NOT NULL,
  since TEXT NOT NULL,
  until TEXT NOT NULL,
  currency TEXT NOT NULL,
  free INTEGER NOT NULL,
  input_text TEXT,
  output_text TEXT,
{_RATES}  price TEXT,
  PRIMARY KEY (model, since)
) WITHOUT ROWID;
CREATE TABLE model_capabilities (
  capability TEXT NOT NULL, model INTEGER NOT NULL, derived TEXT, PRIMARY KEY (capability, model)
) WITHOUT ROWID;
CREATE INDEX model_capabilities_by_model ON model_capabilities (model);
CREATE TABLE modalities (
  direction TEXT NOT NULL, kind TEXT NOT NULL, model INTEGER NOT NULL, PRIMARY KEY (direction, kind, model)
) WITHOUT ROWID;
CREATE TABLE capabilities (
  name TEXT PRIMARY KEY,
  meaning TEXT NOT NULL,
  link TEXT,
  scope TEXT NOT NULL,
  place INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE unknown_keys (
  file TEXT NOT NULL, provider TEXT NOT NULL, names TEXT NOT NULL, models INTEGER NOT NULL
);
CREATE TABLE capability_aliases (alias TEXT PRIMARY KEY, capability TEXT NOT NULL) WITHOUT ROWID;
"""

_DATED_STATUSES = "".join(
    f"    WHEN m.stated_status = '{status}' OR m.{date} <= {{day}} THEN '{status}'\n"
    for status, date in DATE_OF_STATUS.items()
)
# `core.catalog.status.find_status` in SQL. `{day}` is an SQL expression for the day.
STATUS = f"""CASE
{_DATED_STATUSES}    ELSE coalesce(m.stated_status, 'active')
  END"""

# The view has the prices in front of what tells the age of a model.
_STATUS_TODAY = STATUS.format(day="date('now')")
_AGE = (KNOWLEDGE, RELEASE, ENDING, ENTRY)
_AGE_COLUMNS = ", ".join(f"m.{field.path}" for field in COLUMNS if field.section in _AGE)
_OTHER_COLUMNS = ", ".join(
    f"{_STATUS_TODAY} AS status" if field.path == "status" else f"m.{field.path}"
    for field in COLUMNS
    if field.section not in _AGE
)
VIEWS = f"""
CREATE VIEW catalog AS SELECT
  m.full_id, m.provider, m.id, {_OTHER_COLUMNS},
  r.currency, r.free, {", ".join(f"r.{rate}" for rate in RATES)},
  {_AGE_COLUMNS}
FROM models m JOIN rates r ON r.model = m.key AND r.since <= date('now') AND date('now') < r.until;
CREATE VIEW has_capability AS SELECT m.full_id, m.provider, c.capability, c.derived
FROM model_capabilities c JOIN models m ON m.key = c.model;
CREATE VIEW has_modality AS SELECT m.full_id, m.provider, x.direction, x.kind
FROM modalities x JOIN models m ON m.key = x.model;
CREATE VIEW all_names AS
  SELECT full_id AS name, full_id FROM models
  UNION ALL SELECT a.alias, m.full_id FROM model_aliases a JOIN models m ON m.key = a.model;
"""
