from collections.abc import Iterator, Sequence

from registry_cli.core.checks.report import Outline
from registry_cli.core.checks.rules.base import Problem, Rule
from registry_cli.core.format.layers import is_layered, is_part


def check_catalog(outlines: Sequence[Outline]) -> Iterator[tuple[str, Problem]]:
    split = {outline.provider for outline in outlines if is_part(outline.stem)}
    for provider in sorted(split):
        files = [each for each in outlines if each.provider == provider and not is_layered(each.stem)]
        yield from _check_files(files)


def _check_files(files: Sequence[Outline]) -> Iterator[tuple[str, Problem]]:
    holders: dict[str, list[Outline]] = {}
    for outline in files:
        for name in (*outline.ids, *outline.aliases):
            holders.setdefault(name, []).append(outline)
    for name, found in holders.items():
        for outline in found:
            others = ", ".join(f"{other.stem}.yml" for other in found if other is not outline)
            if not others:
                continue
            if name in outline.aliases:
                place = (outline.key, outline.aliases[name], "aliases")
                yield outline.stem, Problem(place, f"{name!r} is also the id or an alias of a model in {others}")
            else:
                yield outline.stem, Problem((outline.key, name), f"{name!r} is also in {others}", of_key=True)


RULE = Rule(
    code="part-collision",
    severity="error",
    summary="A model or an alias is in two files of a split provider.",
    why="""\
Each model of a provider that is split into `<provider>.yml` and `<provider>/*.yml` is in exactly one of these files. Of
two entries, an edit would change one, and which of them answers would depend on the files' names.""",
    fix="""\
Keep the entry in one file, and delete the other. An alias belongs to the model that the provider resolves it to.""",
    bad="""\
# acme.yml
provider: acme
models:
  acme-large: {} # <-
# acme/large.yml
models:
  acme-large: {} # <-
""",
    good="""\
# acme.yml
provider: acme
models:
  acme-small: {}
# acme/large.yml
models:
  acme-large: {}
""",
    check_catalog=check_catalog,
)
