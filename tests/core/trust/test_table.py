"""The table of known hosts is what the built-in sources and the shipped catalog say, and what was entered by hand."""

from registry_cli.core.trust.hosts import place_of, split_address
from registry_cli.core.trust.known import SECOND_HOSTS, Pair, head_of, known_apis, known_hosts
from registry_cli.core.trust.variables import key_names, names_in
from registry_cli.sources.registry import all_sources
from tests.support.trusted_hosts_table import TABLE, generate


def test_the_table_is_made_from_sources_and_catalog():
    again = "run `python -m tests.support.trusted_hosts_table` and look at what changed: it says where keys go"
    assert TABLE.read_text() == generate(), again


def places_of(variable):
    return set(known_hosts().homes.get(variable, ()))


def test_a_variable_of_a_source_goes_to_the_hosts_of_its_sources_and_to_those_entered_by_hand():
    owned = {}
    for source in all_sources():
        for variable in source.key_variables:
            head = head_of(source.base_url)
            place = head.rpartition("://")[2] if names_in(head) else place_of(split_address(source.base_url))
            owned.setdefault(variable, set()).add(place)
    by_hand = {}
    for pair in SECOND_HOSTS:
        by_hand.setdefault(pair.variable, set()).add(pair.place)
    assert {name: places_of(name) for name in owned} == {name: owned[name] | by_hand.get(name, set()) for name in owned}


def test_every_second_host_that_the_shipped_catalog_has_was_entered_by_hand():
    """A change of the catalog alone moves no key of a built-in source; whoever means it adds it to `SECOND_HOSTS`."""
    owned = {variable for source in all_sources() for variable in source.key_variables}
    used = {
        Pair(place_of(split_address(api.base_url)), variable)
        for api in known_apis().values()
        if api.base_url and not names_in(head_of(api.base_url))
        for variable in key_names(api.key_env)
        if variable in owned
    }
    assert used >= SECOND_HOSTS
    assert {pair for pair in used if pair.place not in places_of(pair.variable)} == set()


def test_a_pair_is_no_wildcard():
    for pair in known_hosts().pairs:
        assert "*" not in pair.place
        assert pair.place == pair.place.lower()
    assert Pair("api.openai.com", "OPENAI_API_KEY") in known_hosts().pairs
    assert Pair("api.openai.com", "ANTHROPIC_API_KEY") not in known_hosts().pairs
    assert places_of("OPENAI_API_KEY") == {"api.openai.com"}
    assert places_of("MINIMAX_API_KEY") == {"api.minimax.io", "api.minimaxi.com"}
