"""Characters that a text of the catalog must not hold, and how they are shown where they turn up all the same."""

import re

_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff"
_REORDERING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_MARK = "\ufeff"  # a byte order mark, legal at the very start only
# All of Unicode's format characters (Cf), what else is drawn as nothing (fillers, the blank Braille pattern, joiners
# of no script's own), and the tag characters, of which whole ids can be made.
_INVISIBLE = (
    "\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# A variation selector chooses how a symbol is drawn (an emoji or not); after anything else it is drawn as nothing.
_SELECTOR = "(?<![\xa9\xae\u2000-\u33ff\U0001f000-\U0001faff])[\ufe00-\ufe0f]"

# Control characters, line breaks to libyaml that are none to editors, and the overrides that make a text
# read otherwise than it is stored (Trojan Source). A file that holds one is refused.
UNSAFE = re.compile(f"[{_CONTROL}{_REORDERING}{_MARK}]")
# Those, and every other character that cannot be seen. A file may hold one, say in a comment; no id or name should.
INVISIBLE = re.compile(f"[{_INVISIBLE}]|{_SELECTOR}")
HIDDEN = re.compile(f"[{_CONTROL}]|{INVISIBLE.pattern}")

_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t"})


def escape_text(text: str) -> str:
    """A text that is safe on a screen: what cannot be seen is shown as an escape."""
    if text.isascii() and text.isprintable():
        return text
    return HIDDEN.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode(), text)


def one_line(text: str) -> str:
    """A text that is safe on a screen and stays in its line."""
    return escape_text(text).translate(_BREAKS)


def hidden_character(text: str) -> str | None:
    """The first character of an id or a name that cannot be seen, as `U+200B`; None where all can."""
    if text.isascii() and text.isprintable():
        return None
    found = HIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None
