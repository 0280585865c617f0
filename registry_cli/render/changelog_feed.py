"""A changelog of models as an Atom feed."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any, Protocol

from registry_cli.core.history.summary import KINDS, News
from registry_cli.render.atom import AtomEntry, atom_feed, printable_text
from registry_cli.render.changelog import change_line

_FEW = 12  # providers that a title can name


class ReleaseEntry(Protocol):
    """A commit and the changes of models that it made."""

    @property
    def commit(self) -> Any:
        """With `id`, `short`, `time`, `author` and `subject`."""

    @property
    def news(self) -> Sequence[News]: ...


def changelog_feed(name: str, releases: Sequence[ReleaseEntry]) -> str:
    """An Atom feed with an entry for each commit, the latest first. `name` tells this feed from others."""
    feed_id = uuid.uuid5(uuid.NAMESPACE_URL, f"llmreg:{name}")
    updated = _utc_time(releases[0].commit.time if releases else 0)
    entries = [_feed_entry(feed_id, release) for release in releases]
    return atom_feed(f"urn:uuid:{feed_id}", "Changes of LLM models", updated, entries)


def _feed_entry(feed_id: uuid.UUID, release: ReleaseEntry) -> AtomEntry:
    commit = release.commit
    items = ""
    for change in release.news:
        items += f"<li>{escape(printable_text(f'{change.kind}: {change_line(change)}'))}</li>"
    return AtomEntry(
        id=f"urn:uuid:{uuid.uuid5(feed_id, commit.id)}",
        title=_entry_title(release.news),
        updated=_utc_time(commit.time),
        author=commit.author,
        summary=commit.subject,
        html=f"<ul>{items}</ul>",
    )


def _entry_title(news: Sequence[News]) -> str:
    """`openai, xai: 2 new model, 1 price increase`; of many providers only how many."""
    counts = []
    for kind in KINDS:
        count = sum(change.kind == kind for change in news)
        if count:
            counts.append(f"{count:,} {kind}")
    providers = list(dict.fromkeys(change.provider for change in news))
    where = ", ".join(providers) if len(providers) <= _FEW else f"{len(providers)} providers"
    return f"{where}: {', '.join(counts)}"


def _utc_time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
