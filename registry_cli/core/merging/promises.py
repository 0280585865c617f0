"""Promises not to retire a model before a day, beside the days of retirement that sources state.

Lists of many providers take "not before 2027-05-07" for a day of retirement now and then. So a day that is not later
than what a higher source promises is that promise misread, and is left out. A day of retirement from a higher source
settles a promise that it breaks.
"""

from registry_cli.core.merging.standing import Words
from registry_cli.core.statements.facts import Field

PROMISE, RETIREMENT = "retirement_not_before", "retirement_date"


def drop_contradicted_ends(words: Words) -> tuple[Words, frozenset[Field]]:
    """The words without the days and promises that a higher source contradicts, and the fields of which no word is
    left therefore."""
    promise, day = "", ""
    kept = []
    dropped: set[Field] = set()
    for source, fields in words:
        promised, retires = fields.get(PROMISE, ""), fields.get(RETIREMENT, "")
        wrong = set()
        if promise and retires and retires <= promise:
            wrong.add(RETIREMENT)
        if day and promised > day:
            wrong.add(PROMISE)
        kept.append((source, {name: fields[name] for name in fields.keys() - wrong} if wrong else fields))
        dropped |= wrong
        promise = promise or (promised if PROMISE not in wrong else "")
        day = day or (retires if RETIREMENT not in wrong else "")
    left = {name for _, fields in kept for name in fields}
    return kept, frozenset(dropped - left)
