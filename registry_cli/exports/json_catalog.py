"""The catalog as one JSON object, every fact of it, in the format of the provider files."""

from collections.abc import Sequence

from registry_cli.core.text.exact_json import dumps
from registry_cli.exports import Exported, Shelf
from registry_cli.sources.exllm import written_facts


def write(shelves: Sequence[Shelf], _day: str) -> Exported:
    """`{"providers": [{"provider": ..., "models": {...}}]}`: nothing is left out."""
    providers = [
        {
            **shelf.provider.body,
            "provider": shelf.provider.id,
            "models": {model.id: written_facts(model.body) for model in shelf.models},
        }
        for shelf in shelves
    ]
    return Exported({"": f"{dumps({'providers': providers}, 1)}\n".encode()})
