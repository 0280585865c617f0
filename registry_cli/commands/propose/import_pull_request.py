"""`import --pr`: the provider files that an import makes or completes, as a branch with a pull request."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from registry_cli.commands.edit.session import Circumstances, Rewritten
from registry_cli.commands.propose.base_checkout import BaseCheckout, Wish, checkout_base
from registry_cli.commands.propose.branch_names import EditIdentity
from registry_cli.commands.propose.edit_pull_request import put_edit_forward
from registry_cli.commands.propose.proposed_branch import retry_where_moved
from registry_cli.commands.propose.worktree_context import own_catalog
from registry_cli.commands.sync.import_catalog import Imported, import_catalog
from registry_cli.commands.sync.import_past import ImportedPast, import_past
from registry_cli.commands.validate.folders import display_path
from registry_cli.core.edits.entries import describe_changes
from registry_cli.core.edits.message import checked_source
from registry_cli.core.format.legacy import MODEL_KEYS
from registry_cli.core.matching.items import Item
from registry_cli.core.proposals.outcomes import Outcome
from registry_cli.yamledit.document import load_value

_COMMAND = "import"
Made = TypeVar("Made", Imported, ImportedPast)


@dataclass(frozen=True, slots=True)
class ProposedImport(Generic[Made]):
    """What was imported into the base branch, its files, and the result for the branch and pull request."""

    imported: Made
    files: tuple[Rewritten, ...]
    outcome: Outcome
    base: str


@dataclass(frozen=True, slots=True)
class _WrittenImport(Generic[Made]):
    """What an import wrote in the work tree; `keys` say where the keys of new providers go."""

    imported: Made
    files: tuple[Rewritten, ...]
    keys: Sequence[Item] = ()


def propose_import(arguments: Sequence[str], given: Circumstances, wish: Wish) -> ProposedImport[Imported]:
    """Import `SOURCE=FILE` arguments into the catalog of the base branch, and propose the new files.

    Raises what `import_catalog` raises, and `GitError`, `ForgeError`; nothing is changed then.
    """

    def make(there: Circumstances, catalog: Path) -> _WrittenImport[Imported]:
        imported = import_catalog(arguments, to=catalog, dry_run=False, now=lambda: given.now)
        files = tuple(_new_file(catalog, name, imported.texts[name], there) for name in imported.written)
        keys = [Item(name, "", "address", reason=str(route)) for name, route in imported.key_routes]
        imported = replace(imported, folder=Path(display_path(catalog, there.cwd)))
        return _WrittenImport(imported, files, keys)

    return _propose(arguments, (), given, wish, make)


def propose_past(
    arguments: Sequence[str], given: Circumstances, wish: Wish, recorded_on: Sequence[str]
) -> ProposedImport[ImportedPast]:
    """As `propose_import`, for the models that the sources once listed (`import_past`)."""

    def make(there: Circumstances, _: Path) -> _WrittenImport[ImportedPast]:
        imported = import_past(arguments, there, recorded_on)
        return _WrittenImport(imported, imported.files)

    return _propose(arguments, ("--past",), given, wish, make)


def _propose(
    arguments: Sequence[str],
    flags: Sequence[str],
    given: Circumstances,
    wish: Wish,
    make: Callable[[Circumstances, Path], _WrittenImport[Made]],
) -> ProposedImport[Made]:
    checked_source(given.source)
    root = own_catalog(given).resolve()
    pairs = [argument.partition("=") for argument in arguments]
    sources = [source for source, _, _ in pairs]

    def propose_at(checkout: BaseCheckout) -> ProposedImport[Made]:
        inputs = [f"{source}={checkout.repository.path_of(Path(path))}" for source, _, path in pairs]
        identity = EditIdentity(_COMMAND, " ".join(sources), flags, tuple(inputs))
        there = checkout.there
        made: _WrittenImport[Made] = make(there, checkout.root)
        items = list(made.keys)
        for file in made.files:
            items += _items_of(file)
        title, today = _title_of(items, made.files, sources), {there.stamp, there.day}
        outcome = put_edit_forward(checkout, identity, title, items, given, today=today)
        return ProposedImport(made.imported, made.files, outcome, checkout.base)

    with checkout_base(_COMMAND, root, given, wish) as checkout:
        return retry_where_moved(checkout, propose_at)


def _new_file(catalog: Path, name: str, text: str, there: Circumstances) -> Rewritten:
    path = catalog / f"{name}.yml"
    return Rewritten(display_path(path, there.cwd), name, path, None, text.encode())


def _items_of(file: Rewritten) -> Iterator[Item]:
    """The new models of a file, and the changed fields of the others."""
    old_text, new_text = file.texts
    old, new = _load_mapping(old_text), _load_mapping(new_text)
    provider = str(new["provider"])
    known = _models_of(old)
    added = {f"{provider}/{name}": body for name, body in _models_of(new).items() if name not in known}
    for model, body in added.items():
        yield Item(model, "", "new", new=body)
    for change in describe_changes(provider, old, new, {}):
        if change.model not in added and file.old is not None:
            yield Item(change.model, change.field, "applied", change.old, change.new)


def _load_mapping(text: str) -> dict[str, Any]:
    value = load_value(text) if text else None
    return value if isinstance(value, dict) else {}


def _models_of(value: Mapping[str, Any]) -> dict[str, Any]:
    models: dict[str, Any] = {}
    for key in MODEL_KEYS:
        models |= value.get(key) or {}
    return models


def _title_of(items: Sequence[Item], files: Sequence[Rewritten], sources: Sequence[str]) -> str:
    models = sum(item.status == "new" for item in items)
    changed = f"{models:,} model{'' if models == 1 else 's'} of {len(files):,} provider{'' if len(files) == 1 else 's'}"
    return f"import: {changed} from {', '.join(sources)}"
