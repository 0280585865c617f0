from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


def check(file: ProviderFile) -> Iterator[Problem]:
    for variant in file.price_variants():
        if not variant.when:
            yield Problem(variant.pointer, "holds always: it has no condition")


RULE = Rule(
    code="variant-unconditional",
    severity="error",
    summary="A price variant has no condition.",
    why="""\
A variant without `when` always holds, so its rates replace the base rates, which then stand in the file for nothing.
Most likely the condition was forgotten.""",
    fix="""\
Add the condition, or write the rates as the base rates.""",
    bad="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      variants:
      - input: 1.5 # <-
""",
    good="""\
provider: acme
models:
  acme-large:
    pricing:
      input: 3.0
      variants:
      - when: {service_tier: batch}
        input: 1.5
""",
    check=check,
)
