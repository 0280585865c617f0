from collections.abc import Iterator, Sequence

from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules.base import Problem, Rule
from registry_cli.core.checks.rules.references import Providers


def check_catalog(outlines: Sequence[Outline]) -> Iterator[tuple[str, Problem]]:
    providers = Providers(outlines)
    for outline in outlines:
        if outline.default_model is None:
            continue
        state = providers.state_of(outline.provider, outline.default_model)
        if state:
            yield outline.stem, Problem(("default_model",), f"{outline.default_model!r} is {state}")


RULE = Rule(
    code="default-model-outdated",
    severity="warning",
    summary="`default_model` is deprecated, unlisted or retired.",
    why="""\
The default is what new users start with. A deprecated model is one they will have to leave again, and calls to a
retired one fail.""",
    fix="""\
Name a current model, most likely the `replacement` of the old one.""",
    bad="""\
provider: acme
default_model: acme-1 # <-
models:
  acme-1: {status: deprecated, replacement: acme-2}
  acme-2: {}
""",
    good="""\
provider: acme
default_model: acme-2
models:
  acme-1: {status: deprecated, replacement: acme-2}
  acme-2: {}
""",
    check_catalog=check_catalog,
)
