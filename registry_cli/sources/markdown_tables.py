"""The tables of a Markdown page, each with the heading that it stands under."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry_cli.errors import UpstreamError

if TYPE_CHECKING:
    from markdown_it.token import Token


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of a cell without markup, and the code spans in it: that is how pages write model ids."""

    text: str
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkdownTable:
    """`columns` are the words of the header row; a row has a cell for each of them."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def read_tables(data: bytes, source: str) -> list[MarkdownTable]:
    """Every table of a page, in its order. Raises `UpstreamError` for a page that is not UTF-8."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only where a page is read

    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UpstreamError(f"{source}: not UTF-8 at byte {error.start}") from None
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return list(_collect_tables(tokens))


def _collect_tables(tokens: Sequence["Token"]) -> Iterator[MarkdownTable]:
    heading, rows, cells = "", list[tuple[Cell, ...]](), list[Cell]()
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following is not None:
            heading = _read_cell(following).text
        elif token.type == "table_open":
            rows = []
        elif token.type == "tr_open":
            cells = []
        elif token.type in ("th_open", "td_open") and following is not None:
            cells.append(_read_cell(following))
        elif token.type == "tr_close":
            rows.append(tuple(cells))
        elif token.type == "table_close":
            header, *body = rows
            yield MarkdownTable(heading, tuple(cell.text for cell in header), tuple(body))


def _read_cell(inline: "Token") -> Cell:
    parts = [child for child in inline.children or () if child.content]
    codes = tuple(part.content.strip() for part in parts if part.type == "code_inline")
    return Cell(" ".join("".join(part.content for part in parts).split()), codes)
