"""Resolves plain scalars by YAML 1.2's core schema, with exact numbers.

Integers become `int`, other numbers `Decimal`, so that `0.1` stays a tenth. Dates stay text, as in YAML 1.2.
Numbers that readers disagree about (`012`, `0o17`, `1_000`) are faults, not guesses.
"""

import re
from decimal import Decimal

_CONSTANTS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
# Each is a number to some YAML readers, and something else or another number to others.
_DISPUTED = re.compile(
    r"[-+]?(?:0[0-9_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+|[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?|0[0-9]+\.[0-9]*)"
)
# A YAML 1.1 reader (PyYAML, Ruby's Psych, Go's yaml.v2) gives these another value than YAML 1.2.
_MISREAD = re.compile(
    r"(?:y|Y|n|N|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)?"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)[eE][0-9]+"
    r"|="
)
_SUSPECT = frozenset("yYnNoO=+-.0123456789")
_NUMERIC_START = frozenset("+-.0123456789")
_DIGITS = 40
_EXPONENT = 30

type_names = {bool: "a boolean", int: "an integer", Decimal: "a number", type(None): "null"}


class ScalarFault(Exception):  # noqa: N818  # a fault to report, not a failure of the program
    """A plain scalar that is refused; with `value` the reading can continue."""

    def __init__(self, code: str, message: str, value: object) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.value = value


def resolve_scalar(text: str) -> str | int | Decimal | bool | None:
    """Return the value of a plain scalar. Raises `ScalarFault` for `number-form` and `number-range`."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in _NUMERIC_START:
        return text
    if _INTEGER.fullmatch(text):
        if len(text) > _DIGITS:
            raise ScalarFault("number-range", f"{_shorten_text(text)} has {len(text)} digits; at most {_DIGITS}", 0)
        return int(text)
    if _DISPUTED.fullmatch(text):
        raise _disputed_number(text)
    if _DECIMAL.fullmatch(text):
        return _exact_number(text)
    if _NOT_FINITE.fullmatch(text):
        raise ScalarFault("number-range", f"{text} is not a finite number", 0)
    return text


def is_misread(text: str) -> bool:
    """Return whether a YAML 1.1 reader gives this plain scalar another value than YAML 1.2 does."""
    return text[:1] in _SUSPECT and _MISREAD.fullmatch(text) is not None


def _exact_number(text: str) -> Decimal:
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > _DIGITS or len(exponent) > 4:  # noqa: PLR2004  # a sign and three digits, before int()
        raise ScalarFault("number-range", f"{_shorten_text(text)} has too many digits", 0)
    number = Decimal(text)
    if number and not -_EXPONENT <= number.adjusted() <= _EXPONENT:
        raise ScalarFault("number-range", f"{text} is out of range (1e-{_EXPONENT} to 1e{_EXPONENT})", 0)
    return number


def _disputed_number(text: str) -> ScalarFault:
    plain = text.replace("_", "")
    unsigned = plain.lstrip("+-")
    sign = "-" if text.startswith("-") else ""
    base = {"0o": 8, "0x": 16, "0b": 2}.get(unsigned[:2])
    if len(plain) > _DIGITS:
        return ScalarFault("number-range", f"{_shorten_text(text)} has too many digits", 0)
    if base:
        value: int | Decimal = int(unsigned[2:] or "0", base)
        written = str(value)
    elif "." in unsigned:
        value, written = Decimal(unsigned), unsigned.lstrip("0") or "0"
        written = written if written[0] != "." else f"0{written}"
    else:
        value = int(unsigned or "0")
        written = str(value)
    message = f"readers disagree about the number {text}: write {sign}{written} (or quote it, if it is text)"
    return ScalarFault("number-form", message, -value if sign else value)


def _shorten_text(text: str) -> str:
    return text if len(text) <= _DIGITS else f"{text[:16]}..."
