"""Small catalogs for tests: as data (Hypothesis), as folders, and asked through a real index."""

import json
from pathlib import Path

from hypothesis import strategies as st

from registry_cli.core.query.filters import Filters

DAYS = ("2026-01-01", "2026-03-15", "2026-06-30", "2026-07-01", "2027-01-01")
CAPABILITIES = (
    "vision", "streaming", "function_calling", "tools", "own_thing", "batch_operations", "embeddings", "prompt_caching",
)  # fmt: skip
prices = st.sampled_from([0, 0.1, 0.15, 2.5, 3, 5, 12.25, 1e-7, 1234.5])
dates = st.sampled_from([*DAYS[1:], "9999-12-31"])
partial_dates = st.sampled_from(DAYS) | st.sampled_from(["2026", "2026-03", "2025-12"])


_ABSENT = object()


def _optional(**fields):
    """Mappings that lack a field now and then. (What `optional=` draws is nearly empty too often to prove much.)"""
    drawn = {name: st.sampled_from([True, True, False]).flatmap(_maybe(values)) for name, values in fields.items()}
    return st.fixed_dictionaries(drawn).map(
        lambda body: {name: value for name, value in body.items() if value is not _ABSENT}
    )


def _maybe(values):
    return lambda there: values if there else st.just(_ABSENT)


_rate = st.sampled_from([True] * 6 + [False]).flatmap(lambda known: prices if known else st.none())
rate_maps = _optional(input=_rate, output=_rate, cache_read=_rate, reasoning=_rate, input_image=_rate)


@st.composite
def _variants(draw):
    when = draw(
        st.sampled_from(
            [
                {"from": "2026-03-15"},
                {"until": "2026-06-30"},
                {"until": "9999-12-31"},
                {"from": "2026-03-15", "until": "2026-06-30"},
                {"service_tier": "batch"},
                {"input_tokens_above": 1000},
            ]
        )
    )
    changes = draw(rate_maps | st.just({"multiply": 0.5}))
    return {"when": when, **changes}


pricing = st.builds(
    lambda rates, more: rates | more,
    rate_maps,
    _optional(
        currency=st.sampled_from(["USD", "USD", "EUR"]),
        per=st.fixed_dictionaries({"request": prices}),
        variants=st.lists(_variants(), max_size=2),
    ),
)
models = _optional(
    name=st.sampled_from(["Big Model", "small", "Ünï [bold]"]),
    family=st.sampled_from(["f1", "f2"]) | st.none(),
    base_model=st.sampled_from(["x/one", "x/two"]) | st.none(),
    mode=st.sampled_from(["chat", "chat", "embedding", "embedding", "audio_speech", "rerank"]),
    endpoints=st.lists(st.sampled_from(["chat", "batches", "image_edits"]), max_size=2, unique=True),
    reasoning=st.sampled_from([{"effort": ["none", "high"]}, {"effort": ["none"]}, {"toggle": True}, {}]),
    status=st.sampled_from(["preview", "active", "active", "deprecated", "unlisted", "retired"]),
    context_window=st.sampled_from([1000, 8192, 200000]) | st.none(),
    max_output_tokens=st.sampled_from([100, 4096]) | st.none(),
    open_weights=st.booleans() | st.none(),
    modalities=_optional(
        input=st.lists(st.sampled_from(["text", "image", "pdf"]), unique=True),
        output=st.lists(st.sampled_from(["text", "image"]), unique=True),
    ),
    capabilities=st.lists(st.sampled_from(CAPABILITIES), unique=True)
    | st.dictionaries(st.sampled_from(CAPABILITIES), st.booleans() | st.none()),
    release_date=partial_dates,
    deprecation_date=dates,
    retirement_date=dates | st.none(),
    pricing=pricing,
)
model_ids = st.sampled_from(["a", "b", "A-1", "x/one", "zeta-mini", "no.dot", "[bold]"])
providers = st.builds(
    lambda billing, found: {**({"billing": billing} if billing else {}), "models": found},
    st.sampled_from([None, None, "usage", "local", "subscription"]),
    st.dictionaries(model_ids, models, min_size=2, max_size=5),
)
catalogs = st.dictionaries(st.sampled_from(["acme", "beta", "corp"]), providers, min_size=2, max_size=3)


CRITERIA = {
    "providers": [("acme",), ("acme", "beta"), ("nobody",)],
    "capabilities": [
        ("vision",),
        ("streaming", "function_calling"),
        ("own_thing",),
        ("batch_operations",),
        ("embeddings",),
        ("prompt_caching", "chat"),
        ("multimodal_embeddings",),
    ],
    "input_modalities": [("text",), ("text", "image")],
    "output_modalities": [("text",)],
    "modes": [("chat",), ("chat", "rerank")],
    "statuses": [("preview",), ("deprecated",), ("retired", "active"), ("unlisted",)],
    "open_weights": [True, False],
    "min_context": [0, 8192, 8193],
    "min_output_tokens": [100, 4097],
    "min_input": [0.0, 0.15, 3.0],
    "max_input": [0.0, 0.1, 2.5, 5.0],
    "min_output": [0.0, 3.0],
    "max_output": [0.0, 0.15, 12.25],
    "free": [True],
    "words": [
        ("a",),
        ("a-1",),
        ("acme",),
        ("big", "model"),
        ("x/one",),
        ("acme/a",),
        ("zeta", "mini"),
        ("f1",),
        ("ünï",),
        ("no-dot", "corp"),
        ("nowhere",),
        ("-",),
    ],
    "name": ["*a*", "A", "acme/*", "*ÜNÏ*", "[ab]", "*[[]bold]"],
    "family": ["f1"],
    "base_model": ["x/one"],
    "released_since": ["2026", "2026-03", "2026-03-01", "2026-03-15", "2026-07-01"],
}
# At most two criteria at once: more of them and nearly every answer is empty, which proves nothing.
filters = st.builds(
    lambda criteria, deprecated: Filters(deprecated=deprecated, **dict(criteria)),
    st.lists(
        st.sampled_from(sorted(CRITERIA)).flatmap(
            lambda name: st.tuples(st.just(name), st.sampled_from(CRITERIA[name]))
        ),
        max_size=2,
    ),
    st.booleans(),
)


def write_catalog(folder: Path, catalog: dict) -> Path:
    """A folder of provider files; JSON is YAML."""
    folder.mkdir(parents=True, exist_ok=True)
    for provider, body in catalog.items():
        (folder / f"{provider}.yml").write_text(json.dumps({"provider": provider, **body}))
    return folder
