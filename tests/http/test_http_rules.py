"""What an answer's headers and an address allow."""

from urllib.parse import urlsplit

import pytest

from registry_cli.http.rules import error_words, may_follow, may_send_key


@pytest.mark.parametrize(
    ("here", "there", "with_key", "without_key"),
    [
        ("https://a.example/x", "https://a.example/y", True, True),
        ("https://a.example", "https://a.example:443/y", True, True),
        ("http://a.example", "https://a.example/y", True, True),  # the same host, only safer
        ("http://a.example:80", "https://a.example:443/y", True, True),
        ("http://a.example", "https://b.example/y", False, True),
        ("http://a.example", "https://a.example:8443/y", False, True),
        ("http://a.example:8080", "https://a.example/y", False, True),
        ("https://a.example", "https://b.example/y", False, True),
        ("https://a.example", "https://a.example:8443/y", False, True),
        ("https://a.example", "https://a.example.evil.example/", False, True),
        ("https://a.example", "http://a.example/y", False, False),
        ("http://a.example", "http://b.example/y", False, False),
        ("http://a.example", "http://a.example:8080/y", False, False),
        ("https://a.example", "https://169.254.169.254/latest", False, False),
        ("https://a.example", "https://0xa9fea9fe/latest", False, False),
        ("https://a.example", "https://[::ffff:169.254.169.254]/latest", False, False),
    ],
)
def test_where_a_redirect_is_followed(here, there, with_key, without_key):
    assert may_follow(urlsplit(here), urlsplit(there), with_key=True) == with_key
    assert may_follow(urlsplit(here), urlsplit(there), with_key=False) == without_key


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://anything.example", True),
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://gpu-box:8000", True),
        ("http://192.168.1.5", True),
        ("http://[::1]:8000", True),
        ("http://api.openai.com", False),
        ("http://8.8.8.8", False),
        ("http://134744072", False),
        ("http://0x08080808", False),
        ("http://010.8.8.8", False),
        ("http://8.526344", False),
        ("http://[::ffff:8.8.8.8]", False),
        ("http://[2001:4860:4860::8888]", False),
    ],
)
def test_a_key_goes_in_clear_to_a_near_machine_alone(url, may):
    assert may_send_key(urlsplit(url)) == may


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"error": {"message": "no model"}}', "no model"),
        (b'{"error": "no model"}', "no model"),
        (b'{"message": "no model", "detail": "x"}', "no model"),
        (b'{"error": {"code": 7}}', ""),
        (b'{"data": "x"}', ""),
        (b'{"error": ["x"]}', ""),
        (b'["message"]', ""),
        (b"plain text", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_only_the_words_of_an_error_are_taken(body, words):
    assert error_words(body) == words
