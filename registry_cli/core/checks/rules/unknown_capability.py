from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.checks.rules.capability_names import odd_names


def check(file: ProviderFile) -> Iterator[Problem]:
    for name, pointer in odd_names(file):
        if file.vocabulary.canonical_name(name) is None:
            nearest = file.vocabulary.nearest_name(name)
            hint = f"; the nearest known is {nearest}" if nearest else ""
            yield Problem(pointer, f"{name!r} is not in the vocabulary of capabilities{hint}", of_key=True)


RULE = Rule(
    code="unknown-capability",
    severity="warning",
    summary="A capability is not in the vocabulary.",
    why="""\
`llmreg query` finds a capability under one name. A name that only one file uses is found by nobody, and is most
often a slip for one that exists. `llmreg capabilities` lists the vocabulary, `schema/capabilities.yml` holds it.""",
    fix="""\
Use the name that the vocabulary has. If the capability is new, add it there with its meaning.""",
    bad="""\
provider: acme
models:
  acme-large:
    capabilities:
    - function_caling # <-
""",
    good="""\
provider: acme
models:
  acme-large:
    capabilities:
    - function_calling
""",
    check=check,
)
