"""`llmreg validate`."""

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, TextIO

import typer

from registry_cli.cli.options import (
    CatalogOption,
    NoCacheOption,
    OnOption,
    QuietOption,
    choose_format,
    parse_day,
    uses_color,
)
from registry_cli.cli.output import write_annotations
from registry_cli.commands.validate.validate import Validated, rule_of, validate
from registry_cli.errors import UsageError
from registry_cli.render.findings import findings_json, findings_summary, github_annotations, plain_findings

if TYPE_CHECKING:
    from registry_cli.commands.validate.since import Check

FORMATS = ("plain", "json", "github", "sarif")
_FIXABLE = frozenset({"capability-spelling", "older-key", "misread-scalar"})
PathsArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATH]...", help="Files or folders (default: the catalog).", show_default=False),
]
MaxAgeOption = Annotated[
    str | None, typer.Option("--max-age", metavar="AGE", help="Also find what no source confirmed lately: 90d.")
]
FindingFormatOption = Annotated[
    str | None, typer.Option("--format", "-f", metavar="FORMAT", help=f"{', '.join(FORMATS)}.", show_default=False)
]
CheckedAtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="REV|DATE", help="Check the catalog as it was then.", show_default=False),
]
NewSinceOption = Annotated[
    str | None,
    typer.Option("--new-since", metavar="REV|DATE", help="Only what was not found then.", show_default=False),
]


class RuleOptions(NamedTuple):
    """Which rules are checked, and what makes the check fail."""

    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False
    select: Annotated[
        list[str] | None, typer.Option("--select", metavar="CODE", help="Only these rules; repeatable, or with commas.")
    ] = None
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="CODE", help="Not these rules; repeatable, or with commas.")
    ] = None
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="CODE", help="Explain one rule, or `all`, and check nothing.")
    ] = None


class FixOptions(NamedTuple):
    """Whether the files are mended first."""

    fix: Annotated[
        bool, typer.Option("--fix", help="First mend names of capabilities, older keys and missing quotes.")
    ] = False
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --fix: show the change and write nothing.")] = False


def command(
    paths: PathsArgument = None,
    catalog: CatalogOption = None,
    *,
    rules: RuleOptions,
    fixing: FixOptions,
    max_age: MaxAgeOption = None,
    form: FindingFormatOption = None,
    on: OnOption = None,
    at: CheckedAtOption = None,
    since: NewSinceOption = None,
    quiet: QuietOption = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Check provider files against the schema and the rules. Exits with 1 on errors, with --strict on warnings too."""
    if rules.explain is not None:
        sys.stdout.write(_explain_rules(rules.explain))
        return
    form = choose_format(form, FORMATS)
    if at is not None and fixing.fix:
        raise UsageError("--fix mends what is, not what was: it does not go with --at")
    if fixing.fix:
        _fix_files(paths or [], catalog, dry_run=fixing.dry_run, to=sys.stdout if form == "plain" else sys.stderr)
    elif fixing.dry_run:
        raise UsageError("--dry-run belongs to --fix")
    check = partial(
        validate,
        catalog=catalog,
        on=parse_day(on),
        select=rules.select or [],
        ignore=rules.ignore or [],
        remember=not no_cache,
        cwd=Path.cwd(),
        environ=os.environ,
    )
    now = partial(check, paths or [], max_age=None if max_age is None else _parse_days(max_age), at=at)
    result = now() if since is None else _new_since(since, now, partial(check, [], at=since), catalog)
    _print_result(result, form)
    if not quiet:
        _print_summary(result, fixed=fixing.fix and not fixing.dry_run)
    if not result.passes(strict=rules.strict):
        raise typer.Exit(1)


def _new_since(since: str, now: "Check", then: "Check", catalog: Path | None) -> Validated:
    from registry_cli.commands.validate.since import validate_since  # noqa: PLC0415  # the past, for --new-since alone

    return validate_since(since, now, then, catalog=catalog, cwd=Path.cwd(), environ=os.environ)


def _print_result(result: Validated, form: str) -> None:
    if form == "github":
        write_annotations(github_annotations(result.findings))
    else:
        sys.stdout.write(_render_findings(result, form))
    sys.stdout.flush()


def _print_summary(result: Validated, *, fixed: bool) -> None:
    """On stderr: what a person should know of the check, and how much was found."""
    for text in result.notes:
        typer.echo(text, err=True)
    typer.echo(findings_summary(result.files, result.models, result.count("error"), result.count("warning")), err=True)
    left = sum(finding.code in _FIXABLE for finding in result.findings) if fixed else 0
    if left:
        typer.echo(f"--fix left {left} to you: a comment or a fault in the file stands in the way", err=True)


def _parse_days(age: str) -> int:
    from registry_cli.commands.validate.staleness import parse_age  # noqa: PLC0415  # for `--max-age` alone

    return parse_age(age)


def _fix_files(paths: list[Path], catalog: Path | None, *, dry_run: bool, to: TextIO) -> None:
    from registry_cli.cli.editing import render_diff  # noqa: PLC0415  # edits, for --fix alone
    from registry_cli.commands.edit.fmt import Fixer  # noqa: PLC0415
    from registry_cli.commands.edit.rewrite import rewrite_files  # noqa: PLC0415

    found = rewrite_files(paths, Fixer(), catalog=catalog, dry_run=dry_run, cwd=Path.cwd(), environ=os.environ)
    to.write(render_diff(found.files))


def _explain_rules(code: str) -> str:
    from registry_cli.core.checks.rules import RULES  # noqa: PLC0415
    from registry_cli.render.rule_text import rule_section, rules_page  # noqa: PLC0415

    return rules_page(RULES) if code == "all" else rule_section(rule_of(code))


def _render_findings(result: Validated, form: str) -> str:
    if form == "json":
        return findings_json(result.findings, files=result.files, models=result.models)
    if form == "sarif":
        from registry_cli.render.findings_sarif import as_sarif  # noqa: PLC0415  # the rules' texts

        return as_sarif(result.findings)
    return plain_findings(result.findings, color=uses_color())
