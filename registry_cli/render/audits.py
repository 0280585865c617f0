"""Disagreements of sources and outliers, as tables and JSON."""

from collections.abc import Sequence
from typing import Any

from registry_cli.core.checks.outliers import Outlier
from registry_cli.core.format.absent import ABSENT
from registry_cli.core.matching.disagreements import Disagreement, Voice
from registry_cli.core.merging.freshness import CITES
from registry_cli.core.query.table import Table
from registry_cli.core.statements.statement_days import describe_day, is_exact, latest_day
from registry_cli.core.text.exact_json import dumps
from registry_cli.render.text import cell_text

COLUMNS = ("model", "field", "off", "file", "sources")
OUTLIERS = ("model", "field", "value", "typical", "providers", "why")
SUMMARY = ("by", "name", "disagreements", "models")


def disagreement_table(disagreements: Sequence[Disagreement]) -> Table:
    """A row for each disagreement. `off` is in per cent; `sources` has each value with its sources and their days."""
    rows, documents = [], []
    for item in disagreements:
        rows.append((item.model, item.field, round(item.off, 1), _file_value(item), _voices_cell(item.voices)))
        documents.append(_disagreement_document(item))
    return Table(COLUMNS, rows, frozenset({2}), documents=documents)


def outlier_table(outliers: Sequence[Outlier]) -> Table:
    """A row for each outlier: the value, the median of other providers, and how many providers these are."""
    rows, documents = [], []
    for item in outliers:
        row = (item.model, item.field, item.value, item.typical, item.providers, item.reason)
        rows.append(row)
        documents.append(dumps(dict(zip(OUTLIERS, row, strict=True))))
    return Table(OUTLIERS, rows, frozenset({2, 3, 4}), documents=documents)


def summary_table(rows: Sequence[tuple[str, str, int, int]]) -> Table:
    return Table(SUMMARY, rows, frozenset({2, 3}))


def _file_value(disagreement: Disagreement) -> Any:
    return None if disagreement.file is ABSENT else _without_condition(disagreement.file)


def _voices_cell(voices: Sequence[Voice]) -> str:
    """`2.5 (models.dev 2026-07-02); 2 (litellm 2026-11-20)`: each value with the sources that state it."""
    agreeing: dict[str, list[str]] = {}
    for voice in voices:
        agreeing.setdefault(cell_text(_without_condition(voice.value)), []).append(_voice_words(voice))
    return "; ".join(f"{value} ({' / '.join(who)})" for value, who in agreeing.items())


def _voice_words(voice: Voice) -> str:
    """`litellm 2026-11-28, first stated 2026-11-01, cites the provider's page`.

    The first day is left out if it is also the last one.
    """
    first = "" if latest_day(voice.since) in ("", voice.checked[:10]) else f"first stated {describe_day(voice.since)}"
    cites = CITES if voice.cites else ""
    return ", ".join(filter(None, (f"{voice.source} {voice.checked[:10]}".rstrip(), first, cites)))


def _without_condition(value: Any) -> Any:
    """A variant without the condition that its field names already."""
    if isinstance(value, dict) and "when" in value:
        return ", ".join(f"{name} {cell_text(rate)}" for name, rate in value.items() if name != "when")
    return value


def _disagreement_document(disagreement: Disagreement) -> str:
    row = {
        "model": disagreement.model,
        "field": disagreement.field,
        "off_percent": round(disagreement.off, 1),
        "file": None if disagreement.file is ABSENT else disagreement.file,
        "sources": [_voice_document(voice) for voice in disagreement.voices],
        "kept": disagreement.kept,
    }
    return dumps(row)


def _voice_document(voice: Voice) -> dict[str, Any]:
    return {
        "source": voice.source,
        "value": voice.value,
        "checked": voice.checked or None,
        "since": latest_day(voice.since) or None,
        "since_or_earlier": bool(voice.since) and not is_exact(voice.since),
        "cites_provider": voice.cites,
    }
