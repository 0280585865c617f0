"""Deprecation pages that makers publish as Markdown: which models end when, and what replaces them.

`PAGES` says for each page where it is and which words of a table's header row mean which fact. A page speaks for the
platform that publishes it and for no other host. Its tables are read, its prose is not. A row that is about no model
(an endpoint, a product) is noted.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from registry_cli.core.statements.lifecycle_sources import page_of
from registry_cli.core.statements.observations import Observations, ObservedModel
from registry_cli.errors import UpstreamError
from registry_cli.sources.base import Page, Source
from registry_cli.sources.markdown_tables import Cell, MarkdownTable, read_tables
from registry_cli.sources.rows import Rows, known_facts

_STATES = {"active": "active", "legacy": "active", "deprecated": "deprecated", "retired": "retired"}
_NOT_BEFORE = re.compile(r"^(?:not? (?:sooner|earlier) than|at (?:the )?earliest)\s+", re.IGNORECASE)
_HAS_DIGIT = re.compile(r"\d")
_ISO_START = re.compile(r"\d{4}-\d\d-\d\d")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-"))
_DATE_FORMATS = ("%Y-%m-%d", "%b %d, %Y", "%B %d, %Y", "%d %B %Y")
_US_DATE_FORMATS = (*_DATE_FORMATS, "%m/%d/%y", "%m/%d/%Y")


@dataclass(frozen=True, slots=True)
class DeprecationPage:
    """A page and how its tables are read.

    `columns` maps the words of a header row, in lower case, to `id`, `retires`, `deprecates`, `state` or `replacement`;
    a table without `id` and one of the others is passed over. Where `announces`, a heading that begins with an ISO day
    gives the day on which the models below it were deprecated. Fewer than `least_rows` rows mean that the page has
    changed: it is refused, and what it stated last stands. `is_verified` says that the page itself was read with this.
    """

    provider: str
    address: str
    path: str
    columns: Mapping[str, str]
    least_rows: int
    announces: bool = False
    is_verified: bool = False
    date_formats: tuple[str, ...] = field(default=_DATE_FORMATS)


PAGES = (
    DeprecationPage(
        "openai",
        "https://developers.openai.com",
        "/api/docs/deprecations.md",
        {
            "shutdown date": "retires",
            "model / system": "id",
            "model family / snapshot": "id",
            "model snapshot": "id",
            "deprecated model": "id",
            "legacy model": "id",
            "system": "id",
            "recommended replacement": "replacement",
            "recommended replacement base model": "replacement",
            "substitute model": "replacement",
        },
        least_rows=50,
        is_verified=True,
        announces=True,
    ),
    DeprecationPage(
        "anthropic",
        "https://platform.claude.com",
        "/docs/en/about-claude/model-deprecations.md",
        {
            "api model name": "id",
            "current state": "state",
            "deprecated": "deprecates",
            "tentative retirement date": "retires",
            "retirement date": "retires",
            "deprecated model": "id",
            "recommended replacement": "replacement",
        },
        least_rows=15,
        is_verified=True,
        announces=True,
    ),
    DeprecationPage(
        "groq",
        "https://console.groq.com",
        "/docs/deprecations.md",
        {
            "deprecated model": "id",
            "model id": "id",
            "shutdown date": "retires",
            "recommended replacement model id": "replacement",
        },
        least_rows=10,
        is_verified=True,
        date_formats=_US_DATE_FORMATS,
    ),
    DeprecationPage(
        "cohere",
        "https://docs.cohere.com",
        "/docs/deprecations.md",
        {
            "deprecated model": "id",
            "shutdown date": "retires",
            "recommended replacement": "replacement",
        },
        least_rows=3,
    ),
)


def parse(page: DeprecationPage, pages: Sequence[Page], provider: str) -> Observations:
    """What a page states of each model; a later table completes what an earlier one states of it."""
    rows = Rows(page_of(page.provider), provider)
    facts: dict[str, dict[str, Any]] = {}
    count = 0
    for table in read_tables(pages[0].body, rows.source):
        meanings = [page.columns.get(column.lower(), "") for column in table.columns]
        if "id" not in meanings or len({*meanings} - {""}) == 1:
            continue
        for row in table.rows:
            count += 1
            cells = {meaning: cell for meaning, cell in zip(meanings, row, strict=False) if meaning}
            for model_id in _model_ids(rows, cells["id"]):
                _add_missing(facts.setdefault(model_id, {}), _read_facts(page, rows, table, cells))
    if count < page.least_rows:
        raise UpstreamError(f"{rows.source}: {count} rows of models where at least {page.least_rows} are expected")
    models = tuple(ObservedModel(model_id, model_id, each) for model_id, each in facts.items() if each)
    return rows.build_observations(models)


def _add_missing(facts: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add what an older table states. A day of retirement settles what an earlier promise left open."""
    for name, value in more.items():
        if name != "retirement_not_before" or "retirement_date" not in facts:
            facts.setdefault(name, value)


