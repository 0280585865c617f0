"""Writes `registry_cli/core/trust/table.py` anew: `python -m tests.support.trusted_hosts_table`."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import registry_cli
from registry_cli.sources.registry import all_sources
from registry_cli.yamledit.document import load_value

PACKAGE = Path(registry_cli.__path__[0])
TABLE = PACKAGE / "core" / "trust" / "table.py"
CATALOG = PACKAGE.parent / "config" / "models"
SIGNS_WITH = ("AWS_SECRET_ACCESS_KEY",)  # the one secret that a built-in source signs requests with

TEXT = '''\
"""The addresses that llmreg knows, with the variables that hold their keys.

Made by `python -m tests.support.trusted_hosts_table` from the built-in sources and from the shipped catalog, and
reviewed as code: a key goes to no other host unless its user says so (docs/security.md). A line is a name, an address
(`-` where there is none) and variables. `${{NAME}}` in an address stands for that variable of the environment.
"""

SOURCES = """\\
{sources}\
"""

CATALOG = """\\
{catalog}\
"""
'''


def generate() -> str:
    return TEXT.format(sources="".join(_lines(_sources())), catalog="".join(_lines(_catalog())))


def _sources() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for source in all_sources():
        if source.is_provider_list:
            yield source.name, source.base_url, source.key_variables + (SIGNS_WITH if source.signing else ())


def _catalog() -> Iterator[tuple[str, str | None, tuple[str, ...]]]:
    for path in CATALOG.glob("*.yml"):
        if not path.stem.endswith("_capabilities"):
            api = load_value(path.read_text()).get("api") or {}
            yield path.stem, api.get("base_url"), tuple(api.get("key_env") or ())


def _lines(rows: Iterable[tuple[str, str | None, tuple[str, ...]]]) -> Iterator[str]:
    for name, address, variables in sorted(rows):
        yield " ".join([name, address or "-", *variables]) + "\n"


if __name__ == "__main__":
    TABLE.write_text(generate())
