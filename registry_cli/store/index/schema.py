"""The tables of the index; `docs/sql.md` explains them to people."""

from registry_cli.core.catalog.status import DATE_OF_STATUS
from registry_cli.core.query.filters import RATES

VERSION = 1

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
  name TEXT,
  family TEXT,
  base_model TEXT,
  mode TEXT,
  stated_status TEXT,
  context_window INTEGER,
  max_input_tokens INTEGER,
  max_output_tokens INTEGER,
  output_dimensions INTEGER,
  open_weights INTEGER,
  billing TEXT NOT NULL,
  knowledge_cutoff TEXT,
  release_date TEXT,
  deprecation_date TEXT,
  retirement_date TEXT,
  replacement TEXT,
  updated_at TEXT,
  overlay TEXT,
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

VIEWS = f"""
CREATE VIEW catalog AS SELECT
  m.full_id, m.provider, m.id, m.name, m.family, m.base_model, m.mode,
  {STATUS.format(day="date('now')")} AS status,
  m.context_window, m.max_input_tokens, m.max_output_tokens, m.output_dimensions, m.open_weights, m.billing,
  r.currency, r.free, {", ".join(f"r.{rate}" for rate in RATES)},
  m.knowledge_cutoff, m.release_date, m.deprecation_date, m.retirement_date, m.replacement, m.updated_at
FROM models m JOIN rates r ON r.model = m.key AND r.since <= date('now') AND date('now') < r.until;
CREATE VIEW has_capability AS SELECT m.full_id, m.provider, c.capability, c.derived
FROM model_capabilities c JOIN models m ON m.key = c.model;
CREATE VIEW has_modality AS SELECT m.full_id, m.provider, x.direction, x.kind
FROM modalities x JOIN models m ON m.key = x.model;
CREATE VIEW all_names AS
  SELECT full_id AS name, full_id FROM models
  UNION ALL SELECT a.alias, m.full_id FROM model_aliases a JOIN models m ON m.key = a.model;
"""
