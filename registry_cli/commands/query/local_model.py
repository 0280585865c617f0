"""A model of a local server that the catalog does not know: the server is asked, and says what it can."""

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from registry_cli.commands.query.find import FoundModel, find_model
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.commands.query.query import model_json
from registry_cli.commands.sync.fetch import Asking, ask_one, fetch_answers
from registry_cli.commands.sync.targets import find_target
from registry_cli.core.catalog.build import build_model
from registry_cli.core.catalog.models import answer_body, status_on
from registry_cli.core.names.names import ModelName
from registry_cli.core.pricing.rates import headline_rates
from registry_cli.core.statements.answers import Failure
from registry_cli.core.text.exact_json import dumps, loads
from registry_cli.errors import UpstreamError, UsageError
from registry_cli.http import Limits
from registry_cli.sources import ollama
from registry_cli.sources.base import Source, Target
from registry_cli.sources.registry import find_source_for
from registry_cli.store.cache.answers import AnswerCache
from registry_cli.store.cache.directory import find_cache
from registry_cli.store.catalog.load import read_vocabulary
from registry_cli.store.files.trusted_pairs import read_user_trust

HOUR = 3600.0
_LIMITS = Limits(deadline=5.0, attempts=1, connect=2.0)
_LATEST = ":latest"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """What is known of a model without an entry of its own. `facts` are in the catalog's words.

    `origin` is `server`, `file` (the entry of the same model under another tag) or `defaults`; `said` tells a person
    which, and why not the server.
    """

    facts: Mapping[str, Any]
    origin: str
    said: str


def read_local_model(
    provider: str,
    name: str,
    body: Mapping[str, Any],
    entry: Callable[[str], Mapping[str, Any] | None],
    *,
    refresh: bool = False,
    environ: Mapping[str, str] = os.environ,
) -> LocalModel | None:
    """What a local provider's server, file or defaults say of a model, in this order; None of another provider.

    `body` is the provider's entry, `entry` finds a model of its file. The server's word is remembered for an hour.
    Raises `UsageError` with the reason why nobody knows the model.
    """
    if body.get("billing") != "local":
        return None
    facts, why = _ask_for_facts(provider, name, body.get("api") or {}, environ, refresh=refresh)
    if facts is not None:
        return LocalModel(facts, "server", f"from the {provider} server")
    bare = name.partition(":")[0]
    for other in dict.fromkeys((name, name.removesuffix(_LATEST), f"{name}{_LATEST}", bare)):
        found = entry(other)
        if found is not None:
            return LocalModel(found, "file", f"from the entry of {provider}/{other}: {why}")
    if body.get("defaults"):
        return LocalModel(body["defaults"], "defaults", f"from the defaults of {provider}: {why}")
    raise UsageError(why)


def find_local_model(
    asked: OpenCatalog, text: str, day: str, *, refresh: bool = False, environ: Mapping[str, str] = os.environ
) -> tuple[FoundModel, LocalModel] | None:
    """The model `PROVIDER/NAME` as if it had an entry; None where no local provider is meant. Raises `UsageError`."""
    prefix, _, name = text.partition("/")
    provider = asked.names.provider(prefix)
    if provider is None or not name:
        return None
    stored = asked.index.fetch_rows("SELECT body FROM providers WHERE id = ?", (provider,))[0][0]

    def find_entry(other: str) -> Mapping[str, Any] | None:
        known = asked.names.model(provider, other)
        return find_model(asked, f"{provider}/{known}", day).body if known else None

    local = read_local_model(provider, name, loads(stored), find_entry, refresh=refresh, environ=environ)
    if local is None:
        return None
    model = build_model(provider, name, local.facts, "local", read_vocabulary())
    price, status = {"currency": "USD", **headline_rates(model, day)}, status_on(model, day)
    body = answer_body(model)
    row = (model.full_id, provider, name, status, dumps(price), None, dumps({**body, "origin": local.origin}))
    return FoundModel(ModelName(provider, name), status, price, (), body, model_json(row)), local


def _ask_for_facts(
    provider: str, name: str, api: Mapping[str, Any], environ: Mapping[str, str], *, refresh: bool
) -> tuple[Mapping[str, Any] | None, str]:
    """The server's facts, or why there are none."""
    source = find_source_for(provider, api.get("base_url"), tuple(api.get("key_env") or ()))
    if source is None:
        return None, "nobody knows where its server is"
    found = find_target(source, provider, api, environ, read_user_trust(environ))
    if isinstance(found, Failure):
        return None, found.message
    cache, now = AnswerCache(find_cache(environ)), time.time()
    account = hashlib.sha256((found.key.value if found.key else "").encode()).hexdigest()[:8]
    question = f"local {source.api_root(found.base_url)} {account} {name}"
    remembered = None if refresh else cache.read_value(question, now, HOUR)
    if isinstance(remembered, dict):
        return remembered, ""
    try:
        facts = _ask_server(source, found, ModelName(provider, name), api, environ)
    except UpstreamError as fault:
        return None, fault.message
    if facts is None:
        return None, f"its server has no model {name!a}"
    cache.write_value(question, facts, now)
    return facts, ""


def _ask_server(
    source: Source, found: Target, model: ModelName, api: Mapping[str, Any], environ: Mapping[str, str]
) -> Mapping[str, Any] | None:
    """Ollama tells of one model at a time; other servers list all they have. Raises `UpstreamError`."""
    if source is ollama.SOURCE:
        request = replace(ollama.show_request(source.api_root(found.base_url), model.id), optional=True)
        body = ask_one(request, _LIMITS)
        return ollama.read_shown_model(body, model.provider, model.id).facts if body else None
    how = Asking(environ=environ, limits=_LIMITS, keep=False)
    answer = fetch_answers([(source.name, model.provider, {"api": api})], how)[0]
    if answer.observations is None:
        raise UpstreamError(answer.failure.message if answer.failure else "no answer")
    models = answer.observations.providers[0].models
    return next((each.facts for each in models if model.id in (each.id, each.spelled)), None)
