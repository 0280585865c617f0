"""Which model of a provider's file each row of each answer is about."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry_cli.core.matching.items import Item
from registry_cli.core.matching.listening import Heard
from registry_cli.core.matching.matching import (
    FileNames,
    Models,
    file_names,
    ids_without_row,
    match_known,
    match_lifecycle,
    match_lists,
)
from registry_cli.core.matching.policy import is_account_owned, knows_enough
from registry_cli.core.statements.facts import fields_of
from registry_cli.core.statements.observations import ObservedModel


@dataclass(frozen=True, slots=True)
class MatchedAnswers:
    """The answers that count, by the models of the file.

    `answers` decide, `comparisons` are only recorded. By source: `found` are the rows that it has of models, by the ids
    of the file or the ones that new models get; `named` are these ids, and those of rows that could not be read.
    `items` tell which rows are about no model, and why.
    """

    answers: Sequence[Heard]
    comparisons: Sequence[Heard]
    found: Mapping[str, Mapping[str, ObservedModel]]
    named: Mapping[str, Collection[str]]
    items: Sequence[Item]

    @property
    def all_answers(self) -> Sequence[Heard]:
        """All answers, those that decide first."""
        return (*self.answers, *self.comparisons)

    def sources_listing(self, name: str, order: Sequence[str]) -> list[str]:
        """The sources that have a row about a model, the highest first."""
        return [source for source in order if name in self.found.get(source, ())]

    def sources_naming(self, name: str) -> list[str]:
        """The sources that name a model, in a row that could be read or not."""
        return [source for source, names in self.named.items() if name in names]


def match_answers(
    provider: str, models: Models, admitted: Sequence[Heard], *, include_private: bool = False
) -> MatchedAnswers:
    """Return what the answers say of the models of a file and of new ones. Comparison sources bring no models."""
    answers = [answer for answer in admitted if not answer.witness]
    comparisons = [answer for answer in admitted if answer.witness]
    names = file_names(models)
    lists, items = _public_lists(provider, names, answers, include_private=include_private)
    found = match_lists(names, lists)
    for answer in answers:
        if answer.lifecycle:
            found[answer.source] = match_lifecycle(_all_names(models, found), answer)
    if comparisons:
        all_names = _all_names(models, found)
        compared = {each.source: match_known(all_names, each.source, each.models) for each in comparisons}
        for answer in comparisons:
            items += _rows_without_model(provider, answer, compared[answer.source])
        found |= compared
    named = {}
    for answer in (*answers, *comparisons):
        named[answer.source] = found[answer.source].keys() | ids_without_row(names, answer)
    return MatchedAnswers(answers, comparisons, found, named, items)


def _public_lists(
    provider: str, names: FileNames, answers: Sequence[Heard], *, include_private: bool
) -> tuple[list[tuple[str, list[ObservedModel]]], list[Item]]:
    """The list of each source without the models of an account or a machine, and what to say of these."""
    lists, items = [], []
    for answer in answers:
        if answer.lifecycle:
            continue  # no list of what there is
        public = []
        for model in answer.models:
            is_owned = is_account_owned(model) and names.find_id(answer.source, model)[0] is None
            if is_owned and not include_private:
                is_enough = answer.is_provider_list or knows_enough(fields_of(model.facts))
                what = (
                    ": --include-private adds it" if is_enough else ", and its source states neither limits nor prices"
                )
                items.append(
                    unmatched_item(provider, model.id, answer.source, f"belongs to an account or a machine{what}")
                )
            else:
                public.append(model)
        lists.append((answer.source, public))
    return lists, items


def _rows_without_model(provider: str, answer: Heard, found: Mapping[str, ObservedModel]) -> Iterator[Item]:
    known = {model.id for model in found.values()}
    for model in answer.models:
        if model.id not in known:
            yield unmatched_item(provider, model.id, answer.source, "only a witness lists it")


def _all_names(models: Models, found: Mapping[str, Mapping[str, ObservedModel]]) -> FileNames:
    """The names of the file, and of what sources bring."""
    rows = [row for of_source in reversed([*found.values()]) for row in of_source.items()]
    names = file_names({**{name: {} for name, _ in rows}, **models})
    aliased = {}
    for name, model in sorted(rows, key=lambda row: row[0], reverse=True):  # the first has it, as in `taken_aliases`
        for alias in model.facts.get("aliases") or ():
            aliased[alias] = name
    return names.with_spellings(aliased | {model.id: name for name, model in rows})


def unmatched_item(provider: str, model_id: str, source: str, reason: str) -> Item:
    """Return what to say of a row that is not added to the file."""
    return Item(f"{provider}/{model_id}", "", "unmatched", source=source, reason=reason)
