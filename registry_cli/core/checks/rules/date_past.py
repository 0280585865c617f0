from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule

FIRST_YEAR = "2018"  # of the first language models on sale


def check(file: ProviderFile) -> Iterator[Problem]:
    for entry in file.entries:
        released = entry.body.get("release_date")
        if released and released < FIRST_YEAR:
            message = f"{released} is before the first language models: leave an unknown date out"
            yield Problem((*entry.pointer, "release_date"), message)


RULE = Rule(
    code="date-past",
    severity="warning",
    summary="A release date lies before the first language models.",
    why="""\
Programs write 1970-01-01 where they know no date. No model that a provider sells is older than 2018.""",
    fix="""\
Look the date up. An unknown date is left out.""",
    bad="""\
provider: acme
models:
  acme-1:
    release_date: '1970-01-01' # <-
""",
    good="""\
provider: acme
models:
  acme-1:
    release_date: '2026-01-15'
  acme-2: {}
""",
    check=check,
)
