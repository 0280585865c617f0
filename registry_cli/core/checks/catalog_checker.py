"""What only several files together show: names that lead nowhere, and names that two providers claim."""

from collections.abc import Iterator, Sequence

from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules import CATALOG_RULES
from registry_cli.core.checks.rules.base import Problem


def across(outlines: Sequence[Outline]) -> Iterator[tuple[str, str, Problem]]:
    """Every problem between the files of one folder: the file's stem, the code of the rule, the problem."""
    for rule in CATALOG_RULES:
        for stem, problem in rule.check_catalog(outlines):
            yield stem, rule.code, problem
