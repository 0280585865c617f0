"""What is in the catalog, from where, how sure and how fresh: the figures of docs/catalog.md, and docs/capabilities.md.

    python benchmarks/catalog_report.py [--catalog config/models] [--check]

In docs/catalog.md only what stands between the two marks is written; the prose around them is people's. `--check`
writes nothing and exits with 1 where a page is not what it would be. All of it is read from the catalog and its
records, so the same catalog makes the same pages on every day.
"""

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from registry_cli.commands.query.listing import capability_matrix, list_capabilities
from registry_cli.commands.query.open import OpenCatalog, open_catalog
from registry_cli.commands.sync.audit import AuditOptions as Audit
from registry_cli.commands.sync.audit import audit_sources, count_disagreements
from registry_cli.core.catalog.derived import PROOFS
from registry_cli.core.matching.listening import DERIVED, source_order
from registry_cli.core.merging.upstream import settle_statements
from registry_cli.core.query.table import Table
from registry_cli.render.rows import render_table
from registry_cli.sources.registry import find_source
from registry_cli.store.catalog.records import read_record

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- figures: made by benchmarks/catalog_report.py -->", "<!-- end of the figures -->"
SHOWN = 12


@dataclass
class Source:
    """What the records have from one source: of how many models, how many facts, how many of these decide, and the
    days of the oldest and the newest confirmation."""

    models: int = 0
    facts: int = 0
    decides: int = 0
    days: set[str] = field(default_factory=set)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--catalog", type=Path, default=ROOT / "config" / "models")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    catalog, page = ROOT / "docs" / "catalog.md", ROOT / "docs" / "capabilities.md"
    with open_catalog(options.catalog) as asked:
        wanted = {
            catalog: with_figures(catalog.read_text(), figures(asked, options.catalog)),
            page: capability_page(asked),
        }
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)}: {'is not what it would be' if options.check else 'written'}")
        if not options.check:
            path.write_text(wanted[path])
    return 1 if stale and options.check else 0


