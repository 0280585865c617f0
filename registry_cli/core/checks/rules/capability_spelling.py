from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.checks.rules.capability_names import odd_names


def check(file: ProviderFile) -> Iterator[Problem]:
    for name, pointer in odd_names(file):
        canonical = file.vocabulary.canonical_name(name)
        if canonical is not None:
            yield Problem(pointer, f"{name} is written {canonical} here", of_key=True)


RULE = Rule(
    code="capability-spelling",
    severity="warning",
    summary="A capability is written in another spelling than the vocabulary's.",
    why="""\
llmreg understands the other spellings, but people who search the files, and other tools that read them, do not.""",
    fix="""\
Write the name that the message gives.""",
    bad="""\
provider: acme
models:
  acme-large:
    capabilities:
    - tool_use # <-
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
