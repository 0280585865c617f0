from collections.abc import Iterator

from registry_cli.core.catalog.legacy import provider_of
from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule


def check(file: ProviderFile) -> Iterator[Problem]:
    provider = file.value.get("provider")
    if provider is not None and provider not in (file.stem, provider_of(file.stem)):
        yield Problem(("provider",), f"{provider!r} stands in the file of {file.stem!r}")


RULE = Rule(
    code="provider-name",
    severity="error",
    summary="A file's name and the provider it states differ.",
    why="""\
A provider's id is the name of its file, and `provider` repeats it so that a copied file is noticed. Where they
differ it is unclear whose models these are. (A file without `provider` breaks the schema.)""",
    fix="""\
Rename the file or correct `provider`. Other spellings of the provider's name belong in `aliases`.""",
    bad="""\
# acme.yml
provider: acme-ai # <-
models: {}
""",
    good="""\
# acme.yml
provider: acme
aliases: [acme-ai]
models: {}
""",
    check=check,
)
