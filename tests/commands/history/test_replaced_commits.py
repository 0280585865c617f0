"""Commits that git replaces or grafts: the cached history is what a fresh one would be."""

from tests.support.history_repositories import Repository

FILE = "provider: acme\nmodels:\n  m: {{context_window: {}}}\n"


def test_a_replaced_commit_is_noticed_when_it_comes_and_goes(repository: Repository, run) -> None:
    for number in (1, 2, 3):
        repository.commit(f"2026-01-0{number}", f"window {number}", {"acme.yml": FILE.format(number)})
    before = run("history", "acme/m").out
    repository.git("replace", "--graft", "HEAD", "HEAD~2")
    cached, fresh = run("history", "acme/m"), run("history", "acme/m", "--no-cache")
    assert cached.out == fresh.out != before
    repository.git("pack-refs", "--all")
    assert run("history", "acme/m").out == fresh.out
    repository.git("replace", "--delete", repository.git("rev-parse", "HEAD"))
    assert run("history", "acme/m").out == before
