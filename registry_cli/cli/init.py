"""`llmreg init`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.editing import DryRunOption
from registry_cli.cli.options import QuietOption, parse_day, print_note, print_terminal_notes
from registry_cli.cli.syncing import split_names
from registry_cli.commands.setup.init import REQUIREMENTS, THIS_VERSION, Begun, init_catalog, rewrite_workflows
from registry_cli.commands.setup.workflows import ENVIRONMENT
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
        chosen = split_names(providers)
        how = {"git": not no_git, "dry_run": dry_run}
        done = init_catalog(folder, chosen, requirement=requirement, on=parse_day(None), environ=os.environ, **how)
    for path in done.written:
        typer.echo(str(path))
    for path in done.kept:
        print_note(f"{path} is there already and stays as it is", quiet=quiet)
    for text in _setup_warnings(done, requirement):
        print_note(text, quiet=quiet)
    if not workflows and not dry_run:
        print_terminal_notes(_next_steps(folder, done, (*split_names(providers), "openai")[0]), quiet=quiet)


def _setup_warnings(done: Begun, requirement: str) -> list[str]:
    """What a person must know although all went well."""
    texts = [*done.warnings]
    if requirement == THIS_VERSION and REQUIREMENTS in done.written:
        texts.append(
            f"workflows and hooks install {requirement} from your package index, as {REQUIREMENTS} says; where no"
            " index has it, or somebody else might own the name there, --requirement names another place, such as a git"
            " commit"
        )
    if done.top:
        texts.append(
            f"the folder lies in the repository {done.top}, at whose top alone workflows and hooks are run: move"
            " .github and .pre-commit-config.yaml there, and write this folder before the paths in them"
        )
    return texts


def _next_steps(folder: Path, done: Begun, provider: str) -> list[str]:
    inside = "" if folder == Path() else f"cd {folder} && "
    keys = f"make the environment {ENVIRONMENT} with the secrets {', '.join(done.keys)}, and " if done.keys else ""
    return [
        *(["a git repository was begun"] if done.repository else []),
        "",
        "Next:",
        f"1. {inside}llmreg validate && llmreg sync {provider} --no-pr",
        "2. git add . && git commit -m 'A catalog of models', and push it to a repository on GitHub",
        f"3. in its settings {keys}allow Actions to create pull requests; from then on it syncs daily",
    ]
