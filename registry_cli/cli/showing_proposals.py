"""How the pull request of an edit or an import is shown."""

from collections.abc import Iterator

from registry_cli.core.proposals.outcomes import Outcome
from registry_cli.render.outcomes import outcome_lines, preview_text


def proposal_text(outcome: Outcome, diff: str, *, dry_run: bool) -> str:
    """Return what goes to standard output: the diff; for a dry run below the branch, the title and the body."""
    is_shown = dry_run and outcome.action != "nothing"
    return "\n".join(filter(None, [preview_text([outcome]) if is_shown else "", diff]))


def proposal_notes(outcome: Outcome, base: str, *, is_empty: bool, dry_run: bool) -> Iterator[str]:
    """Yield the notes about the result, `is_empty` if the edit changes nothing on the base branch."""
    if is_empty:
        yield f"nothing to change on the branch {base}"
    if dry_run:
        yield "nothing was written (--dry-run)"
    elif outcome.action != "nothing" or not is_empty:
        yield from outcome_lines([outcome])
