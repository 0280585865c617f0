"""What became of branches and pull requests, as text."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from registry_cli.core.proposals.outcomes import Action, Outcome
from registry_cli.render.text import cell

_TOLD: dict[Action, str] = {
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


def lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each branch that there is something to say of, and for what went wrong at it."""
    waiting = [each for each in outcomes if each.action == "waiting"]
    for each in outcomes:
        if each in waiting or (each.action == "nothing" and len(outcomes) > 1):
            continue
        about = f"{each.title or each.name}: {_TOLD[each.action]}"
        yield " ".join(filter(None, [cell(about), each.url, f"({cell(each.note)})" if each.note else ""]))
        yield from map(cell, each.warnings)
    if waiting:
        yield f"{len(waiting):,} wait for the next run ({waiting[0].note}): {', '.join(each.name for each in waiting)}"


def previews(outcomes: Iterable[Outcome]) -> str:
    """For a dry run: branch, what would happen to it, title and body."""
    parts = []
    for each in outcomes:
        head = [f"branch: {each.branch}", f"would be: {_TOLD[each.action]}"]
        head += [f"pull request: {each.url}"] * bool(each.url)
        head += [f"note: {cell(each.note)}"] * bool(each.note)
        head += [f"title: {each.title}"] * bool(each.title)
        parts.append("\n".join(head) + (f"\n\n{each.body}" if each.body else "\n"))
    return "\n".join(parts)


def documents(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    """For JSON, under `pull_requests`."""
    return [
        {
            "name": each.name,
            "providers": list(each.providers),
            "branch": each.branch,
            "action": each.action,
            "number": each.number,
            "url": each.url or None,
            "title": each.title or None,
            "body": each.body or None,
            "note": each.note or None,
            "warnings": list(each.warnings),
        }
        for each in outcomes
    ]
