"""A sync as the text of a pull request. Whatever upstream wrote stands in code spans, where nothing acts."""

import re
import shlex
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from registry_cli.core.proposals.commit_message import fingerprint
from registry_cli.core.query.columns import ABSENT
from registry_cli.core.sync.answers import Answer
from registry_cli.core.sync.items import Item, Status, target_of
from registry_cli.render.text import cell
from registry_cli.yamledit.escapes import one_line

MOST = 60_000  # characters; GitHub takes 65,536
_OWN_ROOM = 4_000  # characters that each section has, however long those before it are
_LONGEST = 160  # characters of one value
_MORE = "\n…and {:,} more\n"
_FENCE = re.compile(r"`+")
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9._~:/%+-]{1,300}")
_TOKENS = ("context_window", "max_input_tokens", "max_output_tokens")

Row = Callable[[Item], list[str]]


def body(name: str, items: Sequence[Item], answers: Sequence[Answer] = ()) -> str:
    """The text under the title, of at most `MOST` characters: what does not fit is counted.

    It depends on what happened alone, not on when, so that the text of an equal run is equal.
    """
    tail = "\n".join(filter(None, [_sources(answers), mark_of(fingerprint(said_of(items)))])) + "\n"
    tables = [
        (heading, columns, rows)
        for status, heading, columns, row in _SECTIONS
        if (rows := [row(item) for item in items if item.status == status])
    ]
    kept_free = [min(_OWN_ROOM, len(_section(*table, MOST))) for table in tables]
    room, parts = MOST - len(tail) - len(tables), []
    for place, table in enumerate(tables):
        parts.append(_section(*table, room - sum(kept_free[place + 1 :])))
        room -= len(parts[-1])
    told = parts or [f"What the sources of {code(name)} say is noted; no fact changed.\n"]
    return "\n".join([*told, tail])


def said_of(items: Iterable[Item]) -> list[Item]:
    """The items that the text tells of."""
    told = {section[0] for section in _SECTIONS}
    return [item for item in items if item.status in told]


def mark_of(digest: str) -> str:
    """What tells a later run which changes a pull request was about."""
    return f"<!-- llmreg: {digest} -->"


def withdrawn(text: str) -> str:
    """The text of a pull request that llmreg itself closes: it may be opened again for the same changes."""
    return re.sub(r"<!-- llmreg: [0-9a-f]+ -->", "<!-- llmreg: withdrawn -->", text)


def code(text: str, longest: int = _LONGEST) -> str:
    """A text as a code span, which may stand in a table."""
    text = one_line(text).replace("|", "\\x7c")
    text = text if len(text) <= longest else f"{text[: longest - 3]}..."
    if not text.strip():
        return "(blank)"
    fence = "`" * (max((len(found[0]) for found in _FENCE.finditer(text)), default=0) + 1)
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def change_in_percent(old: Any, new: Any) -> str:
    """`+25 %`; nothing where there is no such figure."""
    if not (_is_number(old) and _is_number(new)) or not old:
        return ""
    percent = (Decimal(new) - Decimal(old)) / Decimal(old) * 100
    if abs(percent) >= 1000:  # noqa: PLR2004  # then a factor says more
        return f"x {Decimal(new) / Decimal(old):,.0f}"
    return f"{percent:+.1f} %".replace(".0 %", " %")


def _section(heading: str, columns: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> str:
    """A heading and a table of as many rows as there is room for."""
    head = f"## {heading} ({len(rows):,})\n\n| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n"
    lines, left = [], room - len(head) - len(_MORE) - 10
    for row in rows:
        line = f"| {' | '.join(row)} |\n"
        left -= len(line)
        if left < 0:
            break
        lines.append(line)
    hidden = len(rows) - len(lines)
    return head + "".join(lines) + (_MORE.format(hidden) if hidden else "")


def _sources(answers: Sequence[Answer]) -> str:
    links = []
    for each in answers:
        is_link = _PLAIN_URL.fullmatch(each.url) and not re.search(r"://[^/]*:[^/]*@", each.url)
        links.append(f"[{code(each.source)}](<{each.url}>)" if is_link else code(each.source))
    return f"Sources: {', '.join(links)}\n" if links else ""


def _value(value: Any) -> str:
    if value is ABSENT:
        return "-"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return cell(value) if _is_number(value) else code("null" if value is None else cell(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _changed(item: Item) -> list[str]:
    percent = change_in_percent(item.old, item.new)
    return [code(item.model), code(item.field), _value(item.old), _value(item.new), percent, code(item.source)]


def _held(item: Item) -> list[str]:
    return [*_about(item), _value(item.old), _value(item.new), code(item.reason), code(_accepting(item), 2 * _LONGEST)]


def _kept(item: Item) -> list[str]:
    return [*_about(item), _value(item.old), _value(item.new), code(item.source) if item.source else ""]


def _about(item: Item) -> list[str]:
    return [code(item.model), code(item.field) if item.field else ""]


def _new(item: Item) -> list[str]:
    facts = item.new if isinstance(item.new, dict) else {}
    pricing = facts.get("pricing") or {}
    limits = [_value(facts[name]) for name in _TOKENS[:1] if name in facts] or [""]
    prices = " / ".join(_value(pricing[rate]) for rate in ("input", "output") if rate in pricing)
    return [code(item.model), limits[0], prices, code(item.source)]


def _gone(item: Item) -> list[str]:
    return [code(item.model), code(item.reason)]


def _accepting(item: Item) -> str:
    """The command by which a person takes upstream's word."""
    provider = item.model.partition("/")[0]
    return shlex.join(["llmreg", "sync", provider, "--accept", target_of(item)])


_FACT = ("model", "field", "here", "upstream")
_SECTIONS: tuple[tuple[Status, str, tuple[str, ...], Row], ...] = (
    ("applied", "Changed", ("model", "field", "old", "new", "change", "source"), _changed),
    ("new", "New models", ("model", "context window", "input / output price", "source"), _new),
    ("retired", "Retired", ("model", "why"), _gone),
    ("held", "Held for a person", (*_FACT, "why", "to accept"), _held),
    ("conflict", "Kept: edited here, and changed upstream", (*_FACT, "why", "to accept"), _held),
    ("listed", "Kept: differs from the first contact on", (*_FACT, "why", "to accept"), _held),
    ("kept", "Kept: edited here", (*_FACT, "source"), _kept),
    ("missing", "Not seen upstream", ("model", "why"), _gone),
)
