"""Numbered comments in random legal places of a YAML text."""

import random
import re

from registry_cli.errors import YamlError
from registry_cli.yamledit.apply import equal_data
from registry_cli.yamledit.document import load_value

NUMBERED = re.compile(r"# c(\d+)\b")
_FLOW_TOKEN = re.compile(r"[\[{,:]")


def with_comments(rng: random.Random, text: str, most: int) -> str:
    """The text with up to `most` comments more, each of its own number; its data are the same."""
    value = load_value(text)
    for number in range(rng.randint(1, most)):
        new = _with_one(rng, text, f"# c{number}")
        try:
            if new is not None and equal_data(load_value(new), value):
                text = new
        except YamlError:
            continue
    return text


def numbers(text: str) -> list[int]:
    return sorted(int(found) for found in NUMBERED.findall(text))


def _with_one(rng: random.Random, text: str, comment: str) -> str | None:
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    at = rng.randrange(len(lines))
    kind = rng.random()
    if kind < 0.3:
        lines[at] += f"{' ' * rng.randint(1, 3)}{comment}"
        return newline.join(lines)
    if kind < 0.7:
        indent = len(lines[at]) - len(lines[at].lstrip(" "))
        spaces = max(0, indent + rng.choice((0, 0, 0, 2, 2, 1, -2, -indent)))
        blank = rng.choice(([], [], [""]))
        lines[at:at] = [*rng.choice(([], [], [""])), f"{' ' * spaces}{comment}", *blank]
        return newline.join(lines)
    tokens = list(_FLOW_TOKEN.finditer(text))
    if not tokens:
        return None
    end = rng.choice(tokens).end()
    beside = rng.choice((f" {comment}", f"{newline}{' ' * rng.randint(2, 20)}{comment}"))
    return f"{text[:end]}{beside}{newline}{' ' * rng.randint(2, 20)}{text[end:].lstrip(' ')}"
