"""`llmreg default`."""

import sys
from typing import Annotated

import typer

from registry_cli.cli.asking import CatalogOptions, answer_day
from registry_cli.cli.options import OnOption, print_note
from registry_cli.commands.query.listing import find_default
from registry_cli.render.text import cell_text


def command(
    provider: Annotated[str, typer.Argument(metavar="PROVIDER", help="Its id or another spelling of it.")],
    on: OnOption = None,
    *,
    catalog: CatalogOptions,
) -> None:
    """Print a provider's default model, or the replacement of one that is retired.

    Notes on stderr say so, and whether the model is deprecated. It is an error where nothing that can be used replaces
    a retired default.
    """
    with catalog.open([provider]) as asked:
        found = find_default(asked, provider, answer_day(asked, on))
    sys.stdout.write(f"{cell_text(found.full_id)}\n")
    for notice in found.notices:
        print_note(notice, quiet=catalog.quiet)
