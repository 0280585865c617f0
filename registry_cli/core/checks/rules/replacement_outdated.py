from collections.abc import Iterator, Sequence

from registry_cli.core.checks.report import Outline, is_over
from registry_cli.core.checks.rules.base import Problem, Rule
from registry_cli.core.checks.rules.references import Providers
from registry_cli.core.names.names import ModelName


def check_catalog(outlines: Sequence[Outline]) -> Iterator[tuple[str, Problem]]:
    providers = Providers(outlines)
    for outline in outlines:
        for model_id, name in outline.replacements.items():
            if is_over(outline.outdated.get(model_id)):
                continue  # what was advised then; who follows it is led on
            target = providers.find_model(outline.provider, name)
            state = providers.state_of(outline.provider, name)
            if state and target != ModelName(outline.provider, model_id):
                yield outline.stem, Problem((outline.key, model_id, "replacement"), f"{name!r} is itself {state}")


RULE = Rule(
    code="replacement-outdated",
    severity="warning",
    summary="A model that is not retired names a replacement that is itself deprecated, unlisted or retired.",
    why="""\
Whoever follows the advice has to move again, or finds that calls fail. Of a retired model the entry keeps what was
advised when it ended.""",
    fix="""\
Name the model at the end of the chain.""",
    bad="""\
provider: acme
models:
  acme-1: {status: deprecated, replacement: acme-2} # <-
  acme-2: {status: retired, replacement: acme-3}
  acme-3: {}
""",
    good="""\
provider: acme
models:
  acme-0: {status: retired, replacement: acme-2}
  acme-1: {status: deprecated, replacement: acme-3}
  acme-2: {status: retired, replacement: acme-3}
  acme-3: {}
""",
    check_catalog=check_catalog,
)
