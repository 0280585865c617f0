"""Whether a provider's value keeps the schema and the rules: only errors count, as only they refuse an edit."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from registry_cli.core.checks.checker import Judge
from registry_cli.core.checks.new_findings import new_findings
from registry_cli.core.checks.report import state_on
from registry_cli.core.checks.rules import FILE_RULES
from registry_cli.core.checks.rules.base import ProviderFile, WrittenModel
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.format.schema import without_pointers
from registry_cli.core.matching.items import RuleViolation
from registry_cli.core.text.pointer import Pointer

REPLACEMENT = "replacement"
_ERRORS = tuple(rule for rule in FILE_RULES if rule.severity == "error")


def find_violations(value: Mapping[str, Any], stem: str, judge: Judge) -> list[RuleViolation]:
    broken = [] if judge.contract.accepts(value) else judge.contract.find_violations(value)
    found = [_violation_at(item.pointer, item.message) for item in broken]
    sound = without_pointers(value, [item.pointer for item in broken])
    if isinstance(sound, dict):
        file = ProviderFile(stem, sound, list(_written_models(sound)), judge.vocabulary, judge.on)
        problems = (each for rule in _ERRORS for each in rule.check(file))
        found += (_violation_at(each.pointer, each.message) for each in problems if each.severity != "warning")
    return found


def find_unknown_replacements(value: Mapping[str, Any], knows: Callable[[str], bool]) -> Iterator[RuleViolation]:
    """Replacements that name no model: neither one of this value nor one that the catalog `knows`."""
    bodies = {entry.id: entry.body or {} for entry in _written_models(value)}
    names = bodies.keys() | {name for body in bodies.values() for name in body.get("aliases") or ()}
    for model_id, body in bodies.items():
        name = body.get(REPLACEMENT)
        if isinstance(name, str) and name not in names and not knows(name):
            yield RuleViolation(model_id, REPLACEMENT, f"{name!r} is no model of the catalog")


def describe_retired_default(value: Mapping[str, Any], day: str) -> str | None:
    """What to say of a default model that is retired on an ISO day; None of any other."""
    default = value.get("default_model")
    for entry in _written_models(value) if isinstance(default, str) else ():
        body = entry.body or {}
        if default == entry.id or default in (body.get("aliases") or ()):
            state = state_on(body, day) or ""
            instead = f"; it is replaced by {body[REPLACEMENT]}" if body.get(REPLACEMENT) else ""
            return f"default_model {default} is {state}{instead}" if state.startswith("retired") else None
    return None


def new_violations(before: Sequence[RuleViolation], after: Sequence[RuleViolation]) -> list[RuleViolation]:
    """The errors of `after` that were not there before. They name no places in lists: each is its own identity."""
    return new_findings(before, after, lambda violation: violation)


def _violation_at(pointer: Pointer, message: str) -> RuleViolation:
    if len(pointer) < 2 or pointer[0] not in MODEL_KEYS:  # noqa: PLR2004  # (models, id)
        return RuleViolation(None, "", message)
    steps: list[str] = []
    for step in pointer[2:]:
        if isinstance(step, int):
            break
        steps.append(step)
    return RuleViolation(str(pointer[1]), ".".join(steps), message)


def _written_models(value: Mapping[str, Any]) -> Iterator[WrittenModel]:
    for key in MODEL_KEYS:
        for model_id, body in value.get(key, {}).items():
            yield WrittenModel((key, model_id), model_id, body)
