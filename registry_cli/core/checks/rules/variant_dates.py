from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


def check(file: ProviderFile) -> Iterator[Problem]:
    for variant in file.price_variants():
        first, last = variant.when.get("from"), variant.when.get("until")
        if first and last and first > last:
            yield Problem((*variant.pointer, "when", "until"), f"ends on {last}, before it begins on {first}")


RULE = Rule(
    code="variant-dates",
    severity="error",
    summary="A price variant ends before it begins.",
    why="""\
`from` is the first day on which a variant holds and `until` the last. In the wrong order there is no such day.""",
    fix="""\
Exchange or correct the two.""",
    bad="""\
provider: acme
models:
  acme-1:
    pricing:
      input: 3.0
      variants:
      - when:
          from: '2026-04-01'
          until: '2026-03-31' # <-
        input: 2.0
""",
    good="""\
provider: acme
models:
  acme-1:
    pricing:
      input: 3.0
      variants:
      - when:
          from: '2026-03-01'
          until: '2026-03-31'
        input: 2.0
""",
    check=check,
)
