"""Small worlds for sync: a provider's file as data, what two sources say of it, and what a person did in between."""

import json
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from registry_cli.core.checks.checker import Judge
from registry_cli.core.format.schema import Contract
from registry_cli.core.matching.items import Decisions, Means, Wishes
from registry_cli.core.matching.listening import Heard
from registry_cli.core.statements.observations import ObservedModel
from registry_cli.core.statements.record import format_record, parse_record
from registry_cli.core.sync.judging import find_violations
from registry_cli.core.sync.plan import plan_provider
from registry_cli.store.catalog.bundled import bundled_data
from registry_cli.store.catalog.load import read_vocabulary

DAY = "2026-11-22"
STAMP = f"{DAY}T06:00:00Z"
CHECKED = f"{DAY}T05:59:00Z"
_VOCABULARY = read_vocabulary()
_JUDGE = Judge(
    Contract(json.loads((bundled_data() / "schema" / "provider.schema.json").read_bytes())), _VOCABULARY, DAY
)
MEANS = Means(
    lambda name: _VOCABULARY.canonical_name(name) or name, lambda value: find_violations(value, "acme", _JUDGE)
)


def says(source, *models, checked=CHECKED, recorded=False, complete=False, own=None):
    heard = Heard(source, tuple(models), checked, {}, "acme", recorded=recorded, complete=complete)
    own = source == "acme" if own is None else own
    return replace(heard, lifecycle=source.endswith("deprecations"), is_provider_list=own)


def model(model_id, *, denies=(), spelled=None, **facts):
    return ObservedModel(model_id, spelled or model_id, facts, frozenset(denies))


def file_of(**models):
    return {"provider": "acme", "models": {name.replace("_", "-"): body for name, body in models.items()}}


def plan(value, record, *answers, accept=(), keep=(), means=MEANS, **wishes):
    decisions = Decisions(frozenset(accept), frozenset(keep))
    return plan_provider("acme", value, record, answers, wishes=Wishes(STAMP, DAY, decisions, **wishes), means=means)


def again(done, *answers, **options):
    """The next sync: of the file and the record that the last one wrote."""
    return plan(done.value, parse_record(format_record(done.record), "acme.jsonl"), *answers, **options)


def seen(done, *statuses):
    """`model#field` of the items with these statuses (without the provider's id)."""
    return [f"{item.model.removeprefix('acme/')}#{item.field}" for item in done.items if item.status in statuses]


_ABSENT = object()
prices = st.sampled_from([0, 1, 2, 3, 50])
subsets = st.lists(st.sampled_from(["text", "image", "audio"]), unique=True, min_size=1)


def _some(**fields):
    drawn = {name: st.sampled_from([1, 1, 0]).flatmap(_maybe(values)) for name, values in fields.items()}
    return st.fixed_dictionaries(drawn).map(
        lambda body: {key: item for key, item in body.items() if item is not _ABSENT}
    )


def _maybe(values):
    return lambda there: values if there else st.just(_ABSENT)


variants = st.lists(
    st.builds(
        lambda when, rates: {"when": when, **rates},
        st.sampled_from([{"service_tier": "batch"}, {"input_tokens_above": 500}]),
        st.just({"multiply": 2}) | st.fixed_dictionaries({"input": prices}),
    ),
    max_size=2,
    unique_by=lambda variant: str(variant["when"]),
)
bodies = _some(
    name=st.sampled_from(["One", "Two", "Three", "Four"]),
    context_window=st.sampled_from([1000, 2000, 4000, 100000]),
    max_output_tokens=st.sampled_from([100, 200, 900, 5000]),
    modalities=_some(input=subsets),
    pricing=_some(input=prices, output=prices, cache_read=prices, variants=variants),
    capabilities=st.lists(st.sampled_from(["vision", "streaming", "function_calling"]), unique=True),
    release_date=st.sampled_from(["2026-01-01", "2026-02", "2026-03", "2026-04"]),
    reasoning=_some(effort=st.sampled_from([["low"], ["low", "high"]])),
    aliases=st.lists(st.sampled_from(["x-latest", "y-latest"]), unique=True, max_size=1),
).map(lambda body: {key: item for key, item in body.items() if item not in ({}, [])})


def _models():
    """Mostly the same two models: what happens to a field takes a model that is in the file and upstream."""
    present = {"a": [1, 1, 1, 1, 0], "b": [1, 1, 0], "c": [1, 0, 0, 0]}
    drawn = {name: st.sampled_from(chances).flatmap(_maybe(bodies)) for name, chances in present.items()}
    return st.fixed_dictionaries(drawn).map(
        lambda found: {key: item for key, item in found.items() if item is not _ABSENT}
    )


@st.composite
def files(draw):
    """Files that keep the rules: a person's own errors are another matter."""
    models = draw(_models())
    value = {"provider": "acme", "models": models}
    for problem in MEANS.problems(value):
        models.pop(problem.model, None)
    return {"provider": "acme", "models": models}


@st.composite
def answers(draw):
    """What the provider and an aggregator say; either may be silent."""
    heard = []
    for source in ("acme", "models.dev"):
        if draw(st.sampled_from([True, True, True, False])):
            listed = draw(_models())
            denies = draw(st.sets(st.sampled_from(["vision", "streaming"]), max_size=1))
            heard.append(
                says(source, *(model(name, denies=denies - {*body.get("capabilities", ())}, **body)
                               for name, body in listed.items()))
            )  # fmt: skip
    return heard


