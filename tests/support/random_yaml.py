"""Random YAML in many hands' styles, and random operations that fit a value."""

import random
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry_cli.yamledit.layout import format_in_flow, format_scalar, is_collection, quote_text
from registry_cli.yamledit.ops import Add, AddItem, Operation, Path, Remove, Rename, Set

WORDS = (
    "alpha", "beta", "no", "1:30", "2024-01-01", "with space", "a: b", "x #y", "ünïcode", "中文", "quote'd", 'say "hi"',
    "-", "~", "",
)  # fmt: skip
KEYS = ("name", "context", "price", "caps", "on", "1e3", "gpt-4.1", "a/b:c", "deep", "ключ", "two words", "'")
ORDER = ("name", "context", "price", "caps", "deep")


@dataclass
class Hand:
    """How somebody writes YAML."""

    rng: random.Random
    step: int
    dash: int
    quote: str
    newline: str
    comments: float
    blanks: float
    flow: float

    @classmethod
    def of(cls, rng: random.Random) -> "Hand":
        return cls(
            rng,
            step=rng.choice((1, 2, 2, 2, 3, 4, 8)),
            dash=rng.choice((0, 0, 2, 1)),
            quote=rng.choice(("'", '"')),
            newline=rng.choice(("\n", "\n", "\n", "\r\n")),
            comments=rng.choice((0, 0.1, 0.5)),
            blanks=rng.choice((0, 0.1, 0.6)),
            flow=rng.choice((0, 0.3, 0.8)),
        )

    def write(self, value: dict[str, Any]) -> str:
        lines: list[str] = []
        if self.rng.random() < 0.4:
            lines += ["# the head of the file", *([""] if self.rng.random() < 0.5 else [])]
        self._mapping(lines, value, 0)
        if self.rng.random() < 0.2:
            lines += ["", "# the last word"]
        text = self.newline.join(lines)
        if self.rng.random() < 0.85:
            text += self.newline
        return ("\ufeff" if self.rng.random() < 0.1 else "") + text

    def _mapping(self, lines: list[str], value: dict[str, Any], indent: int, first: str | None = None) -> None:
        for number, (key, item) in enumerate(value.items()):
            if number or first is None:
                self._around(lines, indent)
            head = (first if first is not None and not number else " " * indent) + self._scalar(key) + ":"
            self._entry(lines, head, item, indent)

    def _entry(self, lines: list[str], head: str, item: Any, indent: int) -> None:
        if item is None and self.rng.random() < 0.5:
            lines.append(head + self._comment())
        elif not is_collection(item) or not item or self.rng.random() < self.flow:
            if isinstance(item, str) and self.rng.random() < 0.15 and _fits_block(item):
                lines.append(f"{head} |-{self._comment()}")
                lines.extend(f"{' ' * (indent + self.step)}{line}" for line in item.split("\n"))
            else:
                lines.append(f"{head} {self._inline(item)}{self._comment()}")
        elif isinstance(item, dict):
            lines.append(head + self._comment())
            self._mapping(lines, item, indent + self.step)
        else:
            lines.append(head + self._comment())
            for each in item:
                dash = indent + self.dash
                self._around(lines, dash)
                self._item(lines, each, dash)

    def _item(self, lines: list[str], item: Any, dash: int, before: str = "") -> None:
        """`before` are the dashes of the sequences that begin on the same line."""
        start = (before or " " * dash) + "-"
        if isinstance(item, dict) and item and self.rng.random() < 0.2:
            lines.append(start + self._comment())
            self._mapping(lines, item, dash + self.step)
        elif isinstance(item, dict) and item:
            self._mapping(lines, item, dash + 2, f"{start} ")
        elif isinstance(item, list) and item and self.rng.random() < 0.5:
            for number, each in enumerate(item):
                self._item(lines, each, dash + 2, "" if number else f"{start} ")
        else:
            lines.append(f"{start} {self._inline(item)}{self._comment()}")

    def _around(self, lines: list[str], indent: int) -> None:
        if self.rng.random() < self.blanks and lines:
            lines.append("")
        if self.rng.random() < self.comments:
            where = self.rng.choice((indent, indent, indent + 3, 0))
            lines.append(f"{' ' * where}# {self.rng.choice(WORDS)}")

    def _comment(self) -> str:
        return (
            f"{' ' * self.rng.randint(1, 4)}# why: {self.rng.choice(WORDS)}"
            if self.rng.random() < self.comments
            else ""
        )

    def _scalar(self, value: Any) -> str:
        if isinstance(value, str) and self.rng.random() < 0.3:
            return quote_text(value, self.quote)
        return format_scalar(value, self.quote)

    def _inline(self, value: Any) -> str:
        if is_collection(value) or not isinstance(value, str):
            space = self.rng.choice(("", " ")) if isinstance(value, dict) and value else ""
            text = format_in_flow(value, self.quote)
            return text if not space else f"{{ {text[1:-1]} }}"
        return self._scalar(value)


def _fits_block(text: str) -> bool:
    return bool(text) and text[0] != " " and text.isprintable()


def random_value(rng: random.Random, depth: int = 3) -> Any:
    kind = rng.random()
    if depth == 0 or kind < 0.45:
        return rng.choice((*WORDS, 0, 7, -3, Decimal("0.15"), Decimal("3.0"), True, None))
    if kind < 0.75:
        return random_mapping(rng, depth - 1)
    return [random_value(rng, depth - 1 if rng.random() < 0.5 else 0) for _ in range(rng.randint(0, 4))]


def random_mapping(rng: random.Random, depth: int = 3, least: int = 0) -> dict[str, Any]:
    keys = rng.sample(KEYS, rng.randint(least, 5))
    return {key: random_value(rng, depth) for key in keys}


def places(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    found = [(path, value)]
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in steps:
        found += places(item, (*path, step))
    return found


def random_operation(rng: random.Random, value: Any) -> Operation:
    path, here = rng.choice(places(value))
    choice = rng.random()
    if isinstance(here, dict) and choice < 0.5:
        free = [key for key in KEYS if key not in here]
        return Add(path, rng.choice(free), random_value(rng, 2), rng.choice(((), ORDER)))
    if isinstance(here, list) and choice < 0.5:
        return AddItem(path, random_value(rng, 1), rng.choice((None, rng.randint(0, len(here)))))
    if not path:
        return random_operation(rng, value)
    if choice < 0.7:
        return Remove(path)
    if choice < 0.8 and isinstance(path[-1], str):
        owner: Any = value
        for step in path[:-1]:
            owner = owner[step]
        free = [key for key in KEYS if key not in owner]
        return Rename(path, rng.choice(free)) if free else Remove(path)
    return Set(path, random_value(rng, 2))
