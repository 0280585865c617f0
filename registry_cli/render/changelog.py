"""A changelog of models as a table's rows, JSON, markdown or an Atom feed."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from html import escape
from itertools import groupby
from typing import Any, Protocol

from registry_cli.core.catalog.absent import ABSENT
from registry_cli.core.history.summary import KINDS, News
from registry_cli.core.query.table import Table
from registry_cli.core.text.exact_json import dumps, plain
from registry_cli.render.markdown_cells import inert_cell
from registry_cli.render.text import UNKNOWN, cell
from registry_cli.yamledit.escapes import HIDDEN

FORMATS = ("plain", "table", "json", "markdown", "atom")
COLUMNS = ("provider", "kind", "model", "field", "old", "new", "percent")
_FEW = 12  # things of a commit that a feed's title can count by kind


class ReleaseEntry(Protocol):
    """What a commit brought."""

    @property
    def commit(self) -> Any:
        """With `id`, `short`, `time`, `author` and `subject`."""

    @property
    def news(self) -> Sequence[News]: ...


def table(news: Iterable[News]) -> Table:
    return Table(COLUMNS, [[each.provider, each.kind, each.model, each.field or None, _side(each.old), _side(each.new),
                            percent(each.percent) or None] for each in news])  # fmt: skip


def as_json(since: str, until: str, news: Iterable[News]) -> str:
    """`since`, `until`, and `changes`, each with `provider`, `model`, `kind` and where they apply `field`, `old`,
    `new` and `percent`."""
    rows = [
        {
            key: value
            for key, value in each._asdict().items()
            if value is not ABSENT and value != "" and (key != "percent" or value is not None)
        }
        for each in news
    ]
    return dumps({"since": since, "until": until, "changes": rows}, indent=2) + "\n"


def markdown(since: str, until: str, news: Sequence[News]) -> str:
    """A heading for each provider, below it one for each kind of news; whatever the catalog says is inert."""
    parts = [f"# Models: changes from {inert_cell(since)} to {inert_cell(until)}\n"]
    if not news:
        parts.append("No change.\n")
    for provider, of_provider in groupby(news, key=lambda each: each.provider):
        parts.append(f"## {inert_cell(provider)}\n")
        for kind, items in groupby(of_provider, key=lambda each: each.kind):
            lines = "".join(f"- {_line(each, inert_cell)}\n" for each in items)
            parts.append(f"### {KINDS[kind]}\n\n{lines}")
    return "\n".join(parts)


def atom(name: str, releases: Sequence[ReleaseEntry]) -> str:
    """An Atom feed (RFC 4287) with an entry for each commit, the latest first. `name` tells this feed from others."""
    feed = uuid.uuid5(uuid.NAMESPACE_URL, f"llmreg:{name}")
    latest = _moment(releases[0].commit.time) if releases else _moment(0)
    entries = "".join(_entry(feed, each) for each in releases)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        f"<id>urn:uuid:{feed}</id>\n<title>Changes of LLM models</title>\n<updated>{latest}</updated>\n"
        f"<author><name>llmreg</name></author>\n{entries}</feed>\n"
    )


def percent(number: Decimal | None) -> str:
    """`+25 %`, `-16.7 %`; empty where there is none."""
    return "" if number is None else f"{'+' if number > 0 else ''}{plain(round(number, 1))} %"


def _entry(feed: uuid.UUID, told: ReleaseEntry) -> str:
    commit = told.commit
    items = "".join(f"<li>{_xml(f'{each.kind}: {_line(each)}')}</li>" for each in told.news)
    return (
        f"<entry>\n<id>urn:uuid:{uuid.uuid5(feed, commit.id)}</id>\n<title>{_xml(_title(told.news))}</title>\n"
        f"<updated>{_moment(commit.time)}</updated>\n<author><name>{_xml(commit.author)}</name></author>\n"
        f"<summary>{_xml(commit.subject)}</summary>\n"
        f'<content type="html">{_xml(f"<ul>{items}</ul>")}</content>\n</entry>\n'
    )


def _title(news: Sequence[News]) -> str:
    counts = {kind: sum(each.kind == kind for each in news) for kind in KINDS}
    said = ", ".join(f"{count:,} {kind}" for kind, count in counts.items() if count)
    providers = list(dict.fromkeys(each.provider for each in news))
    where = ", ".join(providers) if len(providers) <= _FEW else f"{len(providers)} providers"
    return f"{where}: {said}"


def _line(news: News, shown: Callable[[Any], str] = cell) -> str:
    """What changed in one line; `shown` is how a value of the catalog is written there."""
    return " ".join(_words(news, shown))


def _words(news: News, shown: Callable[[Any], str]) -> Iterator[str]:
    if news.kind.startswith("renamed"):
        old = news.old if news.kind == "renamed provider" else f"{cell(news.provider)}/{cell(news.old)}"
        yield f"{shown(old)} → {shown(news.new)}"
        return
    yield shown(news.model)
    if news.kind.startswith("capability"):
        yield shown(news.field.partition(".")[2])
    elif news.field:
        yield f"{shown(news.field)}:"
        if news.old is not ABSENT:
            yield f"{shown(news.old)} →"
        yield shown(news.new) if news.new is not ABSENT else UNKNOWN
    if news.percent is not None:
        yield f"({percent(news.percent)})"


def _side(value: Any) -> Any:
    return None if value is ABSENT else value


def _xml(text: str) -> str:
    """Text for XML, which has no place for control characters even as escapes."""
    return escape(HIDDEN.sub("\ufffd", text))


def _moment(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