@st.composite
def edited(draw, value):
    """The file after a person was there: fields set and deleted, models added and deleted."""
    others = draw(files())["models"]
    models = {}
    for name, body in value["models"].items():
        if not draw(st.sampled_from([True, True, True, False])):
            continue
        kept = {key: item for key, item in body.items() if draw(st.sampled_from([True, True, False]))}
        models[name] = {**kept, **{key: item for key, item in others.get(name, {}).items() if draw(st.booleans())}}
    models |= {name: body for name, body in others.items() if name not in value["models"] and draw(st.booleans())}
    result = {"provider": "acme", "models": models}
    for problem in MEANS.problems(result):
        models.pop(problem.model, None)
    return result


class SourceLists:
    """What several sources list, run after run. A source never takes a field back while it lists the model: the record
    keeps the last value of such a field, so that only the next answer can tell that it is gone."""

    def __init__(self):
        self.lists = {}  # by source: the ids that it lists
        self._stated = {}  # by source and id: the facts and the denied capabilities, of dropped models too

    def update(self, source, listed, denies=()):
        """A source lists these models from now on, with these facts over what it stated before."""
        self.lists[source] = [*listed]
        for name, facts in listed.items():
            old, denied = self._stated.get((source, name), ({}, frozenset()))
            merged = _merged(old, facts)
            if "capabilities" in merged:  # each is a field of its own
                merged["capabilities"] = [*dict.fromkeys((*old.get("capabilities", ()), *merged["capabilities"]))]
            self._stated[source, name] = merged, (denied | {*denies}) - {*merged.get("capabilities", ())}

    def answers(self, sources=None):
        """The answers of these sources, or of all that were ever heard."""
        heard = []
        for source, names in self.lists.items():
            if sources is None or source in sources:
                rows = [(name, *self._stated[source, name]) for name in names]
                heard.append(says(source, *(model(name, denies=denied, **facts) for name, facts, denied in rows)))
        return heard


def _merged(old, new):
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: _merged(old.get(key, _ABSENT), new.get(key, _ABSENT)) for key in {**old, **new}}
    if isinstance(old, list) and isinstance(new, list) and any(isinstance(item, dict) for item in (*old, *new)):
        stated = {str(item["when"]) for item in new}
        return [*(item for item in old if str(item["when"]) not in stated), *new]
    return old if new is _ABSENT else new


@dataclass(frozen=True)
class History:
    """A file and its record after some syncs and a person's edits, and what its sources list since the last sync."""

    value: dict
    record: dict
    lists: SourceLists


_SOURCES = ("acme", "acme-deprecations", "models.dev", "litellm")
_ENDS = _some(
    status=st.sampled_from(["preview", "deprecated", "retired"]),
    retirement_date=st.sampled_from(["2026-11-01", "2027-02-01"]),
)
_LIVES = st.tuples(bodies, _ENDS).map(lambda parts: {**parts[0], **parts[1]})
_SYNC_SETTINGS = st.sampled_from(
    [{}, {"sync": {"sources": ["litellm", "models.dev"]}}, {"sync": {"sources": ["models.dev", "acme", "litellm"]}}]
)


@st.composite
def histories(draw, means=MEANS):
    """Several runs of several sources, which contradict each other, drop models and list them again; with
    `--retire-missing`, accepted and kept changes, and edits by a person, the last of them after the last sync."""
    empty = {"provider": "acme", "models": {}}
    value = {**(draw(files()) if draw(st.sampled_from([True, False, False])) else empty), **draw(_SYNC_SETTINGS)}
    record, lists = {}, SourceLists()
    for _ in range(draw(st.integers(1, 4))):
        heard = draw(st.sets(st.sampled_from(_SOURCES), min_size=1, max_size=2))
        for source in sorted(heard):
            present = draw(st.sampled_from(["ab", "ab", "ab", "a", "b", "b", ""]))
            listed = {name: draw(_LIVES) for name in present}
            if source.endswith("deprecations"):  # what such a list drops is not gone
                listed = {name: {} for name in lists.lists.get(source, ())} | listed
                listed = {name: {key: body[key] for key in ("status", "retirement_date") if key in body}
                          for name, body in listed.items()}  # fmt: skip
            lists.update(source, listed, draw(st.sets(st.sampled_from(["vision", "streaming"]), max_size=1)))
        done = plan(
            value, record, *lists.answers(heard), means=means,
            accept=draw(st.sampled_from([("acme#models",), (), ("all",)])),
            keep=draw(st.sampled_from([(), (), ("acme/a#pricing",)])),
            retire_missing=draw(st.booleans()),
        )  # fmt: skip
        record = parse_record(format_record(done.record), "acme.jsonl")
        value = done.value
        if draw(st.booleans()):
            value = {**value, "models": draw(edited(value))["models"]}
    others = draw(_SYNC_SETTINGS)  # another order of the sources, as often as not
    value = {key: item for key, item in value.items() if key != "sync" or not others} | others
    return History(value, record, lists)
