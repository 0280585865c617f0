"""`llmreg audit`: where sources disagree, by what the records say of them, and which figures are far off those of other
providers. No source is asked."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from registry_cli.commands.edit.workspace import Workspace, open_workspace
from registry_cli.commands.validate.folders import hold_folder
from registry_cli.core.checks.outliers import Outlier, figures_of, find_outliers
from registry_cli.core.checks.report import is_over, state_on
from registry_cli.core.edits.entries import body_of
from registry_cli.core.format.flattening import is_within
from registry_cli.core.matching.disagreements import Disagreement, add_verdict, find_disagreements
from registry_cli.core.matching.items import Decisions
from registry_cli.core.merging.naming import rekey_to_current_ids
from registry_cli.core.names.field_ref import FieldRef
from registry_cli.core.names.names import ModelName, resolve_model
from registry_cli.core.statements.facts import EntryView
from registry_cli.core.statements.record import Line
from registry_cli.errors import UsageError
from registry_cli.store.catalog.locate import find_catalog_to_read
from registry_cli.store.catalog.records import read_record, record_change
from registry_cli.store.files.transaction import FileChange, write_files


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What to look at: `providers` and `fields` (none: all), `sources` of which one must be party to it. A field means
    all below it too. `keep` are verdicts: models, `MODEL#FIELD`, providers or `all`."""

    providers: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    sources: frozenset[str] = frozenset()
    threshold: Decimal = Decimal(5)
    retired: bool = False
    kept: bool = False
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Audited:
    """`open` are the disagreements to be seen, `hidden` how many a verdict hides, `judged` how many it was just given
    about."""

    open: tuple[Disagreement, ...]
    hidden: int
    judged: int


def audit_sources(
    asked: AuditOptions, *, catalog: Path | None, on: str, cwd: Path, environ: Mapping[str, str]
) -> Audited:
    """Raises `UsageError`, `FileError`, `LockedError`; verdicts are noted in the records, all or none."""
    found = find_catalog_to_read(catalog, cwd=cwd, environ=environ)
    if asked.keep and found.origin == "bundled":
        raise UsageError("the catalog that came with llmreg is read-only: --catalog or LLMREG_CATALOG names another")
    with hold_folder(found.root, dry_run=not asked.keep):
        workspace = open_workspace(found.root, on, environ)
        _refuse_unknown_names(workspace, asked)
        chosen = [workspace.resolve_provider(name) for name in asked.providers] or workspace.names.all_providers()
        verdicts = Decisions(keep=frozenset(_resolve_target(workspace, text) for text in asked.keep))
        audited, changes = [], []
        for provider in dict.fromkeys(sorted(chosen)):
            result, change = _audit_provider(workspace, provider, asked, verdicts, on)
            audited.append(result)
            changes += [change] if change else []
        if asked.keep and not any(each.judged for each in audited):
            raise UsageError(f"--keep: no disagreement at {', '.join(asked.keep)}")
        write_files(found.root, changes)
    shown = tuple(item for each in audited for item in each.open)
    return Audited(shown, sum(each.hidden for each in audited), sum(each.judged for each in audited))


def audit_outliers(
    asked: AuditOptions, *, catalog: Path | None, on: str, cwd: Path, environ: Mapping[str, str]
) -> list[Outlier]:
    """The figures of the catalog far off those of other providers of the same base model. Of `asked`, `providers`,
    `fields` and `retired` count; every provider is compared with. Raises `UsageError`, `FileError`."""
    found = find_catalog_to_read(catalog, cwd=cwd, environ=environ)
    with hold_folder(found.root, dry_run=True):
        workspace = open_workspace(found.root, on, environ)
        _refuse_unknown_names(workspace, asked)
        chosen = {workspace.resolve_provider(name) for name in asked.providers}
        figures = [
            each
            for provider in workspace.names.all_providers()
            for model_id, body in _bodies_of(workspace, provider).items()
            if (asked.retired or not _is_retired(body, on)) and (each := figures_of(provider, model_id, body))
        ]
    return [
        each
        for each in find_outliers(figures)
        if (not chosen or each.model.partition("/")[0] in chosen) and _is_named(each.field, asked)
    ]