def _model_ids(rows: Rows, cell: Cell) -> Iterator[str]:
    """The model ids of a cell: its code spans, or its text where that is one word."""
    rows.model = ""
    for text in cell.codes or (cell.text,):
        if " " in text or not text or not text.strip("-"):
            rows.note("model", cell.text, "not a model id")
        elif model_id := rows.read_id(text):
            rows.model = model_id
            yield model_id


def _read_facts(page: DeprecationPage, rows: Rows, table: MarkdownTable, cells: Mapping[str, Cell]) -> dict[str, Any]:
    retires, not_before = _read_retirement(page, rows, cells.get("retires"))
    announced = _ISO_START.match(table.heading.translate(_DASHES)) if page.announces else None
    return known_facts(
        status=_STATES.get(cells["state"].text.lower()) if "state" in cells else None,
        deprecation_date=announced[0] if announced else _read_day(page, cells.get("deprecates")),
        retirement_date=retires,
        retirement_not_before=not_before,
        replacement=_read_replacement(cells.get("replacement")),
    )


def _read_retirement(page: DeprecationPage, rows: Rows, cell: Cell | None) -> tuple[str | None, str | None]:
    """The day of retirement, or the day before which there will be none."""
    if cell is None:
        return None, None
    bound = _NOT_BEFORE.match(cell.text)
    day = _read_day(page, Cell(cell.text[bound.end() :]) if bound else cell)
    if day is None and cell.text.strip("- ").lower() not in ("", "n/a", "tbd"):
        rows.note("retirement date", cell.text, "not a date")
    return (None, day) if bound else (day, None)


def _read_day(page: DeprecationPage, cell: Cell | None) -> str | None:
    return parse_day(cell.text, page.date_formats) if cell is not None else None


def parse_day(text: str, formats: Sequence[str]) -> str | None:
    """The ISO day that a text writes in one of the formats (of `strptime`, with English months); None for none."""
    for form in formats:
        try:
            day: date = datetime.strptime(text.translate(_DASHES).strip(), form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
        return day.isoformat()
    return None


def _read_replacement(cell: Cell | None) -> str | None:
    """The first id that a cell names: `a` or `b`, or `a-1 b-2`, means that either will do."""
    if cell is None:
        return None
    first = cell.codes[0] if cell.codes else re.split(r"\s+or\s+|,\s*", cell.text)[0]
    words = first.split()
    if not cell.codes and all(_HAS_DIGIT.search(word) for word in words):  # ids rather than prose
        first = words[0] if words else ""
    return first if first.strip("-") and " " not in first and not first.startswith("/") else None


def _page_source(page: DeprecationPage) -> Source:
    return Source(
        name=page_of(page.provider),
        docs=page.address + page.path.removesuffix(".md"),
        base_url=page.address,
        path=page.path,
        parse=partial(parse, page),
        verified=page.is_verified,
        markdown=True,
        lifecycle=True,
    )


SOURCES = {page.provider: _page_source(page) for page in PAGES}
