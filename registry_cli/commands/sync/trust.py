"""`llmreg trust`: which hosts the user trusts with which variables, besides those that llmreg knows."""

from collections.abc import Mapping, Sequence

from registry_cli.core.query.table import Table
from registry_cli.core.trust.decision import parse_pair
from registry_cli.core.trust.known import Pair
from registry_cli.errors import UsageError
from registry_cli.store.files.trusted_pairs import VARIABLE, change_trusted_pairs, read_trusted_pairs, read_user_trust

COLUMNS = ("host", "variable", "trusted by")


def list_trust(environ: Mapping[str, str]) -> Table:
    """Raises `UsageError`, `FileError`."""
    trust = read_user_trust(environ)
    return Table(COLUMNS, [(pair.place, pair.variable, trust[pair]) for pair in sorted(trust)])


def add_trust(texts: Sequence[str], environ: Mapping[str, str]) -> list[Pair]:
    """Store the pairs that texts such as `gateway.example.com=ACME_API_KEY` name, and return them.

    Raises `UsageError`, `FileError`, `LockedError`, with nothing changed.
    """
    pairs = [_parse_pair(text) for text in texts]
    change_trusted_pairs(environ, add=pairs)
    return pairs


def remove_trust(texts: Sequence[str], environ: Mapping[str, str]) -> list[Pair]:
    """Take the pairs back. Raises as `add_trust` does, and `UsageError` for a pair that is not there."""
    pairs = [_parse_pair(text) for text in texts]
    stored = read_trusted_pairs(environ)
    for pair in pairs:
        if pair not in stored:
            hint = f": {VARIABLE} names it" if pair in read_user_trust(environ) else "; see llmreg trust --list"
            raise UsageError(f"{pair} is not stored by llmreg trust{hint}")
    change_trusted_pairs(environ, remove=pairs)
    return pairs


def _parse_pair(text: str) -> Pair:
    try:
        return parse_pair(text)
    except ValueError as fault:
        raise UsageError(str(fault)) from None
