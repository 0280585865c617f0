"""`llmreg diff`."""

import typer

from registry_cli.cli.options import CatalogOption, QuietOption, split_names
from registry_cli.cli.syncing import (
    AllProvidersOption,
    FromOption,
    ProvidersArgument,
    SourcesOption,
    SyncFormatOption,
    ask_and_sync,
    make_context,
    show_plan,
)
from registry_cli.commands.sync.run import SyncOptions


def command(
    providers: ProvidersArgument = None,
    all: AllProvidersOption = False,
    sources: SourcesOption = None,
    recorded: FromOption = None,
    format: SyncFormatOption = None,
    catalog: CatalogOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show what `llmreg sync` would do now, and write nothing."""
    request = SyncOptions(providers=tuple(providers or ()), all=all, sources=frozenset(split_names(sources)))
    result = ask_and_sync(request, make_context(catalog, dry_run=True), recorded or (), quiet=quiet)
    show_plan(result, format, quiet=quiet)
    if code := result.exit_code(check=False):
        raise typer.Exit(code)
