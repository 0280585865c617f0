"""An answer that says that its list goes on is no whole list."""

import json

import pytest

from registry_cli.errors import UpstreamError
from registry_cli.sources.base import Page, Target
from registry_cli.sources.paging import says_more
from registry_cli.sources.registry import all_sources, find_source
from tests.support.source_answers import first, following


@pytest.mark.parametrize(
    "more",
    [
        {"has_more": True},
        {"nextPageToken": "x"},
        {"next_page_token": "x"},
        {"next": "https://a.example/?page=2"},
        {"next": {"href": "https://a.example/?page=2"}},
        {"links": {"next": "/api/v1/models?offset=7"}},
        {"result_info": {"page": 1, "total_pages": 2}},
    ],
)
def test_an_answer_that_says_so(more):
    assert says_more({"data": [], **more})


@pytest.mark.parametrize(
    "end",
    [
        {},
        {"has_more": False},
        {"has_more": "yes"},
        {"nextPageToken": ""},
        {"next": None},
        {"next": {}},
        {"links": {"next": None}},
        {"links": []},
        {"result_info": {"page": 2, "total_pages": 2}},
    ],
)
def test_the_last_page(end):
    assert not says_more({"data": [], **end})


def test_other_answers():
    assert not says_more([{"has_more": True}])
    assert not says_more(None)


def pages(*bodies):
    return [Page(json.dumps(body).encode()) for body in bodies]


def test_a_list_counts_only_with_its_last_page():
    first_page = {"data": [{"id": "a"}], "has_more": True, "last_id": "a"}
    last_page = {"data": [{"id": "b"}], "has_more": False, "last_id": "b"}
    models = find_source("anthropic").read_answers(pages(first_page, last_page), "anthropic").providers[0].models
    assert [model.id for model in models] == ["a", "b"]
    with pytest.raises(UpstreamError, match="more models follow on another page"):
        find_source("anthropic").read_answers(pages(first_page), "anthropic")


def test_an_api_that_does_not_say_where_its_next_page_is():
    """Anthropic's `has_more` without a `last_id`: there is nothing to ask next, and the list is not whole."""
    answer = {"data": [{"id": "a"}], "has_more": True}
    assert following("anthropic", first("anthropic"), answer) == []
    with pytest.raises(UpstreamError, match="more models follow"):
        find_source("anthropic").read_answers(pages(answer), "anthropic")


CONTINUES = [
    {"has_more": True, "last_id": "a"},
    {"has_more": True},
    {"nextPageToken": "x"},
    {"next_page_token": "x"},
    {"next_cursor": "x"},
    {"next": "https://a.example/?page=2"},
    {"next": {"href": "https://a.example/?page=2"}},
    {"links": {"next": "/api/v1/models?offset=7"}},
    {"result_info": {"page": 1, "total_pages": 2}},
]
OWN_LISTS = sorted(source.name for source in all_sources() if source.is_provider_list)


@pytest.mark.parametrize("more", CONTINUES, ids="-".join)
@pytest.mark.parametrize("name", OWN_LISTS)
def test_no_source_takes_a_part_for_the_whole(name, more):
    """Whatever the words that a list has for it: a recorded answer is read so, and the last page of a live one."""
    body = {key: [] for key in ("data", "models", "result", "resources", "publisherModels", "endpoints")} | more
    with pytest.raises(UpstreamError, match="more models follow on another page"):
        find_source(name).read_answers(pages(body), name)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("anthropic", {"has_more": True, "last_id": "a"}),
        ("minimax", {"has_more": True, "last_id": "a"}),
        ("gemini", {"nextPageToken": "x"}),
        ("vertex_ai", {"nextPageToken": "x"}),
        ("fireworks_ai", {"nextPageToken": "x"}),
        ("cohere", {"next_page_token": "x"}),
        ("openrouter", {"links": {"next": "/api/v1/models?offset=7"}}),
        ("watsonx", {"next": {"href": "https://us-south.ml.cloud.ibm.com/ml/v1/foundation_model_specs?start=x"}}),
        ("replicate", {"next": "https://api.replicate.com/v1/collections/language-models?cursor=x"}),
        ("cloudflare", {"result_info": {"page": 1, "total_pages": 2}}),
    ],
)
def test_a_live_list_is_followed_to_its_end(name, more):
    source = find_source(name)
    request = source.first_request(Target(source.base_url.replace("${CLOUDFLARE_ACCOUNT_ID}", "me")))
    body = {"data": [], "models": [], "result": [], "resources": [], "publisherModels": []}
    asked = following(name, request, body | more)
    assert set(asked) - set(following(name, request, body))


@pytest.mark.parametrize("name", ["openai", "cohere"])
def test_a_recording_without_an_answer_is_no_empty_list(name):
    with pytest.raises(UpstreamError, match="without an answer"):
        find_source(name).read_answers((), name)
