"""What every command about the past starts with: which catalog, its repository, and its timeline."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from registry_cli.core.history.lineage import trace_lineage
from registry_cli.core.history.names import PastNames
from registry_cli.core.names.names import ModelName
from registry_cli.core.names.reading_names import Resolved, resolve_for_reading
from registry_cli.store.cache.directory import find_cache
from registry_cli.store.catalog.locate import check_has_past, find_catalog_to_read
from registry_cli.store.git.history import Past, open_past
from registry_cli.store.timeline.timeline import Event, Gap, Timeline, open_timeline


@dataclass(frozen=True)
class CatalogHistory:
    """A catalog's past, opened for questions."""

    past: Past
    timeline: Timeline

    @cached_property
    def names(self) -> PastNames:
        return PastNames(self.timeline.naming_changes())

    def resolve(self, text: str) -> Resolved:
        """A model that is or was. Raises `UsageError`."""
        return resolve_for_reading(self.names, text)

    def lineage(self, name: ModelName) -> list[Event]:
        return trace_lineage(name, self.timeline.change_events)


@contextmanager
def open_history(
    catalog: Path | None,
    *,
    all_parents: bool = False,
    cached: bool = True,
    until: str | None = None,
    cwd: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[CatalogHistory]:
    """The past of the catalog that `--catalog`, the environment or the folder means, up to HEAD or to the commit
    `until`, for which nothing is cached.

    Raises `UsageError`, `GitError` where git is missing, there is no repository, or only a part of its history.
    """
    place = find_catalog_to_read(catalog, cwd=cwd or Path.cwd(), environ=environ)
    check_has_past(place)
    past = open_past(place.root, environ)
    if until is not None:
        past.check_complete()
        past, cached = past.past_until(until), False
    with open_timeline(past, find_cache(environ) if cached else None, all_parents=all_parents) as timeline:
        yield CatalogHistory(past, timeline)


def describe_gap(gap: Gap) -> str:
    """A gap as a line for people."""
    when = f"{gap.commit.short_id} {gap.commit.moment[:10]}"
    return f"{when}: {gap.file} could not be read ({gap.fault}); what it said before stands"
