"""What the Python API answers with, and what it warns of."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from registry_cli.core.catalog.models import Model, Provider, Rates, status_on
from registry_cli.core.format.unknown_keys import unknown_key_warnings
from registry_cli.core.query.wording import describe_standing


class DeprecatedModelWarning(UserWarning):
    """A model asked for by name is deprecated, unlisted or retired; the text says since when and what replaces it."""


class AssumedModelWarning(UserWarning):
    """A name may mean several models; the text says which one was taken."""


class UnknownKeyWarning(UserWarning):
    """A file has keys that this llmreg does not know, perhaps those of a newer format; they are ignored."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Models side by side, each mapping keyed by `provider/id` in the order they were named."""

    models: tuple[Model, ...]
    capabilities: Mapping[str, tuple[str, ...]]
    pricing: Mapping[str, Rates]
    context_windows: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """What to assume of a model. `origin` is `catalog` where all of it is the model's own entry, `defaults` where the
    provider's `defaults:` stood in for an unknown model, `both` where they filled gaps of a known one. Of a model that
    only a local server knows it is `server`, or `file` where the entry of another tag of it had to do."""

    context_window: int | None
    max_output_tokens: int | None
    capabilities: tuple[str, ...]
    pricing: Rates
    origin: str


def warn_if_outdated(model: Model, day: str) -> None:
    """Warns of a model that is deprecated, unlisted or retired on an ISO day."""
    told = describe_standing(status_on(model, day), model.body)
    if told:
        warnings.warn(f"{model.full_id} is {told}", DeprecatedModelWarning, stacklevel=_count_own_frames())


def warn_of_assumption(assumption: str | None) -> None:
    if assumption:
        warnings.warn(assumption, AssumedModelWarning, stacklevel=_count_own_frames())


def warn_of_unknown_keys(provider: Provider) -> None:
    """Warns of keys that only a newer llmreg knows."""
    for message in unknown_key_warnings(provider.unknown_keys):
        warnings.warn(message, UnknownKeyWarning, stacklevel=_count_own_frames())


def _count_own_frames() -> int:
    """How many frames up the caller of this package is, so that a warning names their line and is shown once there."""
    import sys  # noqa: PLC0415  # only with a warning

    level, frame = 1, sys._getframe(1)  # noqa: SLF001  # what warnings itself uses
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("registry_cli"):
        level, frame = level + 1, frame.f_back
    return level
