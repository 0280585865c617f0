from collections.abc import Iterator, Sequence

from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules.base import Problem, Rule
from registry_cli.core.checks.rules.references import Providers


def check_catalog(outlines: Sequence[Outline]) -> Iterator[tuple[str, Problem]]:
    providers = Providers(outlines)
    for outline in outlines:
        for model_id, name in outline.replacements.items():
            if providers.find_model(outline.provider, name) is None:
                yield (
                    outline.stem,
                    Problem(
                        (outline.key, model_id, "replacement"),
                        f"{name!r} is no model of {outline.provider}, nor `provider/id` of another provider",
                    ),
                )


RULE = Rule(
    code="replacement-unresolved",
    severity="error",
    summary="`replacement` names no model of the catalog.",
    why="""\
Users of a deprecated model are sent to its replacement. One that the catalog does not know leads nowhere.""",
    fix="""\
Name a model of the same file by its id or an alias, or a model of another provider as `provider/id`. Where no model
takes over, leave `replacement` out or write `null`.""",
    bad="""\
provider: acme
models:
  acme-1:
    status: deprecated
    replacement: acme-3 # <-
  acme-2: {}
""",
    good="""\
provider: acme
models:
  acme-1:
    status: deprecated
    replacement: acme-2
  acme-2: {}
""",
    check_catalog=check_catalog,
)
