from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


def check(file: ProviderFile) -> Iterator[Problem]:
    for variant in file.price_variants():
        context, threshold = variant.entry.body.get("context_window"), variant.when.get("input_tokens_above")
        if context and threshold and threshold >= context:
            yield Problem(
                (*variant.pointer, "when", "input_tokens_above"),
                f"no input has more than {threshold:,} tokens: the context window is {context:,}",
            )


RULE = Rule(
    code="threshold-above-context",
    severity="warning",
    summary="A price holds only for more input tokens than fit into the context window.",
    why="""\
Such a variant never holds. Either the window has grown and the entry was not updated, or the threshold is wrong.""",
    fix="""\
Look up both; delete the variant if the model has no such tier.""",
    bad="""\
provider: acme
models:
  acme-large:
    context_window: 200000
    pricing:
      input: 3.0
      variants:
      - when:
          input_tokens_above: 200000 # <-
        input: 6.0
""",
    good="""\
provider: acme
models:
  acme-large:
    context_window: 1000000
    pricing:
      input: 3.0
      variants:
      - when:
          input_tokens_above: 200000
        input: 6.0
""",
    check=check,
)
