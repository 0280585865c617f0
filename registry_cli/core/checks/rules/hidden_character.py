from collections.abc import Iterator

from registry_cli.core.checks.rules.base import Problem, ProviderFile, Rule
from registry_cli.core.text.pointer import Pointer
from registry_cli.yamledit.escapes import hidden_character


def check(file: ProviderFile) -> Iterator[Problem]:
    yield from _find_hidden(("name",), "the name", file.value.get("name"))
    for entry in file.entries:
        yield from _find_hidden(entry.pointer, "the id", entry.id, of_key=True)
        yield from _find_hidden((*entry.pointer, "name"), "the name", entry.body.get("name"))
        for index, alias in enumerate(entry.body.get("aliases") or ()):
            yield from _find_hidden((*entry.pointer, "aliases", index), "the alias", alias)


def _find_hidden(pointer: Pointer, what: str, text: str | None, *, of_key: bool = False) -> Iterator[Problem]:
    character = hidden_character(text or "")
    if character:
        yield Problem(pointer, f"{what} holds {character}, which cannot be seen", of_key)


RULE = Rule(
    code="hidden-character",
    severity="error",
    summary="An id, an alias or a name holds a character that cannot be seen.",
    why="""\
Zero-width spaces, soft hyphens, tag characters, fillers and the like are drawn as nothing, so that two ids look alike
and are not, or one looks empty. They come from copying, or from somebody who wants a model to be taken for another.""",
    fix="""\
Delete the character that the message names, or write the id anew by hand.""",
    bad='provider: acme\nmodels:\n  acme-1: {}\n  "acme-1\\u200b": {} # <-\n',
    good="provider: acme\nmodels:\n  acme-1: {}\n  acme-2: {}\n",
    check=check,
)
