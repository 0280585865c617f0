"""Sources are asked once, however often a run plans."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from registry_cli.commands.sync.run import Ask, Wanted
from registry_cli.core.statements.answers import Answer


@dataclass
class Remembered:
    """Memoizes a fetcher by source and provider."""

    ask: Ask
    _answers: list[Answer] = field(default_factory=list)
    _asked: set[tuple[str, str]] = field(default_factory=set)

    def __call__(self, wanted: Sequence[Wanted], meanwhile: Iterable[object] = ()) -> list[Answer]:
        """The answers for these sources and providers."""
        fresh = [each for each in wanted if each[:2] not in self._asked]
        if fresh or not self._asked:
            self._answers += self.ask(fresh, meanwhile)
            self._asked.update(each[:2] for each in fresh)
        return self.answers_about({each[:2] for each in wanted})

    def answers_about(self, pairs: set[tuple[str, str]]) -> list[Answer]:
        sources = {source for source, _ in pairs}
        answers = []
        for answer in self._answers:
            if answer.provider is None:
                is_about = answer.source in sources
            else:
                is_about = (answer.source, answer.provider) in pairs
            if is_about:
                answers.append(answer)
        return answers

    def answers_for(self, providers: Sequence[str]) -> list[Answer]:
        """The answers that say something of these providers."""
        pairs = {(source, provider) for source, provider in self._asked if provider in providers}
        return [each for each in self.answers_about(pairs) if each.observations is not None]
