from collections.abc import Iterator, Sequence

from registry_cli.core.examined import Outline
from registry_cli.core.rules.base import Problem, Rule
from registry_cli.core.rules.references import Providers, Target


def check_catalog(outlines: Sequence[Outline]) -> Iterator[tuple[str, Problem]]:
    providers = Providers(outlines)
    told: set[Target] = set()
    for outline in outlines:
        for model_id in outline.replacements:
            start = Target(outline.provider, model_id)
            ring = _ring(start, providers)
            if ring and start not in told:
                told.update(ring)
                yield outline.stem, Problem((outline.key, model_id, "replacement"), _message(ring))


def _ring(start: Target, providers: Providers) -> list[Target]:
    """The models from `start` back to itself; none where the chain ends or only joins a ring."""
    ring = [start]
    while (following := providers.replacement(ring[-1])) is not None:
        if following == start:
            return ring
        if following in ring:
            break
        ring.append(following)
    return []


def _message(ring: list[Target]) -> str:
    if len(ring) == 1:
        return "a model cannot replace itself"
    return f"the replacements lead back here: {' -> '.join(target.id for target in (*ring, ring[0]))}"


RULE = Rule(
    code="replacement-cycle",
    severity="error",
    summary="A model is, over one or more steps, its own replacement.",
    why="""\
A program that follows replacements to a model in good standing would never arrive.""",
    fix="""\
Decide which of the models is current and delete its `replacement`.""",
    bad="""\
provider: acme
models:
  acme-1: {replacement: acme-2} # <-
  acme-2: {replacement: acme-1}
""",
    good="""\
provider: acme
models:
  acme-1: {replacement: acme-2}
  acme-2: {}
""",
    check_catalog=check_catalog,
)
