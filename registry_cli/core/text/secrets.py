"""API keys that do not print, and that are found in the answers of a source."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

REDACTED = "[redacted]"
_FIRST, _LAST = "!", "~"  # the characters of ASCII that print, without the space
_SEARCHED = 16  # characters; every provider's keys are longer, and an answer may contain a shorter word by chance


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A secret and the environment variable that it came from. Its `repr` names the variable alone."""

    variable: str
    value: str = field(repr=False)

    def is_usable(self) -> bool:
        """Return whether a header can hold it: printable ASCII without spaces and line breaks."""
        return bool(self.value) and all(_FIRST <= letter <= _LAST for letter in self.value)

    def is_in(self, data: bytes) -> bool:
        """Return whether an answer contains the key, plain or encoded. Values shorter than any key are not searched."""
        return len(self.value) >= _SEARCHED and any(form.encode() in data for form in self._encoded_forms())

    def _encoded_forms(self) -> Iterator[str]:
        yield self.value
        yield quote(self.value, safe="")
        yield quote_plus(self.value, safe="")
        yield quote(self.value, safe="").lower()
        yield "".join(f"%{byte:02X}" for byte in self.value.encode())
        yield self.value.encode().hex()
        yield self.value.replace("/", "\\/")  # as some JSON encoders write it
        for encode in (b64encode, urlsafe_b64encode):
            for before in range(3):  # text before the key shifts the bits
                whole = encode(b"\0" * before + self.value.encode()).decode().rstrip("=")
                yield whole[4 if before else 0 : -1]


def redact_keys(text: str, keys: Iterable[SecretKey]) -> str:
    """Return the text with every key in it, plain or encoded, replaced by `[redacted]`."""
    forms = {form for key in keys if key.value for form in key._encoded_forms() if form}  # noqa: SLF001  # of this module
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, REDACTED)
    return text


def quote_redacted(text: str | bytes, keys: Iterable[SecretKey] = (), length: int = 80) -> str:
    """Return the first `length` characters of a text from outside for a message: without keys, escaped, in quotes."""
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    return ascii(redact_keys(text, keys)[:length])
