"""What every implementation of `core.names.Names` keeps: of a catalog in memory, its index, its files' outlines."""

import pytest

from registry_cli.commands.edit.workspace import open_workspace
from registry_cli.core.catalog.models import Catalog
from registry_cli.core.catalog.names import CatalogNames, ModelName, resolve, resolve_provider
from registry_cli.core.checks.report import unreadable
from registry_cli.core.checks.rules.references import Providers
from registry_cli.errors import UsageError
from registry_cli.store.catalog.load import Reader
from registry_cli.store.catalog.provider_files import provider_files
from registry_cli.store.index.index import open_index
from registry_cli.store.index.names import IndexNames
from tests.small_catalogs import write_catalog

CATALOG = {
    "acme": {
        "aliases": ["shared", "acme-ai", "beta"],
        "models": {"large": {"aliases": ["big", "small"]}, "small": {}, "acme/own": {}},
    },
    "beta": {"aliases": ["shared"], "models": {"large": {}, "x/y": {"aliases": ["only"]}}},
    "corp": {"aliases": ["shared"], "models": {}},
}


@pytest.fixture(params=["catalog", "index", "outlines"])
def names(request, tmp_path):
    root = write_catalog(tmp_path / "catalog", CATALOG)
    if request.param == "outlines":
        yield open_workspace(root, "2026-05-01", {"LLMREG_CACHE": ""}).names
    elif request.param == "catalog":
        reader = Reader()
        yield CatalogNames(Catalog({files.id: reader.provider(files) for files in provider_files(root, None)}))
    else:
        with open_index(root, None, None) as index:
            yield IndexNames(index)


def test_an_id_beats_an_alias(names):
    assert names.provider("beta") == "beta"
    assert names.model("acme", "small") == "small"


def test_aliases(names):
    assert names.provider("acme-ai") == "acme"
    assert names.model("acme", "big") == "large"
    assert resolve(names, "acme-ai/big") == ModelName("acme", "large")
    assert resolve(names, "only") == ModelName("beta", "x/y")
    assert resolve(names, "acme/own") == ModelName("acme", "acme/own")


def test_what_nobody_is_called(names):
    assert names.provider("nobody") is None
    assert names.model("acme", "nothing") is None
    assert names.model("corp", "large") is None
    assert names.hosts("nothing") == []


@pytest.mark.parametrize("ask", [resolve_provider, lambda names, text: resolve(names, f"{text}/large")])
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
    providers = Providers([*workspace.outlines, unreadable("torn")])
    for text in ("acme-ai/big", "acme/own", "acme/small", "beta/only"):
        assert providers.model("corp", text) == resolve(workspace.names, text)
    assert providers.model("acme", "big") == ModelName("acme", "large")
    assert providers.model("corp", "big") is None
    assert providers.model("corp", "torn/any") == ModelName("torn", "any")
    assert providers.model("corp", "shared/only") == ModelName("beta", "x/y")
