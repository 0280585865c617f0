"""How commands that read the catalog open it: the current files, or those of a revision or a day."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from registry_cli.cli.options import CatalogOption, NoCacheOption, QuietOption, note, notes, parse_day
from registry_cli.commands.query.open import OpenCatalog, ask

if TYPE_CHECKING:
    from registry_cli.core.query.filters import Filters
    from registry_cli.store.index.index import Progress

AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="REV|DATE", help="Answer from the catalog as it was then.", show_default=False),
]
ListPricesOption = Annotated[
    bool, typer.Option("--list-prices", help="Use list prices instead of your own (prices: in llmreg.yml).")
]
_PATIENCE = 1.0  # seconds before a progress line appears


class CatalogOptions(NamedTuple):
    """Which catalog a command reads, and at which time."""

    catalog: CatalogOption = None
    at: AtOption = None
    no_cache: NoCacheOption = False
    quiet: QuietOption = False

    def open(self) -> OpenCatalog:
        """Open the catalog as `opened` does."""
        return opened(self.catalog, no_cache=self.no_cache, at=self.at, quiet=self.quiet)


class PricedCatalogOptions(NamedTuple):
    """Which catalog a command reads, at which time, and with whose prices."""

    catalog: CatalogOption = None
    at: AtOption = None
    list_prices: ListPricesOption = False
    no_cache: NoCacheOption = False
    quiet: QuietOption = False

    def open(self) -> OpenCatalog:
        """Open the catalog as `opened` does."""
        return opened(self.catalog, no_cache=self.no_cache, at=self.at, list_prices=self.list_prices, quiet=self.quiet)


def opened(
    catalog: Path | None,
    *,
    no_cache: bool = False,
    at: str | None = None,
    list_prices: bool = False,
    quiet: bool = False,
) -> OpenCatalog:
    """Open the catalog, and print on stderr which past it is, what llmreg could not read of it, and its warnings.

    A terminal also shows progress if reading takes longer.
    """
    asked = ask(
        catalog,
        cached=not no_cache,
        at=at,
        list_prices=list_prices,
        progress=None if quiet else progress("providers read"),
    )
    if asked.then:
        notes([asked.then.said], quiet=quiet)
        for gap in asked.then.gaps:
            note(f"left out: {gap}", quiet=quiet)
    for warning in asked.warnings():
        note(warning, quiet=quiet)
    return asked


def day_of(asked: OpenCatalog, on: str | None) -> str:
    """Return the ISO day of the answer: `on`, or else the day of the past catalog, or else today in UTC."""
    return asked.then.day if on is None and asked.then else parse_day(on)


def note_left_out(asked: OpenCatalog, filters: "Filters", day: str, *, matched: int, quiet: bool) -> None:
    """Print on stderr which filter left no model, and how many models could not be judged."""
    if quiet:
        return
    from registry_cli.commands.query.left_out import explain_left_out  # noqa: PLC0415  # not with --quiet

    for text in explain_left_out(asked, filters, day, matched=matched):
        note(text, quiet=quiet)


def progress(done: str) -> "Progress | None":
    """Return a function that counts in a line on the terminal after a second; None without a terminal."""
    if not sys.stderr.isatty():
        return None
    start = time.monotonic()

    def show(number: int, total: int) -> None:
        if number == total:
            sys.stderr.write("\x1b[K")
        elif time.monotonic() - start > _PATIENCE:
            sys.stderr.write(f"\x1b[K{number:,} of {total:,} {done}\r")
        sys.stderr.flush()

    return show
