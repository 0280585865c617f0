"""`llmreg add`."""

from typing import Annotated

import typer

from registry_cli.cli.editing import EditOptions, name_proposal, run_edit_command
from registry_cli.cli.pull_request_options import ProposalOptions
from registry_cli.commands.edit.plans import plan_add


def command(
    target: Annotated[str, typer.Argument(metavar="PROVIDER/ID", help="The new model.")],
    fields: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FIELD=VALUE]...", help="As `llmreg set` takes them.", show_default=False),
    ] = None,
    like: Annotated[
        str | None,
        typer.Option("--like", metavar="MODEL", help="Start from a copy of this model's facts.", show_default=False),
    ] = None,
    new_provider: Annotated[
        bool, typer.Option("--new-provider", help="Create the provider's file where there is none.")
    ] = False,
    *,
    options: EditOptions,
    proposal: ProposalOptions,
) -> None:
    """Add a model.

    A copy takes over all facts but what tells a model apart (name, description, aliases, upstream_ids) and where it is
    in its life (status, dates, replacement).
    """
    plan = plan_add(target, fields or [], like=like, new_provider=new_provider)
    run_edit_command(plan, options, name_proposal(proposal, "add", target))
