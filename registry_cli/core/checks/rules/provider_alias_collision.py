from collections.abc import Iterator, Sequence

from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules.base import Problem, Rule


def check_catalog(outlines: Sequence[Outline]) -> Iterator[tuple[str, Problem]]:
    providers = {outline.provider for outline in outlines}
    owners: dict[str, str] = {}
    for outline in outlines:
        for index, alias in enumerate(outline.provider_aliases):
            if alias in providers:
                whose = "this provider's own" if alias == outline.provider else "another provider's"
                yield outline.stem, Problem(("aliases", index), f"{alias!r} is already {whose} id")
            elif owners.setdefault(alias, outline.provider) != outline.provider:
                yield outline.stem, Problem(("aliases", index), f"{alias!r} is already an alias of {owners[alias]!r}")


RULE = Rule(
    code="provider-alias-collision",
    severity="error",
    summary="A provider's alias is also the id or an alias of another provider.",
    why="""\
`provider/id` must mean one model; with two providers of one name it would mean two.""",
    fix="""\
Keep the alias at the provider that people mean by it, and delete it from the other.""",
    bad="""\
# acme.yml
provider: acme
aliases: [initech] # <-
models: {}
# initech.yml
provider: initech
models: {}
""",
    good="""\
# acme.yml
provider: acme
aliases: [acme-ai]
models: {}
# initech.yml
provider: initech
models: {}
""",
    check_catalog=check_catalog,
)
