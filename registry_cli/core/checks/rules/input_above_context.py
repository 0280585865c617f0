from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry in file.entries:
        accepted, context = entry.body.get("max_input_tokens"), entry.body.get("context_window")
        if accepted and context and accepted > context:
            yield Problem(
                (*entry.pointer, "max_input_tokens"),
                f"{accepted:,} tokens of input do not fit into the context window of {context:,}",
            )


RULE = Rule(
    code="input-above-context",
    severity="error",
    summary="A model's input limit is larger than its context window.",
    why="""\
`max_input_tokens` is there for models whose input must stay below the window. A limit above it cannot be reached.""",
    fix="""\
If the window is known to be larger, correct `context_window`; otherwise delete `max_input_tokens`.""",
    bad="""\
provider: acme
models:
  acme-small:
    context_window: 100000
    max_input_tokens: 128000 # <-
""",
    good="""\
provider: acme
models:
  acme-small:
    context_window: 128000
    max_input_tokens: 100000
  acme-whole:
    context_window: 128000
    max_input_tokens: 128000
""",
    check=check,
)
