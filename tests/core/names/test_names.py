"""What every implementation of `core.names.names.Names` keeps: of a catalog in memory, an index, files' outlines."""

from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_cli.commands.edit.workspace import open_workspace
from registry_cli.core.catalog.models import Catalog
from registry_cli.core.checks.report import outline_unreadable
from registry_cli.core.checks.rules.references import Providers
from registry_cli.core.names.names import CatalogNames, ModelName, exact_pattern, resolve_model, resolve_provider
from registry_cli.core.names.reading_names import find_provider, resolve_for_reading, resolve_provider_for_reading
from registry_cli.errors import UsageError
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.provider_files import provider_files
from registry_cli.store.index.index import open_index
from registry_cli.store.index.names import IndexNames
from tests.support.random_catalogs import write_catalog

CATALOG = {
    "acme": {
        "aliases": ["shared", "acme-ai", "beta"],
        "models": {"large": {"aliases": ["big", "small"]}, "small": {}, "acme/own": {}},
    },
    "beta": {"aliases": ["shared"], "models": {"large": {}, "x/y": {"aliases": ["only"]}}},
    "corp": {"aliases": ["shared"], "models": {}},
}


@contextmanager
def names_of(root, kind):
    if kind == "outlines":
        yield open_workspace(root, "2026-05-01", {"LLMREG_CACHE": ""}).names
    elif kind == "catalog":
        reader = Reader()
        yield CatalogNames(Catalog({files.id: reader.read_provider(files) for files in provider_files(root, None)}))
    else:
        with open_index(root, None, None) as index:
            yield IndexNames(index)


@pytest.fixture(params=["catalog", "index", "outlines"])
def names(request, tmp_path):
    with names_of(write_catalog(tmp_path / "catalog", CATALOG), request.param) as found:
        yield found


def test_an_id_beats_an_alias(names):
    assert names.provider("beta") == "beta"
    assert names.model("acme", "small") == "small"


def test_aliases(names):
    assert names.provider("acme-ai") == "acme"
    assert names.model("acme", "big") == "large"
    assert resolve_model(names, "acme-ai/big") == ModelName("acme", "large")
    assert resolve_model(names, "only") == ModelName("beta", "x/y")
    assert resolve_model(names, "acme/own") == ModelName("acme", "acme/own")


def test_what_nobody_is_called(names):
    assert names.provider("nobody") is None
    assert names.model("acme", "nothing") is None
    assert names.model("corp", "large") is None
    assert names.hosts("nothing") == []


@pytest.mark.parametrize("ask", [resolve_provider, lambda names, text: resolve_model(names, f"{text}/large")])
def test_an_alias_that_several_claim_is_refused(names, ask):
    with pytest.raises(UsageError, match="'shared' is an alias of acme and of beta and of corp: write the id"):
        ask(names, "shared")


def test_everything_is_listed(names):
    assert sorted(names.hosts("large")) == [ModelName("acme", "large"), ModelName("beta", "large")]
    assert names.hosts("big") == [ModelName("acme", "large")]
    assert sorted(names.all_providers()) == ["acme", "beta", "corp"]
    assert sorted(names.all_models("acme")) == [ModelName("acme", name) for name in ("acme/own", "large", "small")]
    assert len(list(names.all_models(None))) == 5
    assert list(names.all_models("corp")) == []


def test_references_between_models_are_names_too(tmp_path):
    workspace = open_workspace(write_catalog(tmp_path / "catalog", CATALOG), "2026-05-01", {"LLMREG_CACHE": ""})
    providers = Providers([*workspace.outlines, outline_unreadable("torn")])
    for text in ("acme-ai/big", "acme/own", "acme/small", "beta/only"):
        assert providers.find_model("corp", text) == resolve_model(workspace.names, text)
    assert providers.find_model("acme", "big") == ModelName("acme", "large")
    assert providers.find_model("corp", "big") is None
    assert providers.find_model("corp", "torn/any") == ModelName("torn", "any")
    assert providers.find_model("corp", "shared/only") == ModelName("beta", "x/y")


MAKERS = {
    "acme": {
        "models": {
            "Large-2.5": {"base_model": "acme/large-2.5"},
            "small": {"base_model": "acme/small"},
            "old-2026-01-15": {},
            "new": {},
            "twin.1": {},
            "twin-1": {},
        }
    },
    "host-a": {"models": {"large-2-5": {"base_model": "acme/large-2.5"}, "small": {"base_model": "acme/small"}}},
    "host-b": {"models": {"small": {}, "only-here": {}, "shared": {}, "acme/small": {}, "v-2@20260115": {}}},
    "openai": {"models": {"gpt-5.5": {}, "gpt-4o": {"aliases": ["gpt-4o-2024-08-06"]}}},
    "zz": {"models": {"gpt-5-5": {}, "shared": {}, "slug": {"aliases": ["acme/slug-20260115"]}}},
}


