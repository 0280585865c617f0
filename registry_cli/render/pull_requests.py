"""The result of a sync or an edit as the text of a pull request.

What a reviewer must see comes first; long lists are folded.

Text from a source is in code spans, where GitHub acts on nothing. Text that a person adds below is kept.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from registry_cli.core.edits.message import put_on_one_line
from registry_cli.core.matching.items import Item, Status
from registry_cli.core.proposals.commit_message import EditSummary, changes_fingerprint, subject_line
from registry_cli.core.statements.answers import Answer
from registry_cli.render.markdown_cells import code_span, inert_text
from registry_cli.render.pull_request_rows import (
    Row,
    address_rows,
    changed_rows,
    gone_rows,
    kept_rows,
    largest_price_changes,
    new_rows,
    open_rows,
    sort_naturally,
)

MOST = 60_000  # characters; GitHub takes 65,536, and what a person adds has the rest
_OWN_ROOM = 4_000  # characters that each section has, however long those before it are
_LONGEST_REASON = 1_000  # characters
_FOLDED = 20  # rows; a longer list is folded
_MORE = "\n…and {:,} more\n"
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9._~:/%+-]{1,300}")
_INVITATION = "llmreg rewrites this text. What you add below it stays, and so does a title of your own.\n"
# At the beginning of a line, where no value of a catalog stands.
_LAST_MARK = re.compile(r"^<!-- llmreg title: ([0-9a-f]+) -->", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Section:
    """The items of one status: what counts them in the first line, and the table that lists them."""

    status: Status
    counted: str  # `new model(s)`
    heading: str
    columns: tuple[str, ...]
    rows: Callable[[Sequence[Item]], list[Row]]


def pull_request_body(name: str, items: Sequence[Item], answers: Sequence[Answer] = ()) -> str:
    """The text under the title, of at most `MOST` characters: what does not fit is counted.

    It depends on what happened alone, not on when, so that the text of an equal run is equal.
    """
    tail = _closing_lines(subject_line(name, items), items, _source_links(answers))
    if not reported_items(items):
        return f"What the sources of {code_span(name)} say is noted; no fact changed.\n\n{tail}"
    return _compose_body(items, "", tail)


def edit_request_body(told: EditSummary) -> str:
    """The text under the title for an edit or an import, of at most `MOST` characters, with its reason and source."""
    why = _cut_text(put_on_one_line(told.reason or ""))
    reason = f"Reason: {inert_text(why)}\n" if why else ""
    source = f"Source: {_link_or_code(told.source, told.source)}\n" if told.source else ""
    return _compose_body(told.items, "\n".join(filter(None, [reason, source])), _closing_lines(told.title, told.items))


def _closing_lines(title: str, items: Sequence[Item], sources: str = "") -> str:
    return "\n".join(filter(None, [sources, _INVITATION, *_hidden_marks(title, items)])) + "\n"


def _compose_body(items: Sequence[Item], remarks: str, tail: str) -> str:
    reported = sort_naturally(reported_items(items))
    parts = list(filter(None, [_summary_line(reported), remarks]))
    sections = list(_by_section(reported))
    kept_free = [min(_OWN_ROOM, len(_section_text(section, rows, MOST))) for section, rows in sections]
    room = MOST - len(tail) - sum(map(len, parts)) - len(parts) - len(sections)
    for place, (section, rows) in enumerate(sections):
        parts.append(_section_text(section, rows, room - sum(kept_free[place + 1 :])))
        room -= len(parts[-1])
    return "\n".join([*parts, tail])


def reported_items(items: Iterable[Item]) -> list[Item]:
    """The items that the text reports."""
    statuses = {section.status for section in _SECTIONS}
    return [item for item in items if item.status in statuses]


def change_mark(digest: str) -> str:
    """A comment in the text by which a later run recognizes the changes of a pull request."""
    return f"<!-- llmreg: {digest} -->"


def withdraw_mark(text: str) -> str:
    """The text of a pull request that llmreg itself closes: it may be opened again for the same changes."""
    return re.sub(r"<!-- llmreg: [0-9a-f]+ -->", "<!-- llmreg: withdrawn -->", text)


def with_added_words(new: str, earlier: str) -> str:
    """A new text with what a person added below the earlier one."""
    mark = _LAST_MARK.search(earlier)
    added = earlier[mark.end() :] if mark else ""
    return new.rstrip("\n") + added if added.strip() else new


def title_to_keep(title: str, earlier: str) -> str | None:
    """The title of a pull request if a person wrote it; None if llmreg did, or if the text has no mark to compare."""
    mark = _LAST_MARK.search(earlier)
    return title if mark and mark[1] != _digest_of_title(title) else None


def _hidden_marks(title: str, items: Sequence[Item]) -> Iterator[str]:
    yield change_mark(changes_fingerprint(reported_items(items)))
    yield f"<!-- llmreg title: {_digest_of_title(title)} -->"


def _digest_of_title(title: str) -> str:
    return hashlib.sha256(title.encode()).hexdigest()[:16]


def _by_section(items: Sequence[Item]) -> Iterator[tuple[_Section, list[Item]]]:
    for section in _SECTIONS:
        of_section = [item for item in items if item.status == section.status]
        if of_section:
            yield section, of_section


def _summary_line(items: Sequence[Item]) -> str:
    """`**1 new API host, 2 held for a person, 600 changed facts of 300 models, 3 new models**`."""
    counts = []
    for section, of_section in _by_section(items):
        number = len(of_section)
        text = f"{number:,} {section.counted.replace('(s)', '' if number == 1 else 's')}"
        if section.status == "applied":
            models = len({item.model for item in of_section})
            text += f" of {models:,} model{'' if models == 1 else 's'}"
        counts.append(text)
    return f"**{', '.join(counts)}**\n"


def _section_text(section: _Section, items: Sequence[Item], room: int) -> str:
    """A heading and a table of as many rows as there is room for, folded where it is long."""
    rows, columns = section.rows(items), section.columns
    if columns[-1] == "source" and not any(item.source for item in items):  # an edit has one for all of it
        rows, columns = [row[:-1] for row in rows], columns[:-1]
    is_long = len(rows) > _FOLDED
    leaps = largest_price_changes(items) if is_long and section.status == "applied" else ""
    head = f"## {section.heading} ({len(rows):,})\n\n" + (f"Largest price changes: {leaps}\n\n" if leaps else "")
    if is_long:
        head += "<details><summary>Show the list</summary>\n\n"
    head += f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}\n"
    end = "\n</details>\n" if is_long else ""
    lines, left = [], room - len(head) - len(end) - len(_MORE) - 10
    for row in rows:
        line = f"| {' | '.join(row)} |\n"
        left -= len(line)
        if left < 0:
            break
        lines.append(line)
    hidden = len(rows) - len(lines)
    return head + "".join(lines) + (_MORE.format(hidden) if hidden else "") + end


def _source_links(answers: Sequence[Answer]) -> str:
    links = [_link_or_code(answer.source, answer.url) for answer in answers]
    return f"Sources: {', '.join(links)}\n" if links else ""


def _link_or_code(text: str, url: str) -> str:
    is_link = _PLAIN_URL.fullmatch(url) and not re.search(r"://[^/]*:[^/]*@", url)
    return f"[{code_span(text)}](<{url}>)" if is_link else code_span(text)


def _cut_text(text: str) -> str:
    return text if len(text) <= _LONGEST_REASON else f"{text[: _LONGEST_REASON - 3]}..."


_DIFFERENCE = ("model", "field", "here", "upstream")
_OPEN = (*_DIFFERENCE, "why", "to accept")
_CHANGED = ("model", "field", "old", "new", "change", "source")
_NEW = ("model", "mode", "context window", "output limit", "input / output price", "capabilities", "source")
_SECTIONS = (
    _Section("address", "new API host(s)", "Where keys go", ("provider", "key and host", "source"), address_rows),
    _Section("held", "held for a person", "Held for a person", _OPEN, open_rows),
    _Section("conflict", "in conflict", "Kept: edited here, and changed upstream", _OPEN, open_rows),
    _Section("applied", "changed fact(s)", "Changed", _CHANGED, changed_rows),
    _Section("new", "new model(s)", "New models", _NEW, new_rows),
    _Section("retired", "retired model(s)", "Retired", ("model", "why"), gone_rows),
    _Section(
        "listed", "different since the first contact", "Kept: differs from the first contact on", _OPEN, open_rows
    ),
    _Section("kept", "kept as edited here", "Kept: edited here", (*_DIFFERENCE, "source"), kept_rows),
    _Section("missing", "not seen upstream", "Not seen upstream", ("model", "why"), gone_rows),
)
