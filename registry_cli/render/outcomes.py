"""Results of updating sync branches and their pull requests, as text and JSON."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from registry_cli.core.proposals.outcomes import Action, Outcome
from registry_cli.render.text import cell_text

_WORDS: dict[Action, str] = {
    "opened": "opened",
    "updated": "updated",
    "unchanged": "unchanged",
    "closed": "closed, for nothing is left of the difference",
    "superseded": "closed, for its providers have another branch now",
    "nothing": "nothing to propose",
    "left": "left as it is",
    "declined": "not opened again",
    "pushed": "pushed",
    "waiting": "waits for the next run",
    "failed": "failed",
}


def outcome_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each branch with a result, and for each warning. Waiting branches share one line at the end."""
    waiting = []
    for outcome in outcomes:
        if outcome.action == "waiting":
            waiting.append(outcome)
        elif outcome.action != "nothing" or len(outcomes) == 1:
            about = f"{outcome.title or outcome.name}: {_WORDS[outcome.action]}"
            remark = f"({cell_text(outcome.note)})" if outcome.note else ""
            yield " ".join(filter(None, (cell_text(about), outcome.url, remark)))
            yield from map(cell_text, outcome.warnings)
    if waiting:
        names = ", ".join(outcome.name for outcome in waiting)
        yield f"{len(waiting):,} wait for the next run ({waiting[0].note}): {names}"


def preview_text(outcomes: Iterable[Outcome]) -> str:
    """For a dry run: each branch with the action, title and body of its pull request."""
    return "\n".join(map(_preview, outcomes))


def _preview(outcome: Outcome) -> str:
    head = [f"branch: {outcome.branch}", f"would be: {_WORDS[outcome.action]}"]
    if outcome.url:
        head.append(f"pull request: {outcome.url}")
    if outcome.note:
        head.append(f"note: {cell_text(outcome.note)}")
    if outcome.title:
        head.append(f"title: {outcome.title}")
    body = f"\n\n{outcome.body}" if outcome.body else "\n"
    return "\n".join(head) + body


def outcome_documents(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """The results as JSON documents, for `pull_requests`."""
    return [_outcome_document(outcome) for outcome in outcomes]


def _outcome_document(outcome: Outcome) -> dict[str, Any]:
    return {
        "name": outcome.name,
        "providers": list(outcome.providers),
        "branch": outcome.branch,
        "action": outcome.action,
        "number": outcome.number,
        "url": outcome.url or None,
        "title": outcome.title or None,
        "body": outcome.body or None,
        "note": outcome.note or None,
        "warnings": list(outcome.warnings),
    }
