"""`llmreg cache`."""

from typing import Annotated

import typer

from registry_cli.cli.options import FormatOption, QuietOption, choose_format, emit_table, print_note
from registry_cli.commands.setup.cache import cache_clear, cache_info
from registry_cli.errors import UsageError


def command(
    action: Annotated[str, typer.Argument(metavar="info|clear", help="List the files, or remove them.")],
    format: FormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Show or clear what llmreg remembers between runs. Clearing costs time, never an answer."""
    if action == "info":
        folder, table = cache_info()
        emit_table(table, choose_format(format), envelope="files", whole=True)
        print_note(str(folder), quiet=quiet)
    elif action == "clear":
        cleared = cache_clear()
        print_note(f"removed {cleared.files} files from {cleared.folder}", quiet=quiet)
    else:
        raise UsageError(f"cache: {action!r} is not one of info, clear")
