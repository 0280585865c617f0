"""Mistral's list."""

from tests.support.source_answers import read


def row(model_id, name=None, aliases=(), **more):
    return {
        "id": model_id,
        "name": name or model_id,
        "created": 1770716719,
        "max_context_length": 131072,
        "aliases": list(aliases),
        "deprecation": None,
        "deprecation_replacement_model": None,
        "type": "base",
        "capabilities": {"completion_chat": True, "vision": False},
        **more,
    }


def test_an_alias_is_a_row_of_its_own_and_no_model():
    rows = [
        row("big-1", aliases=["big-latest"]),
        row("big-latest", "big-1", ["big-1"]),
        row("fast-1"),
        row("fast-latest", "fast-1"),  # some name their model, and the model does not name them
    ]
    models, notes = read("mistral", {"data": rows})
    assert {name: model.facts["aliases"] for name, model in models.items()} == {
        "big-1": ["big-latest"],
        "fast-1": ["fast-latest"],
    }
    assert notes == []
    assert models["big-1"].facts["context_window"] == 131072
    assert models["big-1"].facts["mode"] == "chat"
    assert models["big-1"].denies == {"vision"}
    assert "release_date" not in models["big-1"].facts


def test_flags_that_newer_answers_have():
    def with_flags(name, **flags):
        return row(name, capabilities={"completion_chat": False, **flags})

    rows = [
        with_flags("thinks", completion_chat=True, reasoning=True),
        with_flags("plain", completion_chat=True, reasoning=False),
        with_flags("speaks", audio_speech=True, audio_transcription=False),
        with_flags("hears-live", audio_transcription_realtime=True),
        with_flags("older", completion_chat=True),
    ]
    models, _ = read("mistral", {"data": rows})
    assert {name: (each.facts["mode"], each.facts["capabilities"]) for name, each in models.items()} == {
        "thinks": ("chat", ["chat", "reasoning"]),
        "plain": ("chat", ["chat"]),
        "speaks": ("audio_speech", ["speech_synthesis"]),
        "hears-live": ("audio_transcription", ["realtime"]),
        "older": ("chat", ["chat"]),
    }
    assert ("reasoning" in models["plain"].denies, "reasoning" in models["older"].denies) == (True, False)


def test_an_id_of_two_models_is_neither():
    heard = {"capabilities": {"audio_transcription": True}}
    rows = [
        row("vox-1", aliases=["vox-latest"]),
        row("vox-latest", "vox-1"),
        row("vox-2", **heard),
        row("vox-latest", "vox-2", **heard),
    ]
    models, notes = read("mistral", {"data": rows})
    assert {name: model.facts.get("aliases") for name, model in models.items()} == {"vox-1": None, "vox-2": None}
    assert models["vox-2"].facts["mode"] == "audio_transcription"
    assert notes == ["listed more than once, with different facts"]


def test_the_same_row_fetched_a_second_later_is_the_same():
    models, notes = read("mistral", {"data": [row("a"), row("a", created=1770716720)]})
    assert (list(models), notes) == (["a"], [])


def test_the_end_is_announced():
    ends = row("old", deprecation="2026-02-28T12:00:00Z", deprecation_replacement_model="new")
    facts = read("mistral", {"data": [ends]})[0]["old"].facts
    assert (facts["status"], facts["retirement_date"], facts["replacement"]) == ("deprecated", "2026-02-28", "new")


def test_fine_tunes_belong_to_an_account():
    models, _ = read("mistral", {"data": [row("ft:big:acme:1"), row("job-1", type="fine-tuned"), row("big")]})
    assert {name: model.private for name, model in models.items()} == {
        "ft:big:acme:1": True,
        "job-1": True,
        "big": False,
    }
