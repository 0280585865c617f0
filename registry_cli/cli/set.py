"""`llmreg set`."""

from typing import Annotated

import typer

from registry_cli.cli.editing import EditOptions, name_proposal, run_edit_command
from registry_cli.cli.pull_request_options import ProposalOptions
from registry_cli.commands.edit.plans import name_assigned, plan_set


def command(
    target: Annotated[str, typer.Argument(metavar="MODEL|PROVIDER", help="provider/id, an alias, or a provider's id.")],
    fields: Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="See above.")],
    *,
    options: EditOptions,
    proposal: ProposalOptions,
) -> None:
    """Set fields of a model or a provider.

    A field is named as `llmreg show` names it: pricing.input=2.5, context_window=128k, modalities.input=text,image,
    release_date=2026-01-15, reasoning.effort=low,high, capabilities.vision.status=beta. A list or a mapping may be
    written as YAML: 'reasoning.budget_tokens={min: 1024}'. null says that a fact does not apply; `llmreg unset` makes
    it unknown.

    Lists also take += and -=: capabilities+=vision,streaming aliases-=old-name. A variant of prices is chosen, or
    added, by its whole condition: 'pricing.variants[service_tier=batch].input=1.25',
    'pricing.variants[input_tokens_above=200k,region=eu].multiply=2'.
    """
    proposed = name_proposal(proposal, "set", target, name_assigned(fields))
    run_edit_command(plan_set(target, fields), options, proposed)
