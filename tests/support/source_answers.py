"""Small answers read by a source."""

import json

from registry_cli.sources.base import Page, Target
from registry_cli.sources.registry import find_source


def read(source, *bodies, provider=None):
    """The observed models by id, and the reasons of the notes."""
    pages = [body if isinstance(body, Page) else Page(json.dumps(body).encode()) for body in bodies]
    seen = find_source(source).read_answers(pages, provider or source)
    assert [each.id for each in seen.providers] == [provider or source]
    return {model.id: model for model in seen.providers[0].models}, [note.reason for note in seen.notes]


def first(source, base_url=None):
    """The first request of a source."""
    found = find_source(source)
    return found.first_request(Target(base_url or found.base_url))


def following(source, request, body):
    """The addresses of the requests that an answer makes necessary."""
    return [more.url for more in find_source(source).next_requests(request, json.dumps(body).encode())]
