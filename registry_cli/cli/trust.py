"""`llmreg trust`."""

import os
from typing import Annotated

import typer

from registry_cli.cli.options import FormatOption, QuietOption, choose_format, emit_table, print_note
from registry_cli.commands.sync.trust import add_trust, list_trust, remove_trust
from registry_cli.errors import UsageError


def command(
    pairs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[HOST=NAME]...",
            help="A host, with :PORT where it is not that of https, and a variable of the environment.",
            show_default=False,
        ),
    ] = None,
    list_pairs: Annotated[bool, typer.Option("--list", help="List the pairs that you trust.")] = False,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="HOST=NAME", help="Trust this pair no longer. Repeatable.")
    ] = None,
    format: FormatOption = None,
    quiet: QuietOption = False,
) -> None:
    """Trust a host with a key: llmreg then sends the value of this variable to it.

    The hosts of built-in sources need no trust for their own variables. Any other host that a catalog names gets no
    key until you say so here, or in LLMREG_TRUST='HOST=NAME,...'. The pairs are stored in your configuration
    directory, never in a catalog. `llmreg doctor` shows which host gets which key, and why.
    """
    if list_pairs + bool(pairs) + bool(remove) != 1:
        raise UsageError("name HOST=NAME to trust, or --remove HOST=NAME, or --list")
    if list_pairs:
        emit_table(list_trust(os.environ), choose_format(format), envelope="trusted", whole=True)
    for pair in add_trust(pairs, os.environ) if pairs else ():
        print_note(f"{pair.place} may now get the value of {pair.variable}", quiet=quiet)
    for pair in remove_trust(remove, os.environ) if remove else ():
        print_note(f"{pair.place} no longer gets the value of {pair.variable}", quiet=quiet)
