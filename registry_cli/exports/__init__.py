"""A catalog in other programs' formats: one module a format, each with a `write` from shelves to files.

What a format cannot hold is counted, never dropped in silence. A format that `import` reads is written so that what
was read is written again to the byte: the readers' tables serve both ways.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module

from registry_cli.core.catalog.models import Catalog, Model, Provider

# Format -> its module here. The binary ones go to a file; exllm is a folder.
FORMATS = {
    "litellm": "litellm",
    "models.dev": "models_dev",
    "genai-prices": "genai_prices",
    "exllm": "exllm",
    "openrouter": "openrouter",
    "openai": "openai",
    "csv": "csv_table",
    "json": "json_catalog",
    "sqlite": "sqlite",
    "parquet": "parquet",
    "markdown": "markdown",
}
BINARY = frozenset({"sqlite", "parquet"})
FOLDERS = frozenset({"exllm"})


@dataclass(frozen=True, slots=True)
class Shelf:
    """One provider and those of its models that are exported, in the order of their ids."""

    provider: Provider
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """`files` by name, one named "" for a format that is one file; `losses` counts the facts that did not fit, by field
    (`pricing.variants.region`, `provider.homepage`). `left_out` counts the models that are not in the files, by reason
    (`unknown price`): the format would have called them free."""

    files: Mapping[str, bytes]
    losses: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


def write_export(form: str, shelves: Sequence[Shelf], day: str) -> Exported:
    """The shelves in one of `FORMATS`; prices that change by date are those of the ISO day where a format has no dates.

    Raises `UsageError` where a format needs a package that is not installed.
    """
    exported: Exported = import_module(f"{__name__}.{FORMATS[form]}").write(shelves, day)
    return exported


def group_by_provider(catalog: Catalog, chosen: Sequence[Model]) -> list[Shelf]:
    """Groups models by provider, both sorted by id, whatever the order of the query."""
    by_provider: dict[str, list[Model]] = {}
    for model in chosen:
        by_provider.setdefault(model.provider, []).append(model)
    in_order = {
        name: sorted(models, key=lambda model: (model.id.casefold(), model.id)) for name, models in by_provider.items()
    }
    return [Shelf(catalog.providers[name], tuple(in_order[name])) for name in sorted(in_order)]
