from collections.abc import Iterator, Sequence

from registry_cli.core.catalog.names import ModelName
from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules.base import Problem, Rule
from registry_cli.core.checks.rules.references import Providers


def check_catalog(outlines: Sequence[Outline]) -> Iterator[tuple[str, Problem]]:
    providers = Providers(outlines)
    for outline in outlines:
        for model_id, name in outline.replacements.items():
            target = providers.model(outline.provider, name)
            state = providers.state(outline.provider, name)
            if state and target != ModelName(outline.provider, model_id):
                yield outline.stem, Problem((outline.key, model_id, "replacement"), f"{name!r} is itself {state}")


RULE = Rule(
    code="replacement-outdated",
    severity="warning",
    summary="`replacement` names a model that is itself deprecated, unlisted or retired.",
    why="""\
Whoever follows the advice has to move again, or finds that calls fail.""",
    fix="""\
Name the model at the end of the chain.""",
    bad="""\
provider: acme
models:
  acme-1: {status: retired, replacement: acme-2} # <-
  acme-2: {status: deprecated, replacement: acme-3}
  acme-3: {}
""",
    good="""\
provider: acme
models:
  acme-1: {status: retired, replacement: acme-3}
  acme-2: {status: deprecated, replacement: acme-3}
  acme-3: {}
""",
    check_catalog=check_catalog,
)
