from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule

# What must not come after what: earlier field, later field, and how the later one is put in a sentence.
_ORDER = (
    ("knowledge_cutoff", "release_date", "released"),
    ("release_date", "deprecation_date", "deprecated"),
    ("release_date", "retirement_date", "retired"),
    ("deprecation_date", "retirement_date", "retired"),
    ("retirement_not_before", "retirement_date", "retired"),
)


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry in file.entries:
        body = entry.body
        for earlier, later, done in _ORDER:
            first, second = body.get(earlier), body.get(later)
            if first and second and is_after(first, second):
                yield Problem((*entry.pointer, earlier), f"{first} is after the model was {done} ({later}: {second})")


def is_after(first: str, second: str) -> bool:
    """Of dates, months and years (`2026-01`): compared as far as both go."""
    known = min(len(first), len(second))
    return first[:known] > second[:known]


RULE = Rule(
    code="date-order",
    severity="error",
    summary="The dates of a model are in an impossible order.",
    why="""\
A model learns, is released, is deprecated and is retired, in this order. One of the two dates is wrong; often they
have been exchanged (LiteLLM's `deprecation_date` is the day from which calls fail: llmreg's `retirement_date`). A day
of retirement before the one that a provider promised (`retirement_not_before`) leaves nothing of the promise.""",
    fix="""\
Look the dates up. An unknown date is left out.""",
    bad="""\
provider: acme
models:
  acme-1:
    release_date: '2026-01-15'
    deprecation_date: '2027-07-15' # <-
    retirement_date: '2027-01-15'
""",
    good="""\
provider: acme
models:
  acme-1:
    release_date: '2026-01-15'
    deprecation_date: '2027-01-15'
    retirement_date: '2027-07-15'
""",
    check=check,
)
