"""API keys: held so that they do not print, and found again in whatever an upstream sends back."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

REDACTED = "[redacted]"
_FIRST, _LAST = "!", "~"  # the characters of ASCII that print, without the space
_SEARCHED = 16  # characters; every provider's keys are longer, and a shorter word may stand in an answer by chance


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A secret and the environment variable that it came from. Its `repr` names the variable alone."""

    variable: str
    value: str = field(repr=False)

    def is_usable(self) -> bool:
        """Whether it can stand in a header: printable ASCII, and no space or line break anywhere."""
        return bool(self.value) and all(_FIRST <= letter <= _LAST for letter in self.value)

    def is_in(self, data: bytes) -> bool:
        """Whether an answer repeats the key, plainly or encoded. Words too short to be a secret are not looked for."""
        return len(self.value) >= _SEARCHED and any(form.encode() in data for form in self._forms())

    def _forms(self) -> Iterator[str]:
        yield self.value
        yield quote(self.value, safe="")
        yield quote_plus(self.value, safe="")
        yield quote(self.value, safe="").lower()
        yield "".join(f"%{byte:02X}" for byte in self.value.encode())
        yield self.value.encode().hex()
        yield self.value.replace("/", "\\/")  # as some writers of JSON have it
        for encode in (b64encode, urlsafe_b64encode):
            for before in range(3):  # what precedes it in a longer text moves the bits
                whole = encode(b"\0" * before + self.value.encode()).decode().rstrip("=")
                yield whole[4 if before else 0 : -1]


def redact(text: str, keys: Iterable[SecretKey]) -> str:
    """The text with every key in it, in whatever form, replaced by `[redacted]`."""
    forms = {form for key in keys if key.value for form in key._forms() if form}  # noqa: SLF001  # of this module
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, REDACTED)
    return text


def shown(text: str | bytes, keys: Iterable[SecretKey] = (), length: int = 80) -> str:
    """The beginning of a foreign text for people: without keys, escaped, in quotes."""
    if isinstance(text, bytes):
        text = text.decode(errors="replace")
    return ascii(redact(text, keys)[:length])
