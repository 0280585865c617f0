from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry, _, variants in file.varied():
        for index, variant in enumerate(variants):
            if not variant.get("when"):
                yield Problem((*entry.pointer, "pricing", "variants", index), "holds always: it has no condition")


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
