"""The rules, in the order of their documentation.

To add one: write `<name>.py` with a check and a `RULE` whose code is the file's name with dashes and whose examples
are a wrong file and a right one; list it here; write the docs anew (`llmreg validate --explain all > docs/rules.md`).
The tests run the examples and hold files, list and docs together.
"""

from registry_cli.core.checks.findings import Finding
from registry_cli.core.checks.report import Mark
from registry_cli.core.checks.rules import (
    alias_collision,
    batch_dearer,
    billing_price,
    cache_read_dearer,
    cache_write_equals_read,
    capabilities_file,
    capability_spelling,
    date_future,
    date_order,
    date_past,
    default_model_outdated,
    default_model_unresolved,
    denied_capability,
    duplicate_entry,
    hidden_character,
    id_case,
    input_above_context,
    key_host,
    long_cache_price,
    minute_price,
    modality_capability,
    older_key,
    output_above_context,
    part_collision,
    part_fact,
    per_unit_range,
    price_unit,
    provider_alias_collision,
    provider_name,
    reading,
    record,
    record_edited,
    record_future,
    replacement_cycle,
    replacement_outdated,
    replacement_unresolved,
    stale,
    status_date,
    threshold_above_context,
    tier_cache_rate,
    tier_media_rate,
    unfinished_change,
    unknown_capability,
    variant_dates,
    variant_overlap,
    variant_unconditional,
    zero_rate,
)
from registry_cli.core.checks.rules.base import check_nothing

RULES = (
    *reading.RULES,
    provider_name.RULE,
    part_fact.RULE,
    part_collision.RULE,
    capabilities_file.RULE,
    provider_alias_collision.RULE,
    key_host.RULE,
    hidden_character.RULE,
    id_case.RULE,
    alias_collision.RULE,
    duplicate_entry.RULE,
    default_model_unresolved.RULE,
    default_model_outdated.RULE,
    replacement_unresolved.RULE,
    replacement_outdated.RULE,
    replacement_cycle.RULE,
    output_above_context.RULE,
    input_above_context.RULE,
    price_unit.RULE,
    minute_price.RULE,
    cache_read_dearer.RULE,
    cache_write_equals_read.RULE,
    long_cache_price.RULE,
    zero_rate.RULE,
    per_unit_range.RULE,
    batch_dearer.RULE,
    billing_price.RULE,
    variant_unconditional.RULE,
    variant_overlap.RULE,
    variant_dates.RULE,
    tier_cache_rate.RULE,
    tier_media_rate.RULE,
    threshold_above_context.RULE,
    modality_capability.RULE,
    denied_capability.RULE,
    unknown_capability.RULE,
    capability_spelling.RULE,
    date_order.RULE,
    date_future.RULE,
    date_past.RULE,
    status_date.RULE,
    stale.RULE,
    record.RULE,
    record_future.RULE,
    record_edited.RULE,
    unfinished_change.RULE,
    older_key.RULE,
)
BY_CODE = {rule.code: rule for rule in RULES}
FILE_RULES = tuple(rule for rule in RULES if rule.check is not check_nothing)
CATALOG_RULES = tuple(rule for rule in RULES if rule.check_catalog is not check_nothing)


def finding_of(mark: Mark, path: str) -> Finding:
    """Return the finding of a mark, with the severity of its rule unless the mark has its own."""
    severity = mark.severity or BY_CODE[mark.code].severity
    return Finding(mark.code, severity, path, mark.line, mark.column, mark.message, mark.pointer)
