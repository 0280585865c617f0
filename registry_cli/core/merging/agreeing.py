"""What sources say twice, by modalities and by capabilities, and differently: the higher source is believed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from registry_cli.core.catalog.derived import MODALITY_OF
from registry_cli.core.format.vocabulary import Vocabulary
from registry_cli.core.merging.upstream import Upstream
from registry_cli.core.statements.facts import CAPABILITY, Field

Modality = tuple[str, str]  # a direction and a kind: input, image


def implied_modalities(vocabulary: Vocabulary) -> dict[str, Modality]:
    """The modality that each capability implies, by every spelling of its name."""
    return {spelling: MODALITY_OF[name] for spelling, name in vocabulary.spellings.items() if name in MODALITY_OF}


def drop_contradictions(upstream: Upstream, order: Sequence[str], implied: Mapping[str, Modality]) -> Upstream:
    """Upstream without the capabilities that a higher source's modalities lack, and without the modalities of a lower
    source that lack a capability. `implied` is the modality that a capability implies; where one source says both, its
    modalities count."""
    wrong: set[Field] = set()
    for name, (direction, kind) in implied.items():
        capability, modalities = f"{CAPABILITY}{name}", f"modalities.{direction}"
        if upstream.fields.get(capability) is not True or kind in upstream.fields.get(modalities, (kind,)):
            continue
        high, low = (order.index(upstream.sources[field]) for field in (capability, modalities))
        wrong.add(modalities if high < low else capability)
    if not wrong:
        return upstream
    return replace(upstream, fields={field: value for field, value in upstream.fields.items() if field not in wrong})
