"""The sources of a provider, in their order, and what they answered about it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry_cli.core.matching.items import Item
from registry_cli.core.statements.answers import Answer
from registry_cli.core.statements.lifecycle_sources import lifecycle_sources
from registry_cli.core.statements.observations import Note, Observations, ObservedModel, ObservedProvider

AGGREGATORS = ("models.dev", "litellm")
DERIVED = "derived"  # no source: what the names of models and hosts tell, below whatever a source states


@dataclass(frozen=True, slots=True)
class Heard:
    """One source's answer about one provider. `facts` are those of the provider itself. What is not `verified` was
    read by a parser that has not been tried on a real answer. A `witness` is a comparison source: its statements
    are recorded and compared, and decide nothing. `left_out` are ids that it lists with rows that were not taken:
    nothing is known of them, but not that they are gone. A `recorded` answer was read from a file. A `lifecycle` source
    states when models end, and is no list of what there is; a `complete` one lists all that the provider offers. What a
    list of the provider's own names (`is_provider_list`) exists, whatever else is known of it. A recorded answer is not
    `dated` where its day is not known."""

    source: str
    models: tuple[ObservedModel, ...]
    checked_at: str
    facts: Mapping[str, Any]
    spelled: str
    verified: bool = True
    witness: bool = False
    left_out: frozenset[str] = frozenset()
    recorded: bool = False
    lifecycle: bool = False
    complete: bool = False
    dated: bool = True
    is_provider_list: bool = False


def source_order(provider_id: str, body: Mapping[str, Any]) -> dict[str, str | None]:
    """The sources of a provider, the highest first, each with the name that it knows the provider by, if another."""
    written = (body.get("sync") or {}).get("sources")
    if not written:
        return dict.fromkeys((provider_id, *lifecycle_sources(provider_id), *AGGREGATORS))
    sources: dict[str, str | None] = {}
    for item in written:
        name, spelled = next(iter(item.items())) if isinstance(item, Mapping) else (item, None)
        sources.setdefault(name, spelled)
    return sources


def answers_for(
    provider_id: str, body: Mapping[str, Any], answers: Sequence[Answer], witnesses: Iterable[str] = ()
) -> list[Heard]:
    """What the provider's sources answered, the highest first, then witnesses; a source that failed is left out.

    A source that covers many and does not know the provider is here with no models.
    """
    found = []
    own = source_order(provider_id, body)
    others = {name: None for name in sorted(witnesses) if name not in own}
    for source, spelled in (own | others).items():
        names = (spelled,) if spelled else (provider_id, *(body.get("aliases") or ()))
        mine = [
            answer
            for answer in answers
            if answer.source == source and answer.provider in (None, provider_id) and answer.observations is not None
        ]
        if mine:
            providers = [
                each for answer in mine for each in _observations_of(answer.observations, names, answer.provider)
            ]
            found.append(
                Heard(
                    source,
                    tuple(model for provider in providers for model in provider.models),
                    max(answer.checked_at for answer in mine),
                    next((provider.facts for provider in providers), {}),
                    next((provider.spelled for provider in providers), provider_id),
                    all(answer.verified for answer in mine),
                    source in others,
                    _left_out(mine, providers, {provider_id, *names}),
                    any(answer.recorded for answer in mine),
                    lifecycle=any(answer.lifecycle for answer in mine),
                    complete=all(answer.complete for answer in mine) and body.get("billing") != "local",
                    dated=all(answer.dated for answer in mine),
                    is_provider_list=any(answer.is_provider_list for answer in mine),
                )
            )
    return found


def skipped_facts(bodies: Mapping[str, Mapping[str, Any]], answers: Sequence[Answer]) -> Iterator[tuple[str, Note]]:
    """What sources stated of providers, by the bodies of their files, and no catalog takes; each with its source."""
    names = {name for provider, body in bodies.items() for name in (provider, *(body.get("aliases") or ()))}
    names |= {name for provider, body in bodies.items() for name in source_order(provider, body).values() if name}
    for answer in answers:
        for note in answer.observations.notes if answer.observations else ():
            if answer.provider is not None or note.provider in names:
                yield answer.source, note


def unread_keys(answers: Sequence[Answer]) -> dict[str, tuple[str, ...]]:
    """The keys of each source's answers that its reader does not know."""
    unread: dict[str, set[str]] = {}
    for answer in answers:
        if answer.observations and answer.observations.unread_keys:
            unread.setdefault(answer.source, set()).update(answer.observations.unread_keys)
    return {source: tuple(sorted(keys)) for source, keys in sorted(unread.items())}


def unknown_providers(bodies: Mapping[str, Mapping[str, Any]], answers: Sequence[Answer]) -> Iterator[Item]:
    """The providers that a source of these providers lists and no file is about."""
    sources = {provider: source_order(provider, body) for provider, body in bodies.items()}
    for answer in answers:
        asking = [provider for provider in bodies if answer.source in sources[provider]]
        if answer.provider is not None or answer.observations is None or not asking:
            continue
        own = {each: (each, sources[each][answer.source], *(bodies[each].get("aliases") or ())) for each in asking}
        known = {name for names in own.values() for name in names}
        for each in answer.observations.providers:
            if each.models and each.id not in known and each.spelled not in known:
                reason = f"no file is about it: {len(each.models):,} models, which `llmreg sync {each.id}` adds"
                yield Item(each.id, "", "unmatched", source=answer.source, reason=reason)


def _left_out(
    answers: Sequence[Answer], providers: Sequence[ObservedProvider], names: Collection[str]
) -> frozenset[str]:
    notes = (note for answer in answers if answer.observations for note in answer.observations.notes)
    named = {note.model for note in notes if note.model and note.provider in names}
    return (
        frozenset(named - {model.id for provider in providers for model in provider.models}) if named else frozenset()
    )


def _observations_of(
    observations: Observations | None, names: Sequence[str], asked: str | None
) -> list[ObservedProvider]:
    if observations is None:
        return []
    if asked is not None:
        return list(observations.providers)
    exact = [provider for provider in observations.providers if provider.id == names[0]]
    return exact or [each for each in observations.providers if each.spelled in names or each.id in names]
