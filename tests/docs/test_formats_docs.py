"""docs/formats.md says which format holds which field; here the exports themselves say it, and both must agree.

`python tests/docs/test_formats_docs.py` writes the table anew.
"""

import json
import re
from decimal import Decimal

from registry_cli.core.catalog.build import build_provider
from registry_cli.core.catalog.models import Catalog
from registry_cli.exports import FORMATS, group_by_provider, write_export
from registry_cli.store.catalog.load import read_vocabulary
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "formats.md"
SCHEMA = json.loads((ROOT / "schema" / "provider.schema.json").read_text(), parse_float=Decimal)
VOCABULARY = read_vocabulary()
COLUMNS = tuple(form for form in FORMATS if form != "parquet")  # which has the columns of csv
TABLE = re.compile(r"(?s)(?<=<!-- table -->\n).*?(?=<!-- end -->)")
SAMPLES = {
    "description": "Writes well.", "aliases": ["large-latest"], "replacement": "other", "output_dimensions": 256,
    "context_window": 200_000, "max_input_tokens": 100_000, "max_output_tokens": 4_000, "open_weights": True,
    "status": "preview", "mode": "chat", "endpoints": ["chat"], "metadata": {"any": "thing"},
    "discovered_at": "2026-01-15T06:00:00Z", "updated_at": "2026-01-15T06:00:00Z",
}  # fmt: skip
REASONING = {"toggle": True, "effort": ["low", "high"], "budget_tokens": {"min": 1, "max": 9}}
BASE = {name: Decimal(price) for name, price in
        {"input": "3", "output": "15", "cache_read": "0.3", "cache_write": "3.75"}.items()}  # fmt: skip
CONDITIONS = {
    "input_tokens_above": 100_000, "service_tier": "batch", "region": "eu", "from": "2026-01-01",
    "until": "2026-12-31", "utc": ["16:30-00:30"], "days": ["sat"], "monthly_tokens_above": 1000, "size": "512x512",
    "quality": "hd", "resolution": "720p",
}  # fmt: skip
PROVIDER = {
    "name": "Acme", "aliases": ["acme-ai"], "homepage": "https://acme.example", "documentation": "https://acme.example",
    "api.base_url": "https://acme.example/v1", "api.key_env": ["ACME_KEY"], "authentication": ["api_key"],
    "endpoints": ["chat"], "features": ["streaming"], "limitations": {"files": 1}, "billing": "subscription",
    "default_model": "large", "defaults": {"context_window": 8192}, "sync": {"sources": ["acme"]},
    "updated_at": "2026-01-15T06:00:00Z", "metadata": {"any": "thing"},
}  # fmt: skip


def export_one(form, facts, provider=None):
    body = {"provider": "acme", **(provider or {}), "models": {"large": {"mode": "chat", "pricing": BASE, **facts}}}
    catalog = Catalog({"acme": build_provider("acme", [body], None, VOCABULARY)})
    return write_export(form, group_by_provider(catalog, list(catalog.models())), "2026-07-01")


def losses(form, facts, provider=None):
    return export_one(form, facts, provider).losses


def holds(form, field, facts, provider):
    exported = export_one(form, facts, provider)
    return field not in exported.losses and not exported.left_out


def specimens():
    """Every field -> a model, and a provider, that state it."""
    definitions = SCHEMA["$defs"]
    opened = {"modalities", "reasoning", "pricing", "capabilities", "upstream_ids"}
    for name, field in definitions["model"]["properties"].items():
        if not field.get("deprecated") and name not in opened:
            value = SAMPLES.get(name) or field["examples"][0]
            yield name, {"context_window": 200_000, name: value}, {}
    for way in ("input", "output"):
        yield f"modalities.{way}", {"modalities": {way: ["text"]}}, {}
    for name, value in REASONING.items():
        yield f"reasoning.{name}", {"reasoning": {name: value}}, {}
    for name in definitions["rates"]["properties"]:
        kind = name.rpartition("_")[2]
        own = (
            {f"{way}_{kind}": Decimal(4) for way in ("input", "output")} if kind in {"audio", "image", "video"} else {}
        )
        rates = {**BASE, **own, "cache_write_1h": Decimal(6), "reasoning": Decimal(9), name: Decimal("0.25")}
        yield f"pricing.{name}", {"pricing": rates}, {}
    yield "pricing.currency", {"pricing": {"currency": "EUR", **BASE}}, {}
    yield "pricing.effective_date", {"pricing": {"effective_date": "2026-01-01", **BASE}}, {}
    for name in definitions["per"]["properties"]:
        yield f"pricing.per.{name}", {"pricing": {**BASE, "per": {name: Decimal("0.01"), "page": Decimal("0.01")}}}, {}
    for name, value in CONDITIONS.items():
        picture = name in {"size", "quality", "resolution"}
        change = {"per": {"output_image": Decimal("0.02")}} if picture else {"multiply": Decimal("1.1")}
        change = {"input": Decimal(2)} if name in {"utc", "days", "from", "until"} else change
        pricing = {**BASE, "variants": [{"when": {name: value}, **change}]}
        yield f"pricing.variants.{name}", {"pricing": pricing}, {}
    for name, value in PROVIDER.items():
        outer, _, inner = name.partition(".")
        unpriced = {"pricing": {}} if name == "billing" else {}  # models.dev tells a subscription by it
        yield f"provider.{name}", unpriced, {outer: {inner: value} if inner else value}


def table() -> str:
    lines = [f"| field | {' | '.join(COLUMNS)} |", f"|---|{'---|' * len(COLUMNS)}"]
    for field, facts, provider in specimens():
        held = ["yes" if holds(form, field, facts, provider) else "-" for form in COLUMNS]
        lines.append(f"| `{field}` | {' | '.join(held)} |")
    names = [term.name for term in VOCABULARY.terms.values() if term.scope == "model"]
    missing = {form: losses(form, {"capabilities": names})["capabilities"] for form in COLUMNS}
    counts = [f"{len(names) - missing[form]} of {len(names)}" for form in COLUMNS]
    lines.append(f"| `capabilities` | {' | '.join(counts)} |")
    details = [{"vision": {"status": "beta"}}]
    held = ["-" if "capability_details" in losses(form, {"capabilities": details}) else "yes" for form in COLUMNS]
    lines.append(f"| details of a capability | {' | '.join(held)} |")
    return "".join(f"{line}\n" for line in lines)


def test_the_page_says_what_the_exports_do() -> None:
    found = TABLE.search(PAGE.read_text())
    assert found is not None
    assert found[0] == table()


def test_every_format_is_on_the_page() -> None:
    for form in FORMATS:
        assert f"`{form}`" in PAGE.read_text()


if __name__ == "__main__":
    PAGE.write_text(TABLE.sub(lambda _: table(), PAGE.read_text()))
