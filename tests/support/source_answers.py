"""Small answers read by a source."""

import json

from registry_cli.sources.base import Page, Target
from registry_cli.sources.registry import find


def read(source, *bodies, provider=None):
    """The observed models by id, and the reasons of the notes."""
    pages = [body if isinstance(body, Page) else Page(json.dumps(body).encode()) for body in bodies]
    seen = find(source).observe(pages, provider or source)
    assert [each.id for each in seen.providers] == [provider or source]
    return {model.id: model for model in seen.providers[0].models}, [note.reason for note in seen.notes]


def first(source, base_url=None):
    """The first request of a source."""
    found = find(source)
    return found.first(Target(base_url or found.base_url))


def following(source, request, body):
    """The addresses of the requests that an answer makes necessary."""
    return [more.url for more in find(source).more(request, json.dumps(body).encode())]
