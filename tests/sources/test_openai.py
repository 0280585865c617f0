"""OpenAI's list."""

from tests.support.source_answers import first, read


def row(model_id, **more):
    return {"id": model_id, "object": "model", "created": 1715367049, "owned_by": "system", **more}


def test_what_it_says():
    models, notes = read(
        "openai",
        {
            "object": "list",
            "data": [row("gpt-x"), row("gpt-w", shutdown_date="2026-10-23"), row("gpt-v", shutdown_date=None)],
        },
    )
    assert [dict(model.facts) for model in models.values()] == [{}, {"retirement_date": "2026-10-23"}, {}]
    assert notes == []


def test_fine_tunes_belong_to_an_account():
    owned = [
        row("ft:gpt-x:acme::1"),
        row("ft:gpt-x"),
        row("mine", owned_by="org-acme"),
        row("gpt-x", owned_by="openai"),
    ]
    models, _ = read("openai", {"data": owned})
    assert {name: model.private for name, model in models.items()} == {
        "ft:gpt-x:acme::1": True,
        "ft:gpt-x": False,
        "mine": True,
        "gpt-x": False,
    }


def test_under_another_providers_name():
    assert list(read("openai", {"data": [row("a")]}, provider="my-openai")[0]) == ["a"]
    assert first("openai", "https://proxy.example/v1/").url == "https://proxy.example/v1/models"
