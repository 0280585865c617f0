"""Leaves out findings about hosts that the user trusts. That is done after a file was checked, so that the file's
result in the cache does not depend on the user."""

from collections.abc import Iterator, Mapping
from typing import Any

from registry_cli.core.checks.report import Examined, Mark
from registry_cli.core.checks.rules import key_host
from registry_cli.core.trust.decision import UserTrust
from registry_cli.core.trust.known import Pair
from registry_cli.core.trust.routes import destination_of
from registry_cli.core.trust.variables import key_names
from registry_cli.store.files.trusted_pairs import read_user_trust


def marks_without_trusted(examined: Examined, environ: Mapping[str, str]) -> Iterator[Mark]:
    """Yield the marks of a file except those about a pair of host and variable that the user trusts.

    Raises `UsageError`, `FileError` if the user's pairs cannot be read.
    """
    api = (examined.outline.asking or {}).get("api") or {}
    for mark in examined.marks:
        if mark.code != key_host.CODE or not _is_trusted(mark, api, read_user_trust(environ)):
            yield mark


def _is_trusted(mark: Mark, api: Mapping[str, Any], user_trust: UserTrust) -> bool:
    destination = destination_of(str(api.get("base_url") or ""))
    if destination is None or not key_host.may_get_key(destination):
        return False
    named = api.get("key_env") or ()
    step = mark.pointer[-1]
    variables = (named[step],) if isinstance(step, int) else key_names(named)
    return any(Pair(destination.place, variable) in user_trust for variable in variables)
