"""Where sources disagree, as rows and as documents."""

from collections.abc import Sequence
from typing import Any

from registry_cli.core.catalog.absent import ABSENT
from registry_cli.core.checks.outliers import Outlier
from registry_cli.core.matching.disagreements import Disagreement, Voice
from registry_cli.core.merging.freshness import CITES
from registry_cli.core.query.table import Table
from registry_cli.core.statements.statement_days import describe_day, is_exact, latest
from registry_cli.core.text.exact_json import dumps
from registry_cli.render.text import cell

COLUMNS = ("model", "field", "off", "file", "sources")
OUTLIERS = ("model", "field", "value", "typical", "providers", "why")
SUMMARY = ("by", "name", "disagreements", "models")


def table(found: Sequence[Disagreement]) -> Table:
    """A row a disagreement; `off` is in per cent, `sources` who says what, since when, and on which day it last did."""
    rows = [(each.model, each.field, round(each.off, 1), _file(each), _voices(each.voices)) for each in found]
    return Table(COLUMNS, rows, frozenset({2}), documents=[_document(each) for each in found])


def outlier_table(found: Sequence[Outlier]) -> Table:
    """A row an outlier: the value, what is typical, and of how many other providers that is the median."""
    rows = [(each.model, each.field, each.value, each.typical, each.providers, each.reason) for each in found]
    documents = [dumps(dict(zip(OUTLIERS, row, strict=True))) for row in rows]
    return Table(OUTLIERS, rows, frozenset({2, 3, 4}), documents=documents)


def summary_table(rows: Sequence[tuple[str, str, int, int]]) -> Table:
    return Table(SUMMARY, rows, frozenset({2, 3}))


def _file(each: Disagreement) -> Any:
    return None if each.file is ABSENT else _short(each.file)


def _voices(voices: Sequence[Voice]) -> str:
    """`2.5 (models.dev 2026-07-02); 2 (litellm 2026-11-20)`; those who agree stand together."""
    agreeing: dict[str, list[str]] = {}
    for voice in voices:
        agreeing.setdefault(cell(_short(voice.value)), []).append(_told(voice))
    return "; ".join(f"{value} ({' / '.join(who)})" for value, who in agreeing.items())


def _told(voice: Voice) -> str:
    """`litellm 2026-11-28, first stated 2026-11-01, cites the provider's page`; no first day that is the last."""
    first = "" if latest(voice.since) in ("", voice.checked[:10]) else f"first stated {describe_day(voice.since)}"
    cites = CITES if voice.cites else ""
    return ", ".join(filter(None, (f"{voice.source} {voice.checked[:10]}".rstrip(), first, cites)))


def _short(value: Any) -> Any:
    """A variant without the condition that its field names already."""
    if isinstance(value, dict) and "when" in value:
        return ", ".join(f"{name} {cell(rate)}" for name, rate in value.items() if name != "when")
    return value


def _document(each: Disagreement) -> str:
    row = {
        "model": each.model,
        "field": each.field,
        "off_percent": round(each.off, 1),
        "file": None if each.file is ABSENT else each.file,
        "sources": [
            {
                "source": voice.source,
                "value": voice.value,
                "checked": voice.checked or None,
                "since": latest(voice.since) or None,
                "since_or_earlier": bool(voice.since) and not is_exact(voice.since),
                "cites_provider": voice.cites,
            }
            for voice in each.voices
        ],
        "kept": each.kept,
    }
    return dumps(row)
