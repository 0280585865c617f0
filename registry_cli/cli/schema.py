"""`llmreg schema`."""

import sys
from typing import Annotated

import typer

from registry_cli.commands.setup.schema import schema_file


def command(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="provider or settings (JSON Schema), or capabilities (YAML).")
    ] = "provider",
    path: Annotated[bool, typer.Option("--path", help="Print where it lies instead.")] = False,
) -> None:
    """Print the schema of a provider file or of a catalog's settings, or the vocabulary of capabilities."""
    file = schema_file(name)
    sys.stdout.write(f"{file}\n" if path else file.read_text(encoding="utf-8"))
