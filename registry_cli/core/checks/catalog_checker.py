"""Checks the files of a catalog together: names that lead to no model, and names that two providers claim."""

from collections.abc import Iterator, Sequence

from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules import CATALOG_RULES
from registry_cli.core.checks.rules.base import Problem


def find_problems_between(outlines: Sequence[Outline]) -> Iterator[tuple[str, str, Problem]]:
    """Yield the problems between the files of a catalog directory: the file's stem, the rule's code, the problem."""
    for rule in CATALOG_RULES:
        for stem, problem in rule.check_catalog(outlines):
            yield stem, rule.code, problem
