"""`llmreg query`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from registry_cli.cli.asking import PricedCatalogOptions, answer_day, print_left_out
from registry_cli.cli.call_options import CallConditions, CallCounts
from registry_cli.cli.model_filters import ModelFilters
from registry_cli.cli.options import (
    AllOption,
    FormatOption,
    OnOption,
    choose_format,
    emit_table,
    print_note,
    print_terminal_notes,
)
from registry_cli.commands.query.open import OpenCatalog
from registry_cli.commands.query.query import OutputSpec, count_matches, query_models
from registry_cli.core.query.filters import MOST, Selection, parse_order
from registry_cli.core.query.table import Table
from registry_cli.errors import UsageError

if TYPE_CHECKING:
    from registry_cli.core.billing.call_plan import PlannedCall

WordsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="[WORDS]...", help="Words in the ID, name, family or provider.", show_default=False),
]
DistinctOption = Annotated[bool, typer.Option("--distinct", help="One row per base model (its cheapest provider).")]
SortOption = Annotated[
    list[str] | None,
    typer.Option(
        "--sort",
        "-s",
        metavar="FIELD",
        help="price (input, then output), cost, context, released, id, any rate or column; -FIELD runs down;"
        " repeatable. cost is that of a call of --input and --output tokens.",
    ),
]
ReverseOption = Annotated[bool, typer.Option("--reverse", "-r", help="Turn the order round; unknown stays last.")]
LimitOption = Annotated[
    int | None, typer.Option("--limit", "-n", min=0, max=MOST, metavar="N", help="At most so many rows.")
]
ColumnsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        metavar="FIELDS",
        help="Fields to show: id,context,pricing.cache_read; JSON then holds just these.",
    ),
]
CountOption = Annotated[bool, typer.Option("--count", help="Only how many.")]


def command(
    words: WordsArgument = None,
    *,
    filters: ModelFilters,
    distinct: DistinctOption = False,
    sort: SortOption = None,
    counts: CallCounts,
    conditions: CallConditions,
    reverse: ReverseOption = False,
    limit: LimitOption = None,
    columns: ColumnsOption = None,
    only_count: CountOption = False,
    on: OnOption = None,
    show_all: AllOption = False,
    format: FormatOption = None,
    catalog: PricedCatalogOptions,
) -> None:
    """Find models: every criterion must hold, unknown facts and prices match none.

    Cheapest first (input, then output price), with WORDS the best match first; deprecated, unlisted and retired
    models left out.
    """
    criteria = filters.to_filters(words or ())
    by_cost = [text for text in sort or () if text.removeprefix("-") == "cost"]
    order = parse_order([] if by_cost else sort or [], reverse=reverse, words=bool(criteria.words))
    selection = Selection(criteria, order, distinct, limit)
    form = choose_format(format)
    with catalog.open(criteria.providers) as asked:
        day = answer_day(asked, on)
        if only_count:
            matched = count_matches(asked, selection, day)
            sys.stdout.write(f"{matched}\n")
            print_left_out(asked, criteria, day, matched=matched, quiet=catalog.quiet)
            return
        wanted = OutputSpec(("model",) if form == "ids" else tuple(columns or ()), documents=form in ("json", "jsonl"))
        if by_cost:
            downward = reverse != by_cost[0].startswith("-")
            plan = _plan_call(counts, conditions, day)
            table = _query_by_cost(asked, selection, wanted, plan, downward=downward, quiet=catalog.quiet)
        else:
            table = query_models(asked, selection, day, wanted)
        emit_table(table, form, whole=show_all, quiet=catalog.quiet)
        if limit != 0:
            print_left_out(asked, criteria, day, matched=len(table.rows), quiet=catalog.quiet)
        print_terminal_notes(asked.list_notes(), quiet=catalog.quiet)


def _plan_call(counts: CallCounts, conditions: CallConditions, day: str) -> "PlannedCall":
    if not counts.counts_something:
        raise UsageError("--sort cost needs the size of a call: --input and --output, or another count")
    return counts.to_plan(conditions, day)


def _query_by_cost(
    asked: OpenCatalog, selection: Selection, wanted: OutputSpec, plan: "PlannedCall", *, downward: bool, quiet: bool
) -> Table:
    from registry_cli.commands.billing.query_cost import query_by_cost  # noqa: PLC0415  # only where it is asked for

    ranking = query_by_cost(asked, selection, plan, wanted, downward=downward)
    if ranking.too_small:
        print_note(f"a call of this size exceeds the limits of {ranking.too_small:,} of these models", quiet=quiet)
    return ranking.table
