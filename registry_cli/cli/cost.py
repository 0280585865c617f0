"""`llmreg cost`."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from registry_cli.cli.asking import PricedCatalogOptions, answer_day, providers_in
from registry_cli.cli.call_options import CallConditions, CallCounts
from registry_cli.cli.option_groups import OptionAlias
from registry_cli.cli.options import FormatOption, OnOption, choose_format, emit_table, print_note
from registry_cli.commands.billing.cost import price_calls
from registry_cli.commands.billing.usage_file import read_calls
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.core.responses.call import Call
from registry_cli.core.responses.lines import NumberedCall
from registry_cli.errors import UsageError
from registry_cli.render.bills import bill_table, explain_bills

UsageOption = Annotated[
    Path | None,
    typer.Option("--usage", metavar="FILE", help="Responses or their usage blocks: JSON, or JSONL of many."),
]
AnsweredByOption = Annotated[
    str | None, typer.Option("--provider", "-p", metavar="ID", help="Who answered, for models that FILE names.")
]


def command(
    models: Annotated[
        list[str] | None, typer.Argument(metavar="[MODEL]...", help="One or more models.", show_default=False)
    ] = None,
    *,
    counts: Annotated[CallCounts, OptionAlias("reasoning_tokens", "--reasoning")],
    usage: UsageOption = None,
    provider: AnsweredByOption = None,
    conditions: CallConditions,
    on: OnOption = None,
    requests: Annotated[str | None, typer.Option("--requests", hidden=True)] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show the rates, and what each part cost.")] = False,
    format: FormatOption = None,
    catalog: PricedCatalogOptions,
) -> None:
    """Show what calls cost, exactly; several models side by side, the cheapest first.

    Give the tokens of one call: 250k, 1.5m, or 60% for a part of the input or output. --calls says how many there are.

    \b
    Examples:
      llmreg cost openai/gpt-5.5 --input 250k --cached 60% --output 4k
      llmreg cost openai/gpt-5.5 xai/grok-4.3 --input 20k --output 1k --calls 10k --per day
      llmreg cost --usage responses.jsonl --explain
    """
    if requests is not None:
        raise UsageError("--requests is now --calls N, which multiplies the whole call")
    form = choose_format(format)
    _check_what_is_given(counts, usage, models)
    recorded = read_calls(usage) if usage else ()
    with catalog.open(providers_in(models) if models else [provider] if provider else ()) as asked:
        plan = counts.to_plan(conditions, answer_day(asked, on))
        priced = recorded if usage else [NumberedCall(1, Call(plan.usage))]
        costed = price_calls(
            asked, models or [], priced, plan.conditions, provider, each=explain, times=plan.calls, per=plan.per
        )
        basis = _read_basis(asked, plan.conditions.day) if form in ("json", "jsonl") else None
    if explain and form in ("plain", "table"):
        sys.stdout.write(explain_bills(costed.bills, costed.calls))
        _print_notes(costed.usage_notes, quiet=catalog.quiet)
        return
    is_planned = counts.calls is not None
    emit_table(bill_table(costed.bills, figures=form == "csv", planned=is_planned, basis=basis), form, whole=True)
    _print_notes([f"warning: {text}" for text in costed.warnings], quiet=False)
    if costed.warnings and not usage and not is_planned:
        print_note("give the tokens of one call; --calls N says how many there are", quiet=False)
    _print_notes([*costed.notes, *costed.usage_notes], quiet=catalog.quiet)


def _print_notes(texts: Iterable[str], *, quiet: bool) -> None:
    for text in texts:
        print_note(text, quiet=quiet)


def _read_basis(asked: OpenCatalog, day: str) -> Mapping[str, Any]:
    from registry_cli.commands.billing.pricing_basis import pricing_basis  # noqa: PLC0415  # asks git

    return asdict(pricing_basis(asked, day))


def _check_what_is_given(counts: CallCounts, usage: Path | None, models: list[str] | None) -> None:
    if usage and counts.counts_something:
        raise UsageError("cost: give counts or --usage, not both")
    if not usage and not models:
        raise UsageError("cost: missing argument MODEL")
    if not usage and not counts.counts_something:
        raise UsageError("cost: missing --input, --output or another count, or --usage FILE")
