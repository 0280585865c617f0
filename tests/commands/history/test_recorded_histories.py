"""ExLLM's own 62 files, committed half and half: a catalog of somebody else, in its layout and its spelling."""

import os
from pathlib import Path

import pytest

from registry_cli.core.catalog.build import build_model, build_provider
from registry_cli.core.format.layers import provider_of, sort_layers
from registry_cli.core.history.changes import Catalog, apply_change
from registry_cli.core.history.flat_fields import restore_entry
from registry_cli.errors import YamlError
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.store.git.history import open_past
from registry_cli.store.timeline.timeline import open_timeline
from registry_cli.yamledit.document import decode_utf8, load_value

DATA = os.environ.get("LLMREG_TEST_DATA")


@pytest.mark.data
@pytest.mark.skipif(not DATA, reason="LLMREG_TEST_DATA is not set")
def test_folding_exllms_files_gives_exllms_catalog(repository):
    paths = sorted((Path(str(DATA)) / "exllm").glob("*.yml"))
    assert len(paths) == 62
    repository.commit("2026-01-01", "Half", {path.name: path.read_bytes() for path in paths[::2]})
    repository.commit("2026-01-02", "All", {path.name: path.read_bytes() for path in paths})
    past = open_past(repository.models, os.environ)
    catalog: Catalog = {}
    with open_timeline(past, None) as timeline:
        for event in timeline.change_events():
            apply_change(catalog, event.change)
        gaps = {gap.file for gap in timeline.find_gaps()}
    vocabulary = read_vocabulary()
    seen = 0
    for provider in {provider_of(path.stem) for path in paths}:
        names = sort_layers(path.name for path in paths if provider_of(path.stem) == provider)
        values = [value for name in names if (value := readable(repository.models / name)) is not None]
        assert gaps >= {name for name in names if readable(repository.models / name) is None}
        if not values:
            assert provider not in catalog
            continue
        entry = build_provider(provider, values, None, vocabulary)
        assert {name for name in catalog[provider] if name} == entry.models.keys()
        for name, model in entry.models.items():
            again = build_model(provider, name, restore_entry(catalog[provider][name]), entry.billing, vocabulary)
            assert again == model
            seen += 1
    assert seen > 1000


def readable(path: Path) -> dict | None:
    try:
        value = load_value(decode_utf8(path.read_bytes()))
    except YamlError:
        return None
    return value if isinstance(value, dict) else None
