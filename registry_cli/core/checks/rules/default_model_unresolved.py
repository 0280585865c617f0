from collections.abc import Iterator, Sequence

from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules.base import Problem, Rule
from registry_cli.core.checks.rules.references import Providers


def check_catalog(outlines: Sequence[Outline]) -> Iterator[tuple[str, Problem]]:
    providers = Providers(outlines)
    for outline in outlines:
        name = outline.default_model
        if name is not None and providers.find_model(outline.provider, name) is None:
            yield outline.stem, Problem(("default_model",), f"{name!r} is neither the id nor an alias of a model here")


RULE = Rule(
    code="default-model-unresolved",
    severity="error",
    summary="`default_model` names no model of the provider.",
    why="""\
Whoever asks for a provider without naming a model gets this one, and then knows nothing about it: no limits, no
price, no capabilities.""",
    fix="""\
Name a model of the file, by its id or an alias, or add the model that is meant.""",
    bad="""\
provider: acme
default_model: acme-larg # <-
models:
  acme-large: {}
""",
    good="""\
provider: acme
default_model: acme-latest
models:
  acme-large:
    aliases: [acme-latest]
""",
    check_catalog=check_catalog,
)
