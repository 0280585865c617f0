"""models.dev's repository: one TOML file a model, whose versions say what was listed when.

`providers/PROVIDER/models/ID.toml` may be a link to another provider's file, may take over another model's facts
(`extends`, until June 2026) or those of a file in `models/` (`base_model`, since then). Each is followed to what it was
while the model was listed. `provider.toml` beside them has the provider's own facts.
"""

import posixpath
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from registry_cli.core.statements.file_versions import FileVersion, FileVersions, version_at
from registry_cli.core.statements.observations import Note, Observations
from registry_cli.core.statements.past import Contents, ModelKey, PastList
from registry_cli.errors import UpstreamError
from registry_cli.sources import models_dev, provider_ids
from registry_cli.sources.key_watch import KeyWatch
from registry_cli.sources.rows import UNFORESEEN

FOLDERS = ("providers", "models")
_MODEL = re.compile(r"providers/([^/]+)/models/(.+)\.toml", re.DOTALL)
_PROVIDER = re.compile(r"providers/([^/]+)/provider\.toml")
_PROVIDER_FACTS = ("name", "doc")  # an address and the names of keys serve no model that is gone
_METADATA = frozenset({"id", "benchmarks", "license", "links", "weights"})  # of a base model alone
_SLIP = timedelta(hours=72)
_MOST_LINKS = 3  # from one file to the next

Table = dict[str, Any]


class _Last(NamedTuple):
    """The last version of a file with content, and the time when the file was removed (None: it still exists).

    A slip is a file that was removed soon after it was added.
    """

    version: FileVersion
    number: int  # of the last commit that has it
    ended: str | None
    is_slip: bool = False


def read_history(versions: FileVersions, contents: Contents, as_of: str) -> PastList:
    """All models that the repository ever listed. Files that are no TOML are noted and left out.

    Raises `UpstreamError` where it is not models.dev's repository.
    """
    last = {path: found for path in versions if (found := _last_version(versions[path]))}
    contents.expect([each.version.content for each in last.values() if each.version.content])
    files = _Files(versions, contents)
    renamed = _renamed_providers(versions)
    notes: list[Note] = []
    providers: dict[str, Table] = {}
    ended: dict[ModelKey, str] = {}
    listed: set[ModelKey] = set()  # under one of the names that a provider has there
    for path, found in last.items():
        named = _MODEL.fullmatch(path)
        if named is None:
            continue
        spelled, model_id = named.groups()
        spelled = renamed.get(spelled, spelled)
        if found.is_slip:
            reason = "taken back within 72 hours; left out"
            notes.append(Note(provider_ids.from_models_dev(spelled), model_id, "", "", reason))
            continue
        try:
            facts = files.model_at(path, found.number)
        except UNFORESEEN as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            notes.append(Note(provider_ids.from_models_dev(spelled), model_id, "", "", f"{reason}; left out"))
            continue
        provider = providers.setdefault(spelled, {**_provider_facts(files, last, spelled), "models": {}})
        provider["models"][model_id] = facts
        if found.ended is not None:
            key = provider_ids.from_models_dev(spelled), model_id
            ended[key] = max(found.ended, ended.get(key, ""))
        else:
            listed.add((provider_ids.from_models_dev(spelled), model_id))
    if not providers:
        raise UpstreamError(f"{models_dev.SOURCE}: no providers/*/models/*.toml in the history")
    seen = models_dev.read_providers(providers, notes, KeyWatch())
    return PastList(
        Observations(models_dev.SOURCE, seen, tuple(notes)), as_of, {key: ended[key] for key in ended.keys() - listed}
    )


def _last_version(versions: Sequence[FileVersion]) -> _Last | None:
    """The last version with content; None for a path that never had any."""
    newest = versions[0]
    if newest.content:
        return _Last(newest, 0, None)
    last = next((version for version in versions if version.content), None)
    if last is None:
        return None
    listed = datetime.fromisoformat(newest.moment) - datetime.fromisoformat(versions[-1].moment)
    return _Last(last, newest.number + 1, newest.moment, listed < _SLIP)


