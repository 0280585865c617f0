from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


def check(file: ProviderFile) -> Iterator[Problem]:
    ids = {entry.id for entry in file.entries}
    owners: dict[str, str] = {}
    for entry in file.entries:
        for index, alias in enumerate(entry.body.get("aliases") or ()):
            at = (*entry.pointer, "aliases", index)
            if alias in ids:
                whose = "this model" if alias == entry.id else "another model"
                yield Problem(at, f"{alias!r} is already the id of {whose}")
            elif owners.setdefault(alias, entry.id) != entry.id:
                yield Problem(at, f"{alias!r} is already an alias of {owners[alias]!r}")


RULE = Rule(
    code="alias-collision",
    severity="error",
    summary="An alias is also the id or an alias of another model of the provider.",
    why="""\
A name must mean one model. Two entries that claim it would answer differently, by the order they happen to be in.""",
    fix="""\
Keep the alias where the provider resolves it to, and delete the other. If both entries are one model, merge them.""",
    bad="""\
provider: acme
models:
  acme-1:
    aliases:
    - acme-latest
  acme-2:
    aliases:
    - acme-latest # <-
    - acme-1 # <-
""",
    good="""\
provider: acme
models:
  acme-1: {}
  acme-2:
    aliases: [acme-latest]
""",
    check=check,
)
