"""A key is found again in whatever an upstream makes of it."""

from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest

from registry_cli.core.text.secrets import REDACTED, SecretKey, redact_keys

VALUES = ["canary/key+0123456789=abcdef~XYZ", "sk-proj-0123456789abcdef", "k" * 16, "k" * 17, "k" * 18]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
@pytest.mark.parametrize("before", range(7))
@pytest.mark.parametrize("after", range(4))
def test_base64_of_a_longer_text_holds_the_key(value, encode, before, after):
    """What stands before and after the key moves its bits; the letters around it are arbitrary."""
    key = SecretKey("ACME_API_KEY", value)
    for around in (b"\0", b"\xff", b":"):
        data = encode(around * before + value.encode() + around * after)
        assert key.is_in(data)
        assert REDACTED in redact_keys(data.decode(), [key])


def test_base64_of_another_text_does_not():
    key = SecretKey("ACME_API_KEY", VALUES[1])
    for before in range(7):
        assert not key.is_in(b64encode(b"x" * before + b"another text of about this length"))


@pytest.mark.parametrize("value", VALUES)
def test_other_forms(value):
    key = SecretKey("ACME_API_KEY", value)
    forms = (
        value,
        quote(value, safe=""),
        quote(value, safe="").lower(),
        value.encode().hex(),
        value.replace("/", "\\/"),
    )
    for form in forms:
        assert key.is_in(f"before {form} after".encode())
        assert form not in redact_keys(f"before {form} after", [key])
