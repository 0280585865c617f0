from collections.abc import Iterator

from registry_cli.core.catalog.build import modernize_model
from registry_cli.core.catalog.capabilities import is_denied
from registry_cli.core.catalog.derived import MODALITY_OF, derive_capabilities
from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule, capabilities_of


def check(file: ProviderFile) -> Iterator[Problem]:
    spellings = file.vocabulary.spellings
    for entry in file.entries:
        denied = [
            (spellings.get(name, name), where)
            for name, details, where in capabilities_of(entry.body)
            if is_denied(details)
        ]
        proven = derive_capabilities(modernize_model(entry.body)) if denied else {}
        for name, where in denied:
            if name in proven and name not in MODALITY_OF:  # those are modality-capability's
                message = f"{name} is denied, but the entry proves it: {proven[name]}"
                yield Problem((*entry.pointer, *where), message, of_key=True)


RULE = Rule(
    code="denied-capability",
    severity="warning",
    summary="A model denies a capability that its own entry proves.",
    why="""\
llmreg derives capabilities from mode, endpoints, prices and `reasoning`: a model with a batch price takes batches.
`supported: false` wins over that, so if it is wrong, `query` and exports leave the model out.""",
    fix="""\
Find out which is right. Remove the denial, or correct the field that proves the capability. docs/capabilities.md lists
what proves what.""",
    bad="""\
provider: acme
models:
  large:
    mode: embedding
    pricing: {input: 2, cache_read: 0.2, variants: [{when: {service_tier: batch}, multiply: 0.5}]}
    capabilities:
    - batch_operations: {supported: false} # <-
    - embeddings: {supported: false} # <-
    - prompt_caching: {supported: false} # <-
    - web_search: {supported: false}
""",
    good="""\
provider: acme
models:
  large:
    mode: embedding
    pricing: {input: 2, cache_read: 0.2, variants: [{when: {service_tier: batch}, multiply: 0.5}]}
    capabilities:
    - web_search: {supported: false}
""",
    check=check,
)
