"""One spelling for each host, however it is written."""

import pytest

from registry_cli.core.trust.hosts import (
    is_internal,
    is_link_local,
    is_loopback,
    normalize_host,
    parse_place,
    place_of,
    split_address,
)

PUBLIC = [
    "134744072",
    "0x08080808",
    "0X8.0x8.0x8.0x8",
    "010.8.8.8",
    "8.8.2056",
    "8.526344",
    "8.8.8.8.",
    "::ffff:8.8.8.8",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_every_form_of_an_ipv4_address_is_that_address(text):
    assert normalize_host(text) == "8.8.8.8"
    assert not is_internal(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("API.OpenAI.com", "api.openai.com"),
        ("api.openai.com.", "api.openai.com"),
        ("api.\u043epenai.com", "api.xn--penai-iye.com"),
        ("\uff41pi.openai.com", "api.openai.com"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("\uff11\uff12\uff17.0.0.1", "127.0.0.1"),
        ("0", "0.0.0.0"),  # noqa: S104  # read, not bound
        ("0000000000000000000000000177.1", "127.0.0.1"),
        ("FE80::0001", "fe80::1"),
        ("gpu_box", "gpu_box"),
        ("0xdead.example", "0xdead.example"),
    ],
)
def test_a_host_has_one_spelling(text, host):
    assert normalize_host(text) == host


@pytest.mark.parametrize(
    "text",
    ["", ".", "a..b", "1.2.3.4.5", "256.1.1.1", "08.1.1.1", "4294967296", "1.1.1.0x", "api%2eopenai.com", "a b", "a\\b",
     "x" * 64, "api.openai.com\0", "*", "8" * 5000],
)  # fmt: skip
def test_what_is_no_host(text):
    if text == "1.1.1.0x":
        assert normalize_host(text) == "1.1.1.0"
        return
    with pytest.raises(ValueError, match=r"not a host|label"):
        normalize_host(text)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://A.example/x", "a.example"),
        ("https://a.example:443", "a.example"),
        ("https://a.example:8443", "a.example:8443"),
        ("http://a.example", "a.example:80"),
        ("http://a.example:443", "a.example:443"),
        ("https://[::1]/", "[::1]"),
        ("http://[::1]:8000/", "[::1]:8000"),
        ("https://user:word@b.example/", "b.example"),
        ("https://[::ffff:8.8.8.8]/", "8.8.8.8"),
    ],
)
def test_a_place_is_a_host_and_a_port_that_is_not_that_of_https(url, place):
    assert place_of(split_address(url)) == place


@pytest.mark.parametrize(
    "url",
    ["", "a.example", "ftp://a.example", "https://", "https:///x", "https://a.example:port", "https://a.example:99999",
     "https://[::1", "https://a.example\\@b.example.c\\", "https://a\u2100b.example", "https://\u3002"],
)  # fmt: skip
def test_what_is_no_address_is_not_repeated(url):
    with pytest.raises(ValueError, match=r"it has no valid host|it is no http or https address"):
        split_address(url)


@pytest.mark.parametrize(
    "text", ["a.example/x", "user@a.example", "a.example?x", "a example", "*.example", "a:b:c", ""]
)
def test_a_user_names_a_host_and_nothing_else(text):
    with pytest.raises(ValueError, match=r"."):
        parse_place(text)


def test_which_hosts_are_near():
    assert [is_loopback(host) for host in ("localhost", "LOCALHOST.", "127.9.9.9", "::1", "127.0.0.1.example")] == [
        True, True, True, True, False,
    ]  # fmt: skip
    assert [is_link_local(host) for host in ("169.254.169.254", "2852039166", "fe80::1", "10.0.0.1", "a.example")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert [is_internal(host) for host in ("10.0.0.1", "gpu-box", "::1", "8.8.8.8", "a.example", "134744072")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("64:ff9b::a9fe:a9fe", True),  # 169.254.169.254 behind a NAT64 gateway
        ("64:ff9b::169.254.1.2", True),
        ("64:ff9b::808:808", False),
        ("64:ff9c::a9fe:a9fe", False),
    ],
)
def test_a_link_local_address_is_one_behind_a_gateway_too(host, expected):
    assert is_link_local(host) is expected
