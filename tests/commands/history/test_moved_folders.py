"""`--all-parents` where the catalog lay in other folders."""

import pytest

from tests.support.history_repositories import Repository

FILE = "provider: acme\nmodels:\n  one:\n    context_window: {}\n    max_output_tokens: {}\n"


@pytest.fixture
def moved(repository: Repository) -> Repository:
    def move(old: str, new: str, day: str) -> None:
        (repository.top / new).parent.mkdir(exist_ok=True)
        repository.git("mv", old, new)
        repository.models = repository.top / new
        repository.commit(day, f"To {new}")

    repository.commit("2026-01-02", "Begin", {"acme.yml": FILE.format(1, 1)})
    move("config/models", "models", "2026-01-03")
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("2026-01-04", "Side", {"acme.yml": FILE.format(2, 1)})
    repository.git("checkout", "--quiet", "main")
    move("models", "data/models", "2026-01-05")
    repository.git("merge", "--quiet", "--no-ff", "-m", "Merge", "side", day="2026-01-06")
    repository.commit("2026-01-07", "There", {"acme.yml": FILE.format(2, 7)})
    return repository


@pytest.mark.parametrize("back", ["config/models", "models", "data/models", "."])
def test_all_parents_follows_the_folder(moved: Repository, run, back):
    if back != "data/models":
        (moved.top / back).parent.mkdir(exist_ok=True)
        sources = [moved.top / "data" / "models" / "acme.yml"] if back == "." else [moved.top / "data" / "models"]
        moved.git("mv", *map(str, sources), back)
        moved.commit("2026-01-08", "Back")
    catalog = ("--catalog", str(moved.top / back))
    told = run("history", "one", "--all-parents", *catalog).out
    assert [line.split("\t")[3:] for line in told.splitlines()] == [
        ["max_output_tokens", "1", "7", "-", "There"],
        ["context_window", "1", "2", "-", "Side"],
        ["added", "-", "-", "-", "Begin"],
    ]
    blamed = run("blame", "one", "--all-parents", *catalog).out
    assert [line.split("\t")[-1] for line in blamed.splitlines()] == ["Side", "There"]
    assert run("history", "one", *catalog).out.count("Merge") == 1
