"""Writes the text of a new provider file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from registry_cli.core.format.layout import SCHEMA_LINE, is_on_one_line, needs_blank_line, sort_provider
from registry_cli.errors import LlmregError, YamlError
from registry_cli.yamledit.apply import equal_data
from registry_cli.yamledit.document import load_value
from registry_cli.yamledit.layout import Style, emit_document


def provider_text(body: Mapping[str, Any], folder: Path) -> str:
    """Return the text of a provider's new file, which was read back and compared. Raises `LlmregError`.

    Its first line names the schema for editors, if the schema lies beside the directory.
    """
    ordered = sort_provider(body)
    text = emit_document(ordered, Style(flow=is_on_one_line, parted=needs_blank_line))
    try:
        read_back = load_value(text)
    except YamlError as fault:
        raise LlmregError(f"{body['provider']}: not a text that can be written: {fault.message}") from None
    if not equal_data(read_back, ordered):
        raise LlmregError(f"{body['provider']}: the text laid out does not read back as the value it was made of")
    schema = folder.resolve().parent.parent / "schema" / "provider.schema.json"  # the folder may not be there yet
    return (SCHEMA_LINE if schema.is_file() else "") + text
