"""Which of upstream's values are stated by the sources that answered in this run: only these change a file.

The record is evidence. What a source said before counts where sources are compared, so that one that does not answer
today gives way to none below it; but any contributor can edit a record, so it changes no file by itself.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from registry_cli.core.format.absent import ABSENT
from registry_cli.core.merging.agreeing import Modality, drop_contradictions
from registry_cli.core.merging.freshness import Evidence, add_cited_prices, evidence_of
from registry_cli.core.merging.naming import statements_of
from registry_cli.core.merging.standing import Words
from registry_cli.core.merging.upstream import Upstream, settle_statements
from registry_cli.core.statements.facts import Field, Fields
from registry_cli.core.statements.record import Line
from registry_cli.yamledit.apply import equal_data


@dataclass(frozen=True, slots=True)
class Settling:
    """How the words of one model's sources become what upstream states. `order` are the sources by precedence, `taken`
    the aliases that are another model's, `on` the ISO day to judge dates by, `modality_of` as in `Means`."""

    line: Line
    order: Sequence[str]
    taken: Collection[str]
    on: str
    modality_of: Mapping[str, Modality]

    def rank_statements(self, said: Mapping[str, Fields]) -> Words:
        """What each source states, the highest first; comparison sources have a say on prices where they cite."""
        words = statements_of(said, self.order, self.taken)
        return add_cited_prices(words, Evidence(said, self.line.since, self.line.checked, self.line.cites))

    def settle_upstream(self, words: Words) -> Upstream:
        upstream = settle_statements(self.line.id, words, self.on, evidence_of(self.line))
        return drop_contradictions(upstream, self.order, self.modality_of)


def confirm_upstream(settling: Settling, stated: Mapping[str, Fields]) -> tuple[Upstream, "Confirmation"]:
    """What upstream states of a model by its line, and what of it the sources confirm that `stated` it in this run."""
    recorded = settling.rank_statements(settling.line.said)
    upstream = settling.settle_upstream(recorded)
    today = dict(settling.rank_statements(stated))
    return upstream, Confirmation(upstream, recorded, today, settling.settle_upstream, settling.line.checked)


class Confirmation:
    """What of one model's `upstream` is confirmed.

    `recorded` is what each source says or last said, the highest first; `today` what those say that answered.
    `settle` makes an upstream of words. `checked` is when each source was last heard.
    """

    def __init__(
        self,
        upstream: Upstream,
        recorded: Words,
        today: Mapping[str, Fields],
        settle: Callable[[Words], Upstream],
        checked: Mapping[str, str],
    ) -> None:
        self._upstream = upstream
        self._recorded = recorded
        self._today = today
        self._settle = settle
        self._checked = checked

    @cached_property
    def _stated_today(self) -> Upstream:
        """What upstream would be without the record."""
        words = [(source, self._today[source]) for source, _ in self._recorded if source in self._today]
        if all(
            source in self._today and fields.keys() == self._today[source].keys() for source, fields in self._recorded
        ):
            return self._upstream
        return self._settle(words)

    def reason_to_wait(self, field: Field, value: Any, source: str) -> str | None:
        """Why a value of upstream's may not be taken by itself, None where it may; `ABSENT` for a price that goes with
        the coming of another list, of which `source` is the source."""
        stated = self._stated_today.fields
        if value is ABSENT:
            is_confirmed = source in self._today and field not in stated
        else:
            is_confirmed = field in stated and equal_data(stated[field], value)
        if is_confirmed:
            return None
        if source in self._today:
            return f"not what {source} states today, but what the record says of it"
        on = f" on {day}" if (day := self._checked.get(source, "")[:10]) else ""
        return f"{source} did not answer; the record says that it stated this{on}"
