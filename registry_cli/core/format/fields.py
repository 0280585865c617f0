"""The fields of a model and the keys of its prices: the table that all lists of fields in the code are made from.

A new field is a row here and an entry in `schema/provider.schema.json`. `Model` in `models.py` gets an attribute only
if code reads the field by name.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

# Kinds. A partial date is a day, a month or a year; a timestamp is kept by llmreg itself.
TEXT, DATE, PARTIAL_DATE, TIMESTAMP = "text", "date", "partial date", "timestamp"
TOKENS, COUNT, FLAG = "tokens", "count", "flag"
SET, LIST, MAPPING = "set", "list", "mapping"  # the order of a set says nothing
CAPABILITIES = "capabilities"

# Sections of the card of a model, and of a comparison.
IDENTITY, USE, INTERFACE, LIMITS, RELEASE, KNOWLEDGE, ENDING, ENTRY = (
    "identity", "use", "interface", "limits", "release", "knowledge", "ending", "entry",
)  # fmt: skip


class ModelField(NamedTuple):
    """One field, by its path in an entry.

    - `section`: where a card or a comparison shows it. A card needs a `label` too; a comparison needs `is_compared`.
    - `has_column`: the index has a column for it, which tables can show. `is_sortable`: `--sort` takes it.
      `short` is another name of that column.
    - `is_inline`: the file has it on one line.
    - `is_stated`: a source may state it. Else it belongs to the people who write the file, and to llmreg.
    - `is_copied`: a copy of the model under another id keeps it.
    - `has_open_keys`: a mapping whose keys are no fields of the schema, and are told apart in its history.
    """

    path: str
    kind: str
    section: str = ""
    label: str = ""
    is_compared: bool = False
    has_column: bool = False
    is_sortable: bool = False
    short: str = ""
    is_inline: bool = False
    is_stated: bool = True
    is_copied: bool = True
    has_open_keys: bool = False


# In the order of the file. The parts of a mapping follow it.
FIELDS = (
    ModelField("name", TEXT, has_column=True, is_sortable=True, is_copied=False),
    ModelField("description", TEXT, is_stated=False, is_copied=False),
    ModelField("family", TEXT, IDENTITY, "family", is_compared=True, has_column=True, is_sortable=True),
    ModelField("base_model", TEXT, IDENTITY, "base model", is_compared=True, has_column=True, is_sortable=True),
    ModelField("aliases", SET, IDENTITY, "also called", is_inline=True, is_copied=False),
    ModelField("upstream_ids", MAPPING, is_inline=True, is_stated=False, is_copied=False, has_open_keys=True),
    ModelField("mode", TEXT, USE, "mode", is_compared=True, has_column=True, is_sortable=True),
    ModelField("status", TEXT, has_column=True, is_sortable=True, is_copied=False),
    ModelField("context_window", TOKENS, LIMITS, "context window", is_compared=True, has_column=True,
               is_sortable=True, short="context"),
    ModelField("max_input_tokens", TOKENS, LIMITS, "most input", is_compared=True, has_column=True, is_sortable=True),
    ModelField("max_output_tokens", TOKENS, LIMITS, "most output", is_compared=True, has_column=True,
               is_sortable=True, short="max_output"),
    ModelField("output_dimensions", COUNT, LIMITS, "dimensions", is_compared=True, has_column=True, is_sortable=True),
    ModelField("modalities", MAPPING, is_inline=True),
    ModelField("modalities.input", SET, USE, is_compared=True),
    ModelField("modalities.output", SET, USE, is_compared=True),
    ModelField("endpoints", SET, INTERFACE, "endpoints", is_inline=True),
    ModelField("open_weights", FLAG, USE, "open weights", is_compared=True, has_column=True),
    ModelField("reasoning", MAPPING, INTERFACE, "reasoning", is_inline=True),
    ModelField("reasoning.toggle", FLAG),
    ModelField("reasoning.effort", LIST),
    ModelField("reasoning.budget_tokens", MAPPING),
    ModelField("reasoning.budget_tokens.min", TOKENS),
    ModelField("reasoning.budget_tokens.max", TOKENS),
    ModelField("billing", TEXT, has_column=True),
    ModelField("pricing", MAPPING),  # its keys are below
    ModelField("capabilities", CAPABILITIES),
    ModelField("knowledge_cutoff", PARTIAL_DATE, KNOWLEDGE, "knowledge until", is_compared=True, has_column=True,
               is_sortable=True),
    ModelField("release_date", PARTIAL_DATE, RELEASE, "released", is_compared=True, has_column=True,
               is_sortable=True, short="released", is_copied=False),
    ModelField("deprecation_date", DATE, ENDING, "deprecated", is_compared=True, has_column=True, is_sortable=True,
               is_copied=False),
    ModelField("retirement_date", DATE, ENDING, "retired", is_compared=True, has_column=True, is_sortable=True,
               is_copied=False),
    ModelField("retirement_not_before", DATE, ENDING, "retires not before", is_compared=True, is_copied=False),
    ModelField("replacement", TEXT, ENDING, is_compared=True, has_column=True, is_copied=False),
    ModelField("discovered_at", TIMESTAMP, ENTRY, "first seen", is_stated=False, is_copied=False),
    ModelField("updated_at", TIMESTAMP, ENTRY, "last change", has_column=True, is_sortable=True, is_stated=False,
               is_copied=False),
    ModelField("metadata", MAPPING, is_stated=False, has_open_keys=True),
)  # fmt: skip


_RATE_KINDS = ("", "_audio", "_image", "_video")
# Token rates of `pricing` and of its variants, in the order of the file.
RATES = (
    *(f"{rate}{kind}"
      for rate in ("input", "output", "cache_read", "cache_write", "cache_write_1h", "cache_write_12h", "reasoning")
      for kind in _RATE_KINDS),
    "citation",
)  # fmt: skip
TEXT_KEYS = ("currency", "effective_date")  # of `pricing`: the keys that hold no price
TEXT_FIELDS = frozenset(f"pricing.{key}" for key in TEXT_KEYS)
_NOT_RATES = frozenset({"currency", "per", "effective_date", "variants", "when", "multiply"})


def paths_of_kind(*kinds: str) -> tuple[str, ...]:
    """The paths of all fields of these kinds, in the order of the file."""
    return tuple(field.path for field in FIELDS if field.kind in kinds)


def parts_of(path: str) -> tuple[str, ...]:
    """The names of the fields directly in a mapping; those of the whole entry for an empty path."""
    prefix = f"{path}." if path else ""
    names = (field.path.removeprefix(prefix) for field in FIELDS if field.path.startswith(prefix))
    return tuple(name for name in names if "." not in name)


def fields_in(*sections: str) -> tuple[ModelField, ...]:
    """The fields of these sections, section by section."""
    return tuple(field for section in sections for field in FIELDS if field.section == section)


TOKEN_LIMITS = tuple(field.path for field in FIELDS if field.kind == TOKENS and field.section == LIMITS)
# Whole numbers of the entry itself, not of a mapping in it.
NUMBERS = tuple(field.path for field in FIELDS if field.kind in (TOKENS, COUNT) and field.section == LIMITS)
TIMESTAMPS = frozenset(paths_of_kind(TIMESTAMP))
SETS = frozenset(paths_of_kind(SET))
# Mappings of the entry whose parts are fields.
GROUPS = frozenset(
    field.path for field in FIELDS if field.kind == MAPPING and not field.has_open_keys and "." not in field.path
)
# Fields of the index and of its view `catalog`.
COLUMNS = tuple(field for field in FIELDS if field.has_column)
# Column by another, shorter name -> the field.
SHORT_NAMES = {field.short: field.path for field in FIELDS if field.short}


def rates_of(prices: Mapping[str, Any]) -> dict[str, Any]:
    """The token rates by name, as written: None is one that does not apply."""
    return {name: rate for name, rate in prices.items() if name not in _NOT_RATES}
