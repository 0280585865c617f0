from collections.abc import Iterator

from registry_cli.core.catalog.capabilities import is_denied
from registry_cli.core.catalog.derived import MODALITY_OF
from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule, capabilities_of, modality_lists


def check(file: ProviderFile) -> Iterator[Problem]:
    spellings = file.vocabulary.spellings
    modality_of = {spelling: MODALITY_OF[name] for spelling, name in spellings.items() if name in MODALITY_OF}
    others = file.vocabulary.terms.keys() - MODALITY_OF.keys()
    for entry in file.entries:
        lists = {direction: kinds for direction, kinds, _ in modality_lists(entry.body)}
        if not lists:
            continue
        for name, details, where in capabilities_of(entry.body, but_not=others):
            direction, kind = modality_of.get(name, ("", ""))
            if direction in lists and is_denied(details) == (kind in lists[direction]):
                message = (
                    f"{name} is denied, but {kind} is among the modalities of {direction}"
                    if is_denied(details)
                    else f"{name} is stated, but {kind} is not among the modalities of {direction}"
                )
                yield Problem((*entry.pointer, *where), message, of_key=True)


RULE = Rule(
    code="modality-capability",
    severity="warning",
    summary="The modalities of a model contradict its capabilities.",
    why="""\
Vision, audio, video and pdf input and the like are said twice: by `modalities` and by `capabilities`. Answers join
the two, so a contradiction means that one of them misleads.""",
    fix="""\
Find out which is right and correct the other. A capability that follows from the modalities need not be stated.""",
    bad="""\
provider: acme
models:
  sees-nothing:
    modalities: {input: [text]}
    capabilities:
    - vision # <-
  sees-after-all:
    modalities: {input: [text, image]}
    capabilities:
    - vision: {supported: false} # <-
""",
    good="""\
provider: acme
models:
  sees-nothing:
    modalities: {input: [text]}
    capabilities:
    - vision: {supported: false}
  sees:
    modalities: {input: [text, image]}
    capabilities:
    - vision
""",
    check=check,
)
