"""`llmreg unset`."""

from typing import Annotated

import typer

from registry_cli.cli.editing import EditOptions, name_proposal, run_edit_command
from registry_cli.cli.pull_request_options import ProposalOptions
from registry_cli.commands.edit.plans import plan_unset


def command(
    target: Annotated[str, typer.Argument(metavar="MODEL|PROVIDER", help="provider/id, an alias, or a provider's id.")],
    fields: Annotated[list[str], typer.Argument(metavar="FIELD...", help="Such as pricing.cache_read or description.")],
    *,
    options: EditOptions,
    proposal: ProposalOptions,
) -> None:
    """Take fields away: what they said is unknown from then on.

    'pricing.variants[service_tier=batch]' takes away that variant, capabilities.vision what is said of vision.
    """
    run_edit_command(plan_unset(target, fields), options, name_proposal(proposal, "unset", target, fields))
