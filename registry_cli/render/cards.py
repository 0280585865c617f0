"""Cards as plain text, JSON or markdown."""

from registry_cli.core.query.cards import Card, Fact
from registry_cli.render.text import cell_text

FORMATS = ("plain", "table", "json", "markdown")


def render_card(card: Card, form: str) -> str:
    """A card in one of `FORMATS` except `table`. Plain text has lines of `section<TAB>label<TAB>value`."""
    if form == "json":
        return _json_card(card)
    return _markdown_card(card) if form == "markdown" else _plain_card(card)


def _plain_card(card: Card) -> str:
    lines = [("model", "id", card.title)]
    lines += [("model", "about", card.subtitle)] if card.subtitle else []
    lines += [("model", "notice", notice) for notice in card.notices]
    lines += [(title, fact.label, _fact_value(fact)) for title, facts in card.sections for fact in facts]
    return "".join("\t".join(map(cell_text, line)) + "\n" for line in lines)


def _json_card(card: Card) -> str:
    from registry_cli.core.text.exact_json import dumps, loads  # noqa: PLC0415  # only for JSON

    return dumps({"models": [loads(card.document)]}, indent=2) + "\n"


def _markdown_card(card: Card) -> str:
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


def _fact_value(fact: Fact) -> str:
    return f"{fact.value} *" if fact.own else fact.value
