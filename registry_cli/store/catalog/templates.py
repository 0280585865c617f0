"""The texts that a new catalog repository is made of, as they came with llmreg: `registry_cli/templates/`."""

from pathlib import Path


def read_template(name: str) -> str:
    """`name` is a path below that folder."""
    return (Path(__file__).parents[2] / "templates" / name).read_text(encoding="utf-8")
