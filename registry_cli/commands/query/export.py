"""`export`: the models that a query means, in another program's format."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from registry_cli.commands.query.open import OpenCatalog
from registry_cli.commands.query.query import resolve_filters
from registry_cli.core.query.evaluate import select_models
from registry_cli.core.query.filters import HIDDEN, Filters, Order, Selection
from registry_cli.errors import UsageError
from registry_cli.exports import FOLDERS, FORMATS, Exported, group_by_provider, write_export
from registry_cli.store.catalog.load import load_catalog
from registry_cli.store.files.durable import make_folder, os_errors_as_faults


@dataclass(frozen=True, slots=True)
class ExportResult:
    """`models` were written out; `hidden` are the outdated ones that the filters leave out by themselves."""

    exported: Exported
    models: int
    hidden: int

    @property
    def losses(self) -> Mapping[str, int]:
        """What did not fit, the most frequent field first."""
        return dict(self.exported.losses.most_common())


def export_models(asked: OpenCatalog, form: str, filters: Filters, day: str) -> ExportResult:
    """The models that match, as files of a format. Raises `UsageError`, `FileError`."""
    if form not in FORMATS:
        raise UsageError(f"export: no format is called {form!r} (there are {', '.join(FORMATS)})")
    catalog = load_catalog(asked.read_files())
    filters = resolve_filters(asked, filters)
    chosen = select_models(catalog.models(), Selection(filters, Order(())), day)
    hidden = 0
    if not filters.deprecated and not filters.statuses:
        outdated = filters._replace(statuses=tuple(sorted(HIDDEN)))
        hidden = len(select_models(catalog.models(), Selection(outdated, Order(())), day))
    exported = write_export(form, group_by_provider(catalog, chosen), day)
    return ExportResult(exported, len(chosen) - exported.left_out.total(), hidden)


def write_exported(form: str, exported: Exported, to: Path) -> None:
    """Writes the file, or the files of a folder, over whatever is there. Raises `FileError`."""
    with os_errors_as_faults(to):
        if form in FOLDERS:
            make_folder(to)
        for name, data in exported.files.items():
            (to / name if name else to).write_bytes(data)
