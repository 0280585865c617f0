"""Characters that must not reach a screen or a catalog, and how they are shown instead."""

import re

_CONTROL = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff"
_REORDERING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_MARK = "\ufeff"  # a byte order mark, legal at the very start only
# All of Unicode's format characters (Cf), others that are drawn as nothing (fillers, the blank Braille pattern, joiners
# of no script), and the tag characters, which can spell whole IDs.
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
# Every character that cannot be seen. A file may hold one, for example in a comment; no ID or name should.
INVISIBLE = re.compile(f"[{_INVISIBLE}]|{_SELECTOR}")
HIDDEN = re.compile(f"[{_CONTROL}]|{INVISIBLE.pattern}")

_BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t"})


def escaped(text: str) -> str:
    """Return a text that is safe on a screen: invisible characters become escapes."""
    if text.isascii() and text.isprintable():
        return text
    return HIDDEN.sub(lambda match: match[0].encode("unicode_escape", "surrogatepass").decode(), text)


def one_line(text: str) -> str:
    """Return a text that is safe on a screen and stays on one line."""
    return escaped(text).translate(_BREAKS)


def hidden_character(text: str) -> str | None:
    """Return the first invisible character of an ID or a name, as `U+200B`; None if there is none."""
    if text.isascii() and text.isprintable():
        return None
    found = HIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None
