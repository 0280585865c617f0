"""A provider whose id the schema does not allow is a fault with a place."""

from tests.support.history_repositories import Repository


def test_at_a_provider_that_states_an_id_that_is_none(repository: Repository, run):
    repository.commit("2026-01-02", "Begin", {"acmé.yml": "provider: acmé\nmodels: {}\n"})
    for at in ((), ("--at", "HEAD")):
        done = run("query", *at)
        assert "Traceback" not in done.err
        assert "acmé.yml:1:" in done.err