def _renamed_providers(versions: FileVersions) -> dict[str, str]:
    """The new names of renamed providers, by their old ones.

    A provider counts as renamed if one commit removed it and added another one with at least half of its models.
    """
    ended: dict[int, dict[str, set[str]]] = {}
    begun: dict[int, dict[str, set[str]]] = {}
    for path, history in versions.items():
        if named := _MODEL.fullmatch(path):
            provider, model_id = named.groups()
            if not history[0].content:
                ended.setdefault(history[0].number, {}).setdefault(provider, set()).add(model_id)
            begun.setdefault(history[-1].number, {}).setdefault(provider, set()).add(model_id)
    gone = {
        path.split("/")[1]: history[0].number for path, history in versions.items() if _is_gone_provider(path, history)
    }
    renamed = {}
    for provider, number in gone.items():
        models = ended.get(number, {}).get(provider, set())
        for other, theirs in begun.get(number, {}).items():
            if other != provider and models and 2 * len(models & theirs) >= len(models):
                renamed[provider] = other
    return renamed


def _is_gone_provider(path: str, history: Sequence[FileVersion]) -> bool:
    return _PROVIDER.fullmatch(path) is not None and not history[0].content


def _provider_facts(files: "_Files", last: Mapping[str, _Last], spelled: str) -> Table:
    path = f"providers/{spelled}/provider.toml"
    if path not in last:
        return {}
    try:
        stated = files.table_at(path, last[path].number)
    except UNFORESEEN:
        return {}
    return {name: stated[name] for name in _PROVIDER_FACTS if name in stated}


class _Files:
    """Files at past commits. The methods raise `ValueError` for a file that cannot be read."""

    def __init__(self, versions: FileVersions, contents: Contents) -> None:
        self._versions = versions
        self._contents = contents
        self._tables: dict[str, Table] = {}

    def model_at(self, path: str, number: int) -> Table:
        """The facts of a model after the commit of a number, whatever file they are from."""
        stated = dict(self.table_at(path, number))
        base: Table = {}
        omitted: Sequence[str] = ()
        if "base_model" in stated:
            metadata = self.table_at(f"models/{stated.pop('base_model')}.toml", number)
            base = {name: value for name, value in metadata.items() if name not in _METADATA}
            omitted = stated.pop("base_model_omit", ())
        elif "extends" in stated:
            extends = stated.pop("extends")
            provider, _, model_id = extends["from"].partition("/")
            base = dict(self.table_at(f"providers/{provider}/models/{model_id}.toml", number))
            base.pop("reasoning_options", None)
            omitted = extends.get("omit", ())
        merged = _merge_tables(base, stated)
        for name in omitted:
            _omit_field(merged, name.split("."))
        return merged

    def table_at(self, path: str, number: int) -> Table:
        for _ in range(_MOST_LINKS):
            version = version_at(self._versions.get(path, ()), number)
            if version is None or version.content is None:
                raise ValueError(f"{path} is not there")
            if not version.is_link:
                return self._parse_table(version.content)
            target = (self._contents.get(version.content) or b"").decode()
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        raise ValueError(f"{path}: a link to a link to a link")

    def _parse_table(self, content: str) -> Table:
        if content not in self._tables:
            data = self._contents.get(content)
            if data is None:
                raise ValueError("too large")
            self._tables[content] = _plain_dates(tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal))
        return self._tables[content]


def _plain_dates(value: Any) -> Any:
    """The value with TOML dates as text, as JSON has them."""
    if isinstance(value, dict):
        return {name: _plain_dates(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain_dates(item) for item in value]
    return value.isoformat()[:10] if isinstance(value, date) else value


def _merge_tables(base: Table, over: Table) -> Table:
    merged = dict(base)
    for name, value in over.items():
        below = merged.get(name)
        merged[name] = _merge_tables(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _omit_field(table: Table, way: Sequence[str]) -> None:
    name, *rest = way
    below = table.get(name)
    if not rest:
        table.pop(name, None)
    elif isinstance(below, dict):
        table[name] = dict(below)
        _omit_field(table[name], rest)
        if not table[name]:
            del table[name]
