"""Entries -> rows of the index. Imported only when something has to be written."""

import sqlite3
from collections.abc import Iterator

from registry_cli.core.catalog.models import Model, Provider, answer_body
from registry_cli.core.format.fields import COLUMNS, RATES
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.pricing.rates import headline_spans
from registry_cli.core.query.evaluate import is_free
from registry_cli.core.text.exact_json import dumps, format_plain

_COLUMN_NAMES = tuple(field.path for field in COLUMNS)
_INSERT_MODEL = f"INSERT INTO models VALUES (NULL, ?, ?, ?{', ?' * len(_COLUMN_NAMES)}, ?, ?)"
_INSERT_RATES = f"INSERT INTO rates VALUES ({', '.join('?' * (len(RATES) + 8))})"


def write_vocabulary(connection: sqlite3.Connection, vocabulary: Vocabulary) -> None:
    terms = vocabulary.terms.values()
    connection.executemany(
        "INSERT INTO capabilities VALUES (?, ?, ?, ?, ?)",
        [(term.name, term.meaning, term.link, term.scope, place) for place, term in enumerate(terms)],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO capability_aliases VALUES (?, ?)",
        [(spelling, term.name) for term in terms for spelling in (*term.aliases, term.name)],
    )


def remove_provider(connection: sqlite3.Connection, provider: str) -> None:
    own = "IN (SELECT key FROM models WHERE provider = ?)"
    for table in ("model_aliases", "rates", "model_capabilities", "modalities"):
        connection.execute(f"DELETE FROM {table} WHERE model {own}", (provider,))
    connection.execute("DELETE FROM models WHERE provider = ?", (provider,))
    for table in ("provider_aliases", "unknown_keys"):
        connection.execute(f"DELETE FROM {table} WHERE provider = ?", (provider,))
    connection.execute("DELETE FROM providers WHERE id = ?", (provider,))


def write_provider(connection: sqlite3.Connection, provider: Provider, digest: str) -> None:
    body = provider.body
    connection.execute(
        "INSERT INTO providers VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            provider.id, provider.name, provider.billing, provider.default_model,
            body.get("homepage"), body.get("documentation"), dumps(body), digest,
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT OR IGNORE INTO provider_aliases VALUES (?, ?)", [(alias, provider.id) for alias in provider.aliases]
    )
    connection.executemany(
        "INSERT INTO unknown_keys VALUES (?, ?, ?, ?)",
        [(each.file, provider.id, dumps(each.names), each.models) for each in provider.unknown_keys],
    )
    for model in provider.models.values():
        _write_model(connection, model)


def _write_model(connection: sqlite3.Connection, model: Model) -> None:
    key = connection.execute(
        _INSERT_MODEL,
        (
            model.full_id,
            model.provider,
            model.id,
            *map({**model.body, "billing": model.billing}.get, _COLUMN_NAMES),
            dumps(model.overlay) if model.overlay else None,
            dumps(answer_body(model)),
        ),
    ).lastrowid
    connection.executemany(_INSERT_RATES, _rate_rows(key, model))
    connection.executemany(
        "INSERT OR IGNORE INTO model_aliases VALUES (?, ?)", [(alias, key) for alias in model.aliases]
    )
    connection.executemany(
        "INSERT INTO model_capabilities VALUES (?, ?, ?)",
        [(name, key, model.derived_capabilities.get(name)) for name in sorted(model.capabilities)],
    )
    connection.executemany(
        "INSERT OR IGNORE INTO modalities VALUES (?, ?, ?)",
        [("input", kind, key) for kind in model.modalities.input]
        + [("output", kind, key) for kind in model.modalities.output],
    )


def _rate_rows(key: int | None, model: Model) -> Iterator[tuple[object, ...]]:
    currency = model.pricing.currency if model.pricing else "USD"
    for span in headline_spans(model):
        known = {name: rate for name, rate in span.rates.items() if rate is not None}
        comparable = known if currency == "USD" else {}
        yield (
            key,
            span.since,
            span.until,
            currency,
            is_free(model, span.rates),
            format_plain(known["input"]) if "input" in known else None,
            format_plain(known["output"]) if "output" in known else None,
            *(float(comparable[rate]) if rate in comparable else None for rate in RATES),
            dumps({"currency": currency, **span.rates}) if span.rates else None,
        )
