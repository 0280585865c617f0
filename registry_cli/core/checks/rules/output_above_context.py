from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry in file.entries:
        output, context = entry.body.get("max_output_tokens"), entry.body.get("context_window")
        if output and context and output > context:
            yield Problem(
                (*entry.pointer, "max_output_tokens"),
                f"{output:,} tokens of output do not fit into the context window of {context:,}",
            )


RULE = Rule(
    code="output-above-context",
    severity="error",
    summary="A model's output limit is larger than its context window.",
    why="""\
The context window holds input and output together, so no answer can be longer than the window. One of the two
figures is wrong, and whoever sizes a request by the larger one gets an error from the provider.""",
    fix="""\
Look both figures up in the provider's documentation. If only one can be confirmed, delete the other: an absent
limit is unknown, which is better than wrong.""",
    bad="""\
provider: acme
models:
  acme-small:
    context_window: 4096
    max_output_tokens: 8192 # <-
""",
    good="""\
provider: acme
models:
  acme-small:
    context_window: 8192
    max_output_tokens: 8192
""",
    check=check,
)
