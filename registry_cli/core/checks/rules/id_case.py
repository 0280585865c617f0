from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


def check(file: ProviderFile) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for entry in file.entries:
        first = seen.setdefault(entry.id.lower(), entry.id)
        if first != entry.id:
            yield Problem(entry.pointer, f"differs from {first!r} only by case", of_key=True)


RULE = Rule(
    code="id-case",
    severity="warning",
    summary="Two ids of a provider differ only by case.",
    why="""\
Some providers ignore the case of ids; then both entries are one model, and only one of them will be kept up to date.
People who type an id by hand get whichever they happen to hit.""",
    fix="""\
Keep the spelling that the provider lists, and make the other an alias if calls may use it.""",
    bad="""\
provider: acme
models:
  Acme-Large: {}
  acme-large: {} # <-
""",
    good="""\
provider: acme
models:
  acme-large:
    aliases: [Acme-Large]
""",
    check=check,
)
