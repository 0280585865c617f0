"""Characters that a text of the catalog must not hold, and how they are shown where they turn up all the same."""

import re

# Control characters, line breaks to libyaml that are none to editors, and the overrides that make a text
# read otherwise than it is stored (Trojan Source). A byte order mark is legal at the very start only.
UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)

_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t"})


def escaped(text: str) -> str:
    """A text that is safe on a screen: what `read` refuses is shown as an escape."""
    return UNSAFE.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode(), text)


def one_line(text: str) -> str:
    """A text that is safe on a screen and stays in its line."""
    return escaped(text).translate(_BREAKS)
