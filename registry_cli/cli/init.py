"""`llmreg init`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.editing import DryRunOption
from registry_cli.cli.options import QuietOption, note, notes
from registry_cli.cli.syncing import names
from registry_cli.commands.init import THIS_VERSION, Begun, init, rewrite_workflows
from registry_cli.errors import UsageError


def command(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="A new folder, or one without a catalog.", show_default=False)
    ] = Path(),
    providers: Annotated[
        list[str] | None,
        typer.Option("--provider", "-p", help="Copy this one from the shipped catalog; repeatable, or with commas."),
    ] = None,
    workflows: Annotated[
        bool, typer.Option("--workflows", help="Only bring the workflows of a catalog that exists up to date.")
    ] = False,
    requirement: Annotated[
        str, typer.Option("--requirement", metavar="TEXT", help="What workflows and hooks install with pip.")
    ] = THIS_VERSION,
    no_git: Annotated[bool, typer.Option("--no-git", help="Begin no git repository.")] = False,
    dry_run: DryRunOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make a new catalog repository: providers, schema, settings, workflows, hooks. Nothing that exists is replaced.

    Prints the files that it writes. Outside a git repository it begins one.
    """
    if workflows and providers:
        raise UsageError("--provider is for a new catalog, --workflows for one that exists")
    if workflows:
        done = rewrite_workflows(folder, requirement=requirement, dry_run=dry_run)
    else:
        chosen = names(providers)
        done = init(folder, chosen, requirement=requirement, git=not no_git, dry_run=dry_run, environ=os.environ)
    for path in done.written:
        typer.echo(str(path))
    for path in done.kept:
        note(f"{path} is there already and stays as it is", quiet=quiet)
    if not workflows and not dry_run:
        notes(_next_steps(folder, done, (*names(providers), "openai")[0]), quiet=quiet)


def _next_steps(folder: Path, done: Begun, provider: str) -> list[str]:
    inside = "" if folder == Path() else f"cd {folder} && "
    keys = f"add the secrets {', '.join(done.keys)} and " if done.keys else ""
    return [
        *(["a git repository was begun"] if done.repository else []),
        "",
        "Next:",
        f"1. {inside}llmreg validate && llmreg sync {provider} --no-pr",
        "2. git add . && git commit -m 'A catalog of models', and push it to a repository on GitHub",
        f"3. in its settings {keys}allow Actions to create pull requests; from then on it syncs daily",
    ]
