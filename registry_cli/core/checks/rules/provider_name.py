from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.format.layers import is_part, provider_of


def check(file: ProviderFile) -> Iterator[Problem]:
    provider = file.value.get("provider")
    known = {provider_of(file.stem)} if is_part(file.stem) else {file.stem, provider_of(file.stem)}
    if provider is not None and provider not in known:
        yield Problem(("provider",), f"{provider!r} stands in the file of {file.stem!r}")


RULE = Rule(
    code="provider-name",
    severity="error",
    summary="A file's name and the provider it states differ.",
    why="""\
A provider's id is the name of its file, and `provider` repeats it so that a copied file is noticed. Where they
differ it is unclear whose models these are. (A file without `provider` breaks the schema. A part of a
provider, in the directory of its name, need not repeat it.)""",
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
