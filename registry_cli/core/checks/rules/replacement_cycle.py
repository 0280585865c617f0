from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import dropwhile
from operator import ne

from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules.base import Problem, Rule
from registry_cli.core.checks.rules.references import Providers
from registry_cli.core.names.names import ModelName


def check_catalog(outlines: Sequence[Outline]) -> Iterator[tuple[str, Problem]]:
    replaced = [
        (outline, ModelName(outline.provider, model_id)) for outline in outlines for model_id in outline.replacements
    ]
    rings = _find_rings([model for _, model in replaced], Providers(outlines))
    for outline, model in replaced:
        ring = rings.get(model)
        if ring:
            at = ring.index(model)
            yield outline.stem, Problem((outline.key, model.id, "replacement"), _describe_ring(ring[at:] + ring[:at]))
            for reported in ring:
                del rings[reported]


def _find_rings(models: Iterable[ModelName], providers: Providers) -> dict[ModelName, list[ModelName]]:
    """Return the ring of each model that is part of one. Each model is visited once, however many chains lead to it."""
    rings: dict[ModelName, list[ModelName]] = {}
    seen: set[ModelName] = set()
    for model in models:
        step: ModelName | None = model
        chain: list[ModelName] = []
        while step is not None and step not in seen:
            seen.add(step)
            chain.append(step)
            step = providers.replacement(step)
        ring = list(dropwhile(partial(ne, step), chain))  # none where it met an older chain
        rings.update(dict.fromkeys(ring, ring))
    return rings


def _describe_ring(ring: list[ModelName]) -> str:
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
