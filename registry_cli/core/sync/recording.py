"""When what is recorded was confirmed: which lines of a record are rewritten with a new time."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from registry_cli.core.matching.items import Wishes
from registry_cli.core.statements.record import Record
from registry_cli.core.statements.record_times import is_credible


def update_times(
    record: Record,
    before: Record,
    times: Mapping[str, str],
    found: Mapping[str, Collection[str]],
    wishes: Wishes,
) -> Record:
    """Return the record with new times on the lines whose statements changed since `before`.

    `times` are when each source answered, `found` the models that each names, by our ids.
    """
    dated = {}
    for name, line in record.items():
        old = before.get(name)
        known = old.checked if old else {}
        wrong = {source for source, time in known.items() if not is_credible(time, wishes.stamp)}
        confirmed = {
            source: time
            for source, time in times.items()
            if name in found[source] and (source in wrong or time > known.get(source, ""))
        }
        mend = wishes.confirm or not wrong.isdisjoint(confirmed)
        if old is not None and line.states_same_as(old) and not (mend and confirmed):
            dated[name] = old
        elif line.said:
            dated[name] = replace(line, checked={**line.checked, **confirmed}, text=None)
    return dated
