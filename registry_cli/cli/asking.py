"""How commands that read the catalog open it: the current files, or those of a revision or a day."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from registry_cli.cli.options import (
    CatalogOption,
    NoCacheOption,
    QuietOption,
    parse_day,
    print_note,
    print_terminal_notes,
)
from registry_cli.commands.query.open import OpenCatalog, open_catalog

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

    def open(self, providers: Sequence[str] | None = ()) -> OpenCatalog:
        """Open the catalog as `open_and_report` does."""
        return open_and_report(self.catalog, no_cache=self.no_cache, at=self.at, providers=providers, quiet=self.quiet)


class PricedCatalogOptions(NamedTuple):
    """Which catalog a command reads, at which time, and with whose prices."""

    catalog: CatalogOption = None
    at: AtOption = None
    list_prices: ListPricesOption = False
    no_cache: NoCacheOption = False
    quiet: QuietOption = False

    def open(self, providers: Sequence[str] | None = ()) -> OpenCatalog:
        """Open the catalog as `open_and_report` does."""
        return open_and_report(
            self.catalog,
            no_cache=self.no_cache,
            at=self.at,
            list_prices=self.list_prices,
            providers=providers,
            quiet=self.quiet,
        )


def open_and_report(
    catalog: Path | None,
    *,
    no_cache: bool = False,
    at: str | None = None,
    list_prices: bool = False,
    providers: Sequence[str] | None = (),
    quiet: bool = False,
) -> OpenCatalog:
    """Open the catalog, and print on stderr which past it is, what llmreg could not read of it, and its warnings.

    A question that names its `providers` is answered in spite of broken files of others.
    A terminal also shows progress if reading takes longer.
    """
    asked = open_catalog(
        catalog,
        cached=not no_cache,
        at=at,
        list_prices=list_prices,
        providers=providers or (),
        progress=None if quiet else progress_counter("providers read"),
    )
    if asked.then:
        print_terminal_notes([asked.then.said], quiet=quiet)
        for gap in asked.then.gaps:
            print_note(f"left out: {gap}", quiet=quiet)
    if asked.faults:
        _print_faults(asked, quiet=quiet)
    for warning in asked.list_warnings():
        print_note(warning, quiet=quiet)
    return asked


def _print_faults(asked: OpenCatalog, *, quiet: bool) -> None:
    from registry_cli.cli.ending import describe_error  # noqa: PLC0415  # for a broken file alone
    from registry_cli.store.catalog.provider_files import provider_of_fault  # noqa: PLC0415
    from registry_cli.yamledit.escapes import one_line  # noqa: PLC0415

    for fault in asked.faults:
        provider = one_line(provider_of_fault(fault))
        print_note(f"warning: {provider} is left out: {describe_error(fault)}", quiet=quiet)


def providers_in(models: Sequence[str]) -> list[str]:
    """Return the providers that names of models begin with; none if any name has none, which may be of any provider."""
    return [name.partition("/")[0] for name in models] if all("/" in name for name in models) else []


def answer_day(asked: OpenCatalog, on: str | None) -> str:
    """Return the ISO day of the answer: `on`, or else the day of the past catalog, or else today in UTC."""
    return asked.then.day if on is None and asked.then else parse_day(on)


def print_left_out(asked: OpenCatalog, filters: "Filters", day: str, *, matched: int, quiet: bool) -> None:
    """Print on stderr which filter left no model, and how many models could not be judged."""
    if quiet:
        return
    from registry_cli.commands.query.left_out import explain_left_out  # noqa: PLC0415  # not with --quiet

    for text in explain_left_out(asked, filters, day, matched=matched):
        print_note(text, quiet=quiet)


def progress_counter(done: str) -> "Progress | None":
    """Return a function that counts in a line on the terminal after a second; None without a terminal."""
    if not sys.stderr.isatty():
        return None
    start = time.monotonic()

    def show_count(number: int, total: int) -> None:
        if number == total:
            sys.stderr.write("\x1b[K")
        elif time.monotonic() - start > _PATIENCE:
            sys.stderr.write(f"\x1b[K{number:,} of {total:,} {done}\r")
        sys.stderr.flush()

    return show_count
