from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.format.layers import is_layered, provider_of


def check(file: ProviderFile) -> Iterator[Problem]:
    if is_layered(file.stem):
        provider = provider_of(file.stem)
        yield Problem((), f"a second file for {provider!r}: write its models into {provider}.yml")


RULE = Rule(
    code="capabilities-file",
    severity="warning",
    summary="A provider has a second file, `<provider>_capabilities.yml`.",
    why="""\
ExLLM kept what it had discovered about a provider's models in such a file. llmreg still reads it, beneath the
provider's own file, but a fact that stands in two places will one day differ between them.""",
    fix="""\
Move what the provider's own file lacks into it, and delete the second file.""",
    bad="""\
# acme_capabilities.yml
provider: acme # <-
model_capabilities:
  acme-small:
    capabilities: [streaming]
""",
    good="""\
# acme.yml
provider: acme
models:
  acme-small:
    capabilities: [streaming]
""",
    check=check,
)