@pytest.fixture(params=["catalog", "index", "outlines"])
def makers(request, tmp_path):
    with names_of(write_catalog(tmp_path / "catalog", MAKERS), request.param) as found:
        yield found


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("acme/large-2-5", "acme/Large-2.5"),
        ("ACME/LARGE_2.5", "acme/Large-2.5"),
        ("Host.A/Small", "host-a/small"),
        ("ONLY_HERE", "host-b/only-here"),
        ("acme/old-20260115", "acme/old-2026-01-15"),
        ("Old@2026-01-15", "acme/old-2026-01-15"),
        ("v-2-2026-01-15", "host-b/v-2@20260115"),
        ("acme/twin.1", "acme/twin.1"),
        ("acme/small", "acme/small"),
    ],
)
def test_case_and_separators_do_not_matter(makers, text, model):
    assert resolve_for_reading(makers, text) == (ModelName(*model.split("/", 1)), None)


@pytest.mark.parametrize(
    ("text", "model", "note"),
    [
        ("gpt-5.5", "openai/gpt-5.5", "gpt-5.5: using openai/gpt-5.5, its creator's own listing; 1 other provider has"),
        ("GPT-5-5", "openai/gpt-5.5", "GPT-5-5: using openai/gpt-5.5, its creator's own listing; 1 other provider has"),
        ("gpt-5-5", "openai/gpt-5.5", "gpt-5-5: using openai/gpt-5.5, its creator's own listing"),
        ("acme/new-20260301", "acme/new", "new-20260301: this date is not listed; using acme/new"),
        ("new-2026-03-01", "acme/new", "new-2026-03-01: this date is not listed; using acme/new"),
        ("acme/slug-20260115", "zz/slug", "acme has no model slug-20260115; using zz/slug"),
    ],
)
def test_what_is_assumed_is_noted(makers, text, model, note):
    found = resolve_for_reading(makers, text)
    assert str(found.name) == model
    assert found.note
    assert found.note.startswith(note)


def test_the_creator_is_that_of_the_base_model(tmp_path):
    with open_index(write_catalog(tmp_path / "catalog", MAKERS), None, None) as index:
        found = resolve_for_reading(IndexNames(index), "large-2.5")
    assert found.name == ModelName("acme", "Large-2.5")
    assert found.note == "large-2.5: using acme/Large-2.5, its creator's own listing; 1 other provider has it too"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("shared", "shared is a model of 2 providers: host-b/shared, zz/shared"),
        ("acme/old-2026-02-01", "acme has no model 'old-2026-02-01'; did you mean acme/old-2026-01-15"),
        ("openai/gpt-4o-2024-05-13", "openai has no model 'gpt-4o-2024-05-13'"),
        ("acme/TWIN-1", "acme/TWIN-1 may be acme/twin"),
        ("gpt5.5", "unknown model 'gpt5.5'; did you mean openai/gpt-5.5"),
        ("host-b/acme", "host-b has no model 'acme'"),
    ],
)
def test_what_could_be_several_is_refused(makers, text, message):
    with pytest.raises(UsageError) as caught:
        resolve_for_reading(makers, text)
    assert caught.value.message.startswith(message)


def test_edits_take_no_assumption(makers):
    with pytest.raises(UsageError, match="small is a model of 3 providers"):
        resolve_model(makers, "small")
    with pytest.raises(UsageError, match=r"did you mean openai/gpt-5\.5"):
        resolve_model(makers, "openai/GPT-5.5")
    with pytest.raises(UsageError, match="unknown model 'new-2026-03-01'"):
        resolve_model(makers, "new-2026-03-01")


def test_a_pattern_in_a_name_is_no_pattern(makers):
    for text in ("acme/*", "acme/sm?ll", "acme/[s]mall", "*"):
        with pytest.raises(UsageError):
            resolve_for_reading(makers, text)


def test_providers(makers):
    assert find_provider(makers, "Host_A") == "host-a"
    assert find_provider(makers, "nobody") is None
    with pytest.raises(UsageError, match="did you mean host-a"):
        resolve_provider_for_reading(makers, "hst-a")


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("gpt-5.5", "openai/gpt-5.5"),
        ("claude-opus-4.5", "anthropic/claude-opus-4-5"),
        ("Claude-Opus-5", "anthropic/claude-opus-5"),
        ("gemini-2.5-pro", "gemini/gemini-2.5-pro"),
        ("gpt-5.2-2025-12-11", "openai/gpt-5.2-2025-12-11"),
        ("openai/gpt-5.2-20251211", "openai/gpt-5.2-2025-12-11"),
        ("openrouter/openai/gpt-5.2-20251211", "openrouter/openai/gpt-5.2"),
        ("anthropic/claude-4.5-sonnet-20250929", "openrouter/anthropic/claude-sonnet-4.5"),
    ],
)
def test_the_shipped_catalog(shipped, text, model):
    assert str(resolve_for_reading(shipped, text).name) == model


