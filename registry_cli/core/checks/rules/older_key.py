from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.format.layers import is_layered
from registry_cli.core.format.legacy import OLDER_LISTS

# Every key that the schema marks as deprecated, and what is written today.
OF_FILE = {
    "model_capabilities": "write `models`",
    "discovered_at": "write it at each model, or leave it out",
}
OF_MODEL = {
    **{older: f"write `{field}`" for field, older in OLDER_LISTS.items()},
    "model_info": "write it under `metadata`",
}


def check(file: ProviderFile) -> Iterator[Problem]:
    if not is_layered(file.stem):  # which has a warning of its own
        for key in OF_FILE.keys() & file.value.keys():
            yield Problem((key,), f"an older key: {OF_FILE[key]}", of_key=True)
    for entry in file.entries:
        for key in OF_MODEL.keys() & entry.body.keys():
            yield Problem((*entry.pointer, key), f"an older key: {OF_MODEL[key]}", of_key=True)


RULE = Rule(
    code="older-key",
    severity="warning",
    summary="A key of ExLLM's format that has another name today.",
    why="""\
llmreg reads it as the new one, but sync, edits and other tools write the new one, and two names for one fact are
how they come to differ.""",
    fix="""\
Rename the key as the message says.""",
    bad="""\
provider: acme
models:
  acme-1:
    supported_modalities: [text, image] # <-
""",
    good="""\
provider: acme
models:
  acme-1:
    modalities: {input: [text, image]}
""",
    check=check,
)