def with_figures(text: str, made: str) -> str:
    """A page with what stands between the marks made anew."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"docs/catalog.md has not both marks, {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{made}\n{END}{after}"


def figures(asked: OpenCatalog, folder: Path) -> str:
    sources = of_records(asked, folder)
    last = max((day for source in sources.values() for day in source.days), default="")
    day = last or newest_stamp(asked)
    parts = [
        "## In figures\n",
        f"As of {day}, the day of the last confirmation.\n" if last else f"As of {day}; no source is recorded yet.\n",
        "\n".join(f"- {line}" for line in contents(asked, day)) + "\n",
        table(("mode", "models"), by_mode(asked)),
        "### Where the facts are from\n",
        table(("source", "models", "facts stated", "of these decide", "confirmed", "tried on a real answer"),
              list(provenance(sources))),
        "### Where sources disagree\n",
        *disagreements(folder, day),
        "### One model at many hosts\n",
        table(("base model", "hosts", "cheapest input", "dearest input"), hosted(asked, day)),
        "### What is missing\n",
        "\n".join(f"- {line}" for line in missing(asked, day)) + "\n",
    ]  # fmt: skip
    return "\n".join(parts)


def newest_stamp(asked: OpenCatalog) -> str:
    ((stamp,),) = asked.index.fetch_rows("SELECT max(updated_at) FROM models")
    ((named,),) = asked.index.fetch_rows("SELECT max(json_extract(body, '$.updated_at')) FROM providers")
    return max(stamp or "", named or "")[:10]


# The catalog


def contents(asked: OpenCatalog, day: str) -> Iterator[str]:
    (models,) = one(asked, "SELECT count(*) FROM models")
    (providers,) = one(asked, "SELECT count(*) FROM providers")
    bodies = asked.index.fetch_rows("SELECT json_remove(body, '$.derived_capabilities') FROM models")
    values = sum(leaves(json.loads(body)) for (body,) in bodies)
    yield f"{providers:,} providers, {models:,} models, {values:,} values"
    states = dict(asked.index.fetch_rows("SELECT coalesce(stated_status, 'active'), count(*) FROM models GROUP BY 1"
                                   " ORDER BY 2 DESC"))  # fmt: skip
    yield "of these " + ", ".join(f"{number:,} {state}" for state, number in states.items())
    chat, window, priced = one(
        asked,
        "SELECT count(*), count(m.context_window), sum(m.billing <> 'usage' OR r.price IS NOT NULL) FROM models m"
        " JOIN rates r ON r.model = m.key AND r.since <= ? AND ? < r.until WHERE m.mode = 'chat'",
        day, day,
    )  # fmt: skip
    yield f"{chat:,} chat models: {share(window, chat)} have a context window, {share(priced, chat)} have prices or \
are sold by subscription or run on one's own machine"
    dated = "SELECT count(release_date), count(knowledge_cutoff), count(deprecation_date), count(retirement_date),\
 count(replacement) FROM models"
    names = ("a release date", "a knowledge cutoff", "a deprecation date", "a retirement date", "a replacement")
    yield "with " + ", ".join(f"{name} {number:,}" for name, number in zip(names, one(asked, dated), strict=True))
    based, identities = one(asked, "SELECT count(base_model), count(DISTINCT base_model) FROM models")
    yield f"{based:,} models are known to be one of {identities:,} base models"


def leaves(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    if isinstance(value, list):
        return sum(map(leaves, value))
    return 1


def by_mode(asked: OpenCatalog) -> list[tuple[Any, ...]]:
    return asked.index.fetch_rows("SELECT coalesce(mode, '-'), count(*) FROM models GROUP BY mode ORDER BY 2 DESC, 1")


def hosted(asked: OpenCatalog, day: str) -> list[tuple[Any, ...]]:
    """The base models that most providers have, with what the cheapest and the dearest ask."""
    return [
        (base, hosts, *(f"{price:g}" if price is not None else "-" for price in prices))
        for base, hosts, *prices in asked.index.fetch_rows(
            "SELECT m.base_model, count(DISTINCT m.provider), min(nullif(r.input, 0)), max(r.input) FROM models m"
            " JOIN rates r ON r.model = m.key AND r.since <= ? AND ? < r.until WHERE m.base_model IS NOT NULL"
            " GROUP BY m.base_model ORDER BY 2 DESC, 1 LIMIT ?",
            (day, day, SHOWN),
        )
    ]


def missing(asked: OpenCatalog, day: str) -> Iterator[str]:
    windows = (
        "SELECT provider, count(*) FROM models WHERE mode = 'chat' AND context_window IS NULL"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    yield f"chat models without a context window: {counted(asked.index.fetch_rows(windows))}"
    prices = (
        "SELECT m.provider, count(*) FROM models m JOIN rates r ON r.model = m.key AND r.since <= ? AND ? < r.until"
        " WHERE m.billing = 'usage' AND r.price IS NULL AND json_extract(m.body, '$.pricing.per') IS NULL"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    yield f"models sold by use without any price: {counted(asked.index.fetch_rows(prices, (day, day)))}"
    unknown = (
        "SELECT provider, count(*) FROM models WHERE base_model IS NULL AND mode IN ('chat', 'completion', 'responses')"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    yield f"models that answer in text and have no base model: {counted(asked.index.fetch_rows(unknown))}"


def counted(rows: Sequence[tuple[Any, ...]]) -> str:
    """`31: acme 20, other 11`."""
    shown = ", ".join(f"{provider} {number:,}" for provider, number in rows[:SHOWN])
    more = f" and {len(rows) - SHOWN} providers more" if len(rows) > SHOWN else ""
    return f"{sum(number for _, number in rows):,}" + (f" ({shown}{more})" if rows else "")


# The records


def of_records(asked: OpenCatalog, folder: Path) -> dict[str, Source]:
    found: dict[str, Source] = defaultdict(Source)
    for provider, body in asked.index.fetch_rows("SELECT id, body FROM providers ORDER BY id"):
        order = [*source_order(provider, json.loads(body)), DERIVED]
        record, _ = read_record(folder, provider)
        listed = {name for (name,) in asked.index.fetch_rows("SELECT id FROM models WHERE provider = ?", (provider,))}
        for line in (line for name, line in record.items() if name in listed):
            for name, fields in line.said.items():
                source = found[name]
                source.models += 1
                source.facts += len(fields)
                source.days |= {line.checked[name][:10]} if name in line.checked else set()
            upstream = settle_statements(
                line.id, [(each, line.said[each]) for each in order if each in line.said], "2000-01-01"
            )
            for winner, facts in Counter(
                upstream.sources[each] for each in upstream.fields.keys() - upstream.implied
            ).items():
                found[winner].decides += facts
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].decides, -pair[1].facts, pair[0])))


def provenance(sources: Mapping[str, Source]) -> Iterator[tuple[Any, ...]]:
    for name, one_source in sources.items():
        days = sorted(one_source.days)
        confirmed = "-" if not days else days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
        known = find_source(name)
        tried = "-" if known is None else "yes" if known.verified else "no"
        kind = " (a witness)" if known is not None and known.witness else ""
        counts = (f"{number:,}" for number in (one_source.models, one_source.facts, one_source.decides))
        yield (f"{name}{kind}", *counts, confirmed, tried)


def disagreements(folder: Path, day: str) -> Iterator[str]:
    found = audit_sources(Audit(), catalog=folder, on=day, cwd=Path.cwd(), environ=os.environ)
    rows = count_disagreements(found.open)
    models = len({each.model for each in found.open})
    many = f"{len(found.open):,} disagreements of more than 5 % in {models:,} models"
    yield f"{many} (`llmreg audit`), {found.hidden:,} let be.\n"
    for kind in ("field", "provider"):
        mine = [row[1:] for row in rows if row[0] == kind]
        yield table((kind, "disagreements", "models"), mine[:SHOWN])
        if len(mine) > SHOWN:
            yield f"and {len(mine) - SHOWN} more.\n"


# The pages


DERIVATION = """\
An entry need not state what its other fields prove. llmreg derives these capabilities when it reads a catalog, so that
`query --batch` finds a model with a batch price. A capability that the entry denies (`supported: false`) is never
derived; the rules [denied-capability](rules.md#denied-capability) and
[modality-capability](rules.md#modality-capability) report such a contradiction.

In JSON, `capabilities` lists what the entry states and `derived_capabilities` maps each derived capability to what
proves it. A model has both: `jq '.capabilities + (.derived_capabilities // {} | keys)'`. `llmreg show` prints
`derived from ...`; `llmreg export` sets a format's flags by both. `export csv` and `parquet` have the derived ones in a
column `derived_capabilities`, and `export json`, whose format is that of the catalog, leaves them out.

A price of 0 or `null` proves nothing, and neither does a cache-read price that is not below the input price. A price
of images, audio or video counts only where the entry does not list its modalities of that direction. The price of a
tool call (`per.web_search`) is no proof either: providers that lack the tool have it in their lists.
"""


def proofs() -> list[tuple[str, str]]:
    """Each capability that can be derived, with all that proves it."""
    evidence: dict[str, list[str]] = {}
    for proof in PROOFS:
        evidence.setdefault(proof.capability, []).append(str(proof.evidence))
    return [(capability, ", ".join(found)) for capability, found in evidence.items()]


def capability_page(asked: OpenCatalog) -> str:
    known = list_capabilities(asked)
    used = [row for row in known.rows if row[1]]
    counts = capability_matrix(asked)
    common = [name for name in counts.columns[2:] if name != "streaming"][:SHOWN]
    places = [counts.columns.index(name) for name in common]
    rows = [[row[0], row[1], *(row[place] or "" for place in places)] for row in counts.rows if row[1]]
    return "\n".join([
        "# Capabilities\n",
        "Made by `benchmarks/catalog_report.py`. A model may have a capability that its entry neither states nor\
 proves.\n",
        "## Models with each capability\n",
        "`derived` counts the models whose entry does not state the capability but proves it.\n",
        table(known.columns, used),
        "## What proves a capability\n",
        DERIVATION,
        table(("capability", "proven by"), proofs()),
        "## By provider\n",
        f"How many models of each provider have the {len(common)} commonest capabilities after streaming;\
 `llmreg capabilities --matrix` has all.\n",
        table(("provider", "models", *common), rows),
    ])  # fmt: skip


def table(columns: Iterable[str], rows: Sequence[Sequence[Any]]) -> str:
    columns = tuple(columns)
    if not rows:
        return "None.\n"
    numeric = frozenset(place for place in range(1, len(columns)) if isinstance(rows[0][place], int))
    return render_table(Table(columns, rows, numeric), "markdown")


def one(asked: OpenCatalog, statement: str, *parameters: Any) -> tuple[Any, ...]:
    return asked.index.fetch_rows(statement, parameters)[0]


def share(part: int | None, whole: int) -> str:
    return f"{(part or 0) / whole:.1%}" if whole else "-"


if __name__ == "__main__":
    sys.exit(main())
