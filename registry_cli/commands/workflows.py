"""The workflows of a catalog's repository: which jobs its providers need, and the files."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry_cli.core.sync.listening import precedence
from registry_cli.render.templates import KeyJob, sync_workflow
from registry_cli.sources.base import Source
from registry_cli.sources.registry import find
from registry_cli.store.templates import read_template

FOLDER = Path(".github/workflows")
_PLAIN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PLACEHOLDER = re.compile(r"\$\{(\w+)")  # of `${NAME}`, and the first of `${NAME,OTHER}`
_SECRET = re.compile(r"(?!GITHUB_)[A-Z_][A-Z0-9_]*")  # what GitHub lets a secret or a variable be called


def workflows(bodies: Mapping[str, Mapping[str, Any]]) -> dict[Path, str]:
    """The texts of the workflows of a catalog with these providers, each with the body of its file."""
    sync = sync_workflow(read_template("workflows/sync.yml"), read_template("sync-job.yml"), key_jobs(bodies))
    return {FOLDER / "validate.yml": read_template("workflows/validate.yml"), FOLDER / "sync.yml": sync}


def key_jobs(bodies: Mapping[str, Mapping[str, Any]]) -> list[KeyJob]:
    """The keys of the providers that a source of the registry asks, in the order of their names."""
    providers: dict[str, list[str]] = {}
    variables: dict[str, dict[str, None]] = {}
    for provider, body in sorted(bodies.items()):
        source = next((each for each in map(find, precedence(provider, body)) if each and _has_key(each)), None)
        if source is not None and _PLAIN_ID.fullmatch(provider):
            key = source.key_variables[0]
            providers.setdefault(key, []).append(provider)
            address = str((body.get("api") or {}).get("base_url") or source.base_url)
            needed = (*_PLACEHOLDER.findall(address), *source.header_variables.values())
            variables.setdefault(key, {}).update(dict.fromkeys(filter(_SECRET.fullmatch, needed)))
    return [KeyJob(key, tuple(providers[key]), tuple(variables[key])) for key in sorted(providers)]


def _has_key(source: Source) -> bool:
    usable = bool(source.key_variables) and _SECRET.fullmatch(source.key_variables[0]) is not None
    return usable and source.key != "none" and not source.local
