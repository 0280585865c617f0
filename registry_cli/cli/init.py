"""`llmreg init`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from registry_cli.cli.editing import DryRunOption
from registry_cli.cli.options import QuietOption, parse_day, print_note, print_terminal_notes, split_names
from registry_cli.commands.setup.init import (
    HOOKS,
    REQUIREMENTS,
    Begun,
    init_catalog,
    parse_requirement,
    rewrite_workflows,
)
from registry_cli.commands.setup.workflows import ENVIRONMENT
from registry_cli.errors import UsageError
from registry_cli.store.files.installation import Requirement, installed_requirement


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
        str | None,
        typer.Option(
            "--requirement",
            metavar="TEXT",
            help="What workflows and hooks install with pip (default: from where llmreg was installed here).",
            show_default=False,
        ),
    ] = None,
    no_git: Annotated[bool, typer.Option("--no-git", help="Begin no git repository.")] = False,
    dry_run: DryRunOption = False,
    quiet: QuietOption = False,
) -> None:
    """Make a new catalog repository: providers, schema, settings, workflows, hooks. Nothing that exists is replaced.

    Prints the files that it writes. Outside a git repository it begins one.
    """
    if workflows and providers:
        raise UsageError("--provider is for a new catalog, --workflows for one that exists")
    installs = installed_requirement() if requirement is None else parse_requirement(requirement)
    if workflows:
        done = rewrite_workflows(folder, requirement=installs, dry_run=dry_run)
    else:
        chosen = split_names(providers)
        how = {"git": not no_git, "dry_run": dry_run}
        done = init_catalog(folder, chosen, requirement=installs, on=parse_day(None), environ=os.environ, **how)
    for path in done.written:
        typer.echo(str(path))
    for path in done.kept:
        print_note(f"{path} is there already and stays as it is", quiet=quiet)
    for text in _setup_warnings(done, installs):
        print_note(text, quiet=quiet)
    if not workflows and not dry_run:
        print_terminal_notes(_next_steps(folder, done, (*split_names(providers), "openai")[0]), quiet=quiet)


def _setup_warnings(done: Begun, requirement: Requirement | None) -> list[str]:
    """What a person must know although all went well."""
    texts = [*done.warnings]
    written = [str(path) for path in (REQUIREMENTS, HOOKS) if path in done.written]
    if written:
        texts += _requirement_warnings(requirement, " and ".join(written))
    if done.top:
        texts.append(
            f"the folder lies in the repository {done.top}, at whose top alone workflows and hooks are run: move"
            " .github and .pre-commit-config.yaml there, and write this folder before the paths in them"
        )
    return texts


def _requirement_warnings(requirement: Requirement | None, files: str) -> list[str]:
    if requirement is None:
        return [f"llmreg does not know where it was installed from; write that into {files} where they say so"]
    if requirement.only_here:
        return [
            f"{files} install {requirement.text}, which only this machine has; before you push, write a git URL there"
        ]
    if requirement.from_index:
        source = f"{files} install {requirement.text} from a package index"
        return [f"{source}; if yours is a private one, set it up for the workflows too"]
    return []


def _next_steps(folder: Path, done: Begun, provider: str) -> list[str]:
    inside = "" if folder == Path() else f"cd {folder} && "
    keys = f"make the environment {ENVIRONMENT} with the secrets {', '.join(done.keys)}, and " if done.keys else ""
    return [
        *(["a git repository was begun"] if done.repository else []),
        "",
        "Next:",
        f"1. {inside}llmreg validate && llmreg sync {provider}",
        "2. git add . && git commit -m 'A catalog of models', and push it to a repository on GitHub",
        f"3. in its settings {keys}allow Actions to create pull requests; from then on it syncs daily",
    ]