@pytest.fixture(scope="module")
def shipped():
    with open_index(bundled_data() / "config" / "models", None, None) as index:
        yield IndexNames(index)


SPELLINGS = (
    "a",
    "A",
    "a-1",
    "a.1",
    "A_1",
    "b",
    "b-2026-01-15",
    "b-20260115",
    "b@20260115",
    "x/a",
    "acme/a",
    "[a]",
    "*",
)


@st.composite
def named_catalogs(draw):
    """Catalogs whose models have like names; an alias belongs to one model of a provider, and may be another's id."""
    catalog = {}
    for provider in draw(st.lists(st.sampled_from(["acme", "host-a", "openai"]), min_size=1, unique=True)):
        ids = draw(st.lists(st.sampled_from(SPELLINGS), min_size=1, max_size=4, unique=True))
        aliases = draw(st.permutations(SPELLINGS))
        models = {}
        for place, model_id in enumerate(ids):
            body = {"aliases": aliases[2 * place : 2 * place + draw(st.integers(0, 2))]}
            creator = draw(st.sampled_from([None, "acme", "openai"]))
            models[model_id] = body | ({"base_model": f"{creator}/m"} if creator else {})
        catalog[provider] = {"models": models}
    return catalog


def outcome(names, text):
    try:
        return resolve_for_reading(names, text)
    except UsageError as error:
        return error.message


@given(catalog=named_catalogs())
def test_the_index_reads_names_as_the_catalog_in_memory(tmp_path_factory, catalog):
    root = write_catalog(tmp_path_factory.mktemp("catalog"), catalog)
    reader = Reader()
    in_memory = CatalogNames(Catalog({files.id: reader.read_provider(files) for files in provider_files(root, None)}))
    with open_index(root, None, None) as index:
        indexed = IndexNames(index)
        for spelling in SPELLINGS:
            pattern = exact_pattern(spelling)
            assert indexed.spelled_like(None, pattern) == in_memory.spelled_like(None, pattern)
            for text in (spelling, f"acme/{spelling}", f"HOST.A/{spelling}", f"openai/{spelling.swapcase()}"):
                assert outcome(indexed, text) == outcome(in_memory, text), text


ROUTED = {
    "azure": {"aliases": ["azure_text"], "models": {"gpt-x": {}, "gpt-x-2025-04-14": {}}},
    "bedrock": {"models": {"anthropic.claude-v2:1": {}, "us.m": {}}},
    "corp": {"models": {"eu/gpt-x": {}, "m": {}}},
    "openai": {"models": {"dall-e-3": {}}},
}


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("azure/eu/gpt-x", "azure/gpt-x"),
        ("azure/global-standard/gpt-x-2025-04-14", "azure/gpt-x-2025-04-14"),
        ("azure/azure/eu/gpt-x", "azure/gpt-x"),
        ("azure_text/azure_text/gpt-x", "azure/gpt-x"),
        ("azure/azure/gpt-x", "azure/gpt-x"),
        ("bedrock/us-west-2/anthropic.claude-v2:1", "bedrock/anthropic.claude-v2:1"),
        ("bedrock/us-east-1/6-month-commitment/anthropic.claude-v2:1", "bedrock/anthropic.claude-v2:1"),
        ("bedrock/*/1-month-commitment/us.m", "bedrock/us.m"),
        ("openai/hd/1024-x-1792/dall-e-3", "openai/dall-e-3"),
        ("openai/1024-x-1024/50-steps/openai/dall-e-3", "openai/dall-e-3"),
        ("corp/eu/gpt-x", "corp/eu/gpt-x"),
        ("corp/us-west-2/m", None),
        ("azure/moon/gpt-x", None),
    ],
)
def test_litellms_keys_of_one_price_mean_the_model(tmp_path, text, means):
    with names_of(write_catalog(tmp_path / "catalog", ROUTED), "index") as names:
        if means is None:
            with pytest.raises(UsageError):
                resolve_for_reading(names, text)
            return
        found = resolve_for_reading(names, text)
    assert str(found.name) == means
    is_route = "eu/" in text or "-x-" in text or "us-" in text or "global" in text or "commitment" in text
    assert (found.note is not None) == (is_route and text != means)


def test_an_edit_takes_no_key_of_a_price(tmp_path):
    with names_of(write_catalog(tmp_path / "catalog", ROUTED), "catalog") as names, pytest.raises(UsageError):
        resolve_model(names, "azure/eu/gpt-x")
