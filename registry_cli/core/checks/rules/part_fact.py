from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.format.layers import PART_KEYS, is_part, provider_of


def check(file: ProviderFile) -> Iterator[Problem]:
    if is_part(file.stem):
        own = f"{provider_of(file.stem)}.yml"
        for key in file.value:
            if key not in PART_KEYS:
                yield Problem((key,), f"a part holds models only: state this in {own}", of_key=True)


RULE = Rule(
    code="part-fact",
    severity="error",
    summary="A part of a provider states something about the provider.",
    why="""\
A provider that outgrows one file may be split into `<provider>.yml` and `<provider>/*.yml`. What is said of the
provider itself, such as its address or its default model, stands in one place: the provider's own file. A part has only
`models`, and may repeat `provider`.""",
    fix="""\
Move the fact into the provider's own file. Models under the older key `model_capabilities` go under `models`.""",
    bad="""\
# acme.yml
provider: acme
models: {}
# acme/large.yml
name: Acme # <-
models:
  acme-large: {}
""",
    good="""\
# acme.yml
provider: acme
name: Acme
models: {}
# acme/large.yml
models:
  acme-large: {}
""",
    check=check,
)
