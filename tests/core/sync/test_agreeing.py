"""A new model says of itself nothing that its modalities deny: the higher of two sources is believed."""

from dataclasses import replace

import pytest

from registry_cli.core.matching.items import Wishes
from registry_cli.core.merging.agreeing import implied_modalities
from registry_cli.core.statements.record import format_record, parse_record
from registry_cli.core.sync.plan import plan_provider
from registry_cli.store.catalog.load import read_vocabulary
from tests.support.random_syncs import DAY, MEANS, STAMP, model, says

EMPTY = {"provider": "acme", "models": {}}
MEANS_WITH_KINDS = replace(MEANS, modality_of=implied_modalities(read_vocabulary()))
SEES = {"context_window": 1000, "capabilities": ["vision"]}
READS = {"context_window": 1000, "modalities": {"input": ["text"], "output": ["text"]}}


def twice(*answers):
    first = plan_provider("acme", EMPTY, {}, answers, wishes=Wishes(STAMP, DAY), means=MEANS_WITH_KINDS)
    record = parse_record(format_record(first.record), "acme.jsonl")
    second = plan_provider("acme", first.value, record, answers, wishes=Wishes(STAMP, DAY), means=MEANS_WITH_KINDS)
    assert (second.items, second.value, format_record(second.record)) == ((), first.value, format_record(first.record))
    return first.value["models"]["large"]


def test_a_capability_of_the_provider_outdoes_the_modalities_of_an_aggregator():
    large = twice(says("acme", model("large", **SEES)), says("models.dev", model("large", denies=["vision"], **READS)))
    assert large["capabilities"] == ["streaming", "vision"]
    assert large["modalities"] == {"output": ["text"]}


@pytest.mark.parametrize(
    "answers",
    [
        [says("acme", model("large", **READS)), says("models.dev", model("large", **SEES))],
        [says("acme", model("large", **(SEES | READS)))],
    ],
)
def test_modalities_of_the_provider_outdo_the_capability_of_an_aggregator_and_its_own(answers):
    large = twice(*answers)
    assert (large["capabilities"], large["modalities"]) == (["streaming"], READS["modalities"])


def test_what_agrees_stays():
    large = twice(says("acme", model("large", **SEES, modalities={"input": ["text", "image"]})))
    assert (large["capabilities"], large["modalities"]) == (["streaming", "vision"], {"input": ["text", "image"]})
