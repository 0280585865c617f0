"""Cards as plain text, JSON or markdown."""

from registry_cli.core.query.cards import Card, Fact
from registry_cli.render.text import cell

FORMATS = ("plain", "table", "json", "markdown")


def render_card(card: Card, form: str) -> str:
    """A card in one of `FORMATS` except `table`. Plain text has lines of `section<TAB>label<TAB>value`."""
    if form == "json":
        return _json(card)
    return _markdown(card) if form == "markdown" else _plain(card)


def _plain(card: Card) -> str:
    lines = [("model", "id", card.title)]
    lines += [("model", "about", card.subtitle)] if card.subtitle else []
    lines += [("model", "notice", notice) for notice in card.notices]
    lines += [(title, fact.label, _value(fact)) for title, facts in card.sections for fact in facts]
    return "".join("\t".join(map(cell, line)) + "\n" for line in lines)


def _json(card: Card) -> str:
    from registry_cli.core.text.exact_json import dumps, loads  # noqa: PLC0415  # only for JSON

    return dumps({"models": [loads(card.document)]}, indent=2) + "\n"


def _markdown(card: Card) -> str:
    from registry_cli.render.markdown_cells import inert_cell  # noqa: PLC0415  # only for markdown

    lines = [f"## {inert_cell(card.title)}", ""]
    lines += [inert_cell(card.subtitle), ""] if card.subtitle else []
    for notice in card.notices:
        lines += [f"**{inert_cell(notice)}**", ""]
    for title, facts in card.sections:
        lines += [f"| {inert_cell(title)} | |", "| --- | --- |"]
        for fact in facts:
            own = " \\*" if fact.own else ""
            lines.append(f"| {inert_cell(fact.label)} | {inert_cell(fact.value)}{own} |")
        lines.append("")
    return "\n".join(lines)


def _value(fact: Fact) -> str:
    return f"{fact.value} *" if fact.own else fact.value