def _refuse_unknown_names(workspace: Workspace, asked: AuditOptions) -> None:
    """A name that nothing has would find no disagreement, and a check would be green for ever."""
    for field in asked.fields:
        workspace.fields.unset_field({}, field.partition("[")[0], workspace.fields.shapes.model)
    if asked.sources:
        from registry_cli.commands.sync.targets import refuse_unknown  # noqa: PLC0415  # every source, for names alone

        refuse_unknown("--source", asked.sources, lambda: _known_sources(workspace))


def _known_sources(workspace: Workspace) -> set[str]:
    """The names of providers, and of all who ever said something of them."""
    providers = workspace.names.all_providers()
    records = (read_record(workspace.root, provider)[0] for provider in providers)
    return {*providers}.union(*(line.said for record in records for line in record.values()))


def count_disagreements(found: Iterable[Disagreement]) -> list[tuple[str, str, int, int]]:
    """`("field", "context_window", 12, 11)`: how many disagreements in how many models, by field and by provider."""
    rows = []
    for kind, key in (("field", _field_of), ("provider", _provider_of)):
        counts = Counter(key(each) for each in found)
        models: dict[str, set[str]] = {}
        for each in found:
            models.setdefault(key(each), set()).add(each.model)
        rows += [(kind, name, count, len(models[name])) for name, count in counts.most_common()]
    return rows


def _field_of(each: Disagreement) -> str:
    """The variants of a price list count as one field."""
    return each.field.partition("[")[0]


def _provider_of(each: Disagreement) -> str:
    return each.model.partition("/")[0]


def _audit_provider(
    workspace: Workspace, provider: str, asked: AuditOptions, verdicts: Decisions, on: str
) -> tuple[Audited, FileChange | None]:
    record, data = read_record(workspace.root, provider)
    bodies = _bodies_of(workspace, provider)
    lines = rekey_to_current_ids(record, bodies)
    found: list[Disagreement] = []
    judged: dict[str, Line] = {}
    count = 0
    for model_id, body in bodies.items():
        line = lines.get(model_id)
        if line is None or (not asked.retired and is_over(state_on(body, on))):
            continue
        mine = list(_audit_model(workspace, f"{provider}/{model_id}", body, line, asked))
        verdict = [each for each in mine if not each.kept and verdicts.keeps(each.model, each.field)]
        if verdict:
            count += len(verdict)
            judged[model_id] = replace(line, kept=add_verdict(line, verdict), text=None)
        found += (replace(each, kept=True) if each in verdict else each for each in mine)
    change = record_change(workspace.root, provider, {**lines, **judged}, data) if judged else None
    hidden = [each for each in found if each.kept]
    shown = hidden if asked.kept else [each for each in found if not each.kept]
    return Audited(tuple(shown), len(hidden), count), change


def _bodies_of(workspace: Workspace, provider: str) -> dict[str, dict[str, Any]]:
    return {
        model_id: body_of(workspace.value_of(stem), model_id)
        for stem in workspace.stems_of(provider)
        for model_id in workspace.examined[stem].outline.ids
    }


def _audit_model(
    workspace: Workspace, name: str, body: Mapping[str, Any], line: Line, asked: AuditOptions
) -> Iterator[Disagreement]:
    local = EntryView(body, workspace.fields.canonical_name)
    for each in find_disagreements(name, line, local.value_of, asked.threshold):
        party = not asked.sources or any(voice.source in asked.sources for voice in each.voices)
        if party and _is_named(each.field, asked):
            yield each


def _is_named(field: str, asked: AuditOptions) -> bool:
    return not asked.fields or any(is_within(field, name) for name in asked.fields)


def _is_retired(body: Mapping[str, Any], on: str) -> bool:
    return (state_on(body, on) or "").startswith("retired")


def _resolve_target(workspace: Workspace, text: str) -> str:
    """`all`, a provider, a model or `MODEL#FIELD`, by the names of the catalog."""
    name, field = FieldRef.parse(text)
    if text == "all":
        return text
    if field is None and "/" not in name and (provider := workspace.names.provider(name)):
        return provider
    named: ModelName = resolve_model(workspace.names, name)
    return str(FieldRef(str(named), field))
