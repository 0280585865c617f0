"""What upstreams may answer, rows H1 to H21 of the list of bad input: real sockets, and a key that nobody may see."""

import base64
import gzip
import json
import random
import shutil
import socket
import ssl
import subprocess
import time
import tracemalloc
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote

import pytest

from registry_cli.cli import main
from registry_cli.commands.sync.fetch import Asking, fetch_answers
from registry_cli.http import Limits
from tests.support.http_server import listing, reply, trusting, upstream, zipped

CANARY = "canary/key+0123456789=abcdef~XYZ"
FORMS = [
    CANARY,
    quote(CANARY, safe=""),
    base64.b64encode(CANARY.encode()).decode(),
    base64.urlsafe_b64encode(CANARY.encode()).decode(),
    base64.b64encode(f"Bearer {CANARY}".encode()).decode()[12:-4],
    CANARY[:20],
]
QUICK = Limits(deadline=5, bytes=1 << 20, requests=8, attempts=3, wait=2, pause=0.01, connect=2)
ECHO = " ".join(FORMS).encode()
KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "gemini": "GEMINI_API_KEY", "xai": "XAI_API_KEY"}


class World:
    """Asks sources on loopback with the canary as their key, and remembers all that could be seen of it."""

    def __init__(self, folder):
        self.folder, self.seen = folder, []
        self.environ = {"LLMREG_CACHE": str(folder / "cache"), **dict.fromkeys(KEYS.values(), CANARY)}

    def ask(self, source, url, limits=QUICK, **environ):
        return self.ask_all([(source, url)], limits, **environ)[0]

    def ask_all(self, pairs, limits=QUICK, **environ):
        trust = ",".join(trusting(url, *KEYS.values()) for _, url in pairs)
        given = {**self.environ, "LLMREG_TRUST": trust, **environ}
        how = Asking(environ=given, limits=limits, record=self.folder / "recorded")
        try:
            answers = fetch_answers([(source, source, {"api": {"base_url": url}}) for source, url in pairs], how)
        except BaseException as error:
            self.seen.append(repr(error))
            raise
        self.seen += map(repr, answers)
        return answers

    def failure(self, source, answering, limits=QUICK, **environ):
        """The failure of a source that is answered so; that it has no observations, and how often it was asked."""
        with upstream(answering) as server:
            answer = self.ask(source, server.url, limits, **environ)
            self.times = [asked.at for asked in server.asked]
        assert answer.observations is None
        assert answer.failure.source == source
        assert "\n" not in answer.failure.message
        return answer.failure

    def models(self, source, body, **headers):
        with upstream(lambda _: reply(body, **headers)) as server:
            answer = self.ask(source, server.url)
        assert answer.failure is None, answer.failure
        return {model.id: model for model in answer.observations.providers[0].models}, answer.observations.notes


@pytest.fixture
def world(tmp_path, capfd):
    world = World(tmp_path)
    yield world
    out, err = capfd.readouterr()
    files = [path.read_bytes().decode(errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
    for text in [*world.seen, *files, out, err, *map(str, tmp_path.rglob("*"))]:
        assert not [form for form in FORMS if form in text], text


@pytest.mark.parametrize(
    "answer",
    [
        reply(b'{"data": [{"id": "a"}, {"id"'),
        reply(b'{"data": [{"id": "a"}]}', length=500),
        reply(b'{"data": [{"id": "a"}', Content_Length=None),
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"data": ',
        b"HTTP/1.1 200 OK\r\nContent-Type: app",
        b"",
    ],
)
def test_h1_a_truncated_answer(world, answer):
    assert world.failure("openai", lambda _: answer).kind in {"unreadable", "unreachable"}


@pytest.mark.parametrize("kind", ["text/html", "application/json", "image/png", None])
def test_h2_html_instead_of_json(world, kind):
    echo = ECHO if kind in {"text/html", "image/png"} else b""  # as JSON it would be refused for that alone
    page = b"<html>\x1b[31m\r\n" + echo + b" and so on" * 100
    failure = world.failure("openai", lambda _: reply(page, Content_Type=kind))
    assert "not JSON but" in failure.message or "an HTML page" in failure.message
    assert f"of {len(page):,} bytes" in failure.message
    assert "<html>" not in failure.message  # nothing of it is quoted: it may be anybody's page
    assert "and so on" not in failure.message
    assert len(failure.message) < 250


def test_h2_json_under_another_type(world):
    failure = world.failure("openai", lambda _: reply(listing("a"), Content_Type="text/html; charset=utf-8"))
    assert "not JSON but 'text/html'" in failure.message


def test_h3_a_gzip_bomb(world):
    bomb = zipped(bytes(200 << 20))
    tracemalloc.start()
    failure = world.failure("openai", lambda _: bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "more than 1 MiB" in failure.message
    assert peak < 16 << 20


def test_h4_the_bound_is_of_the_decoded_answer(world):
    """Names that hardly shrink: as they come and decoded they are more than 1 MiB together, and each is less."""
    rng = random.Random(4)
    rows = [f"{rng.getrandbits(2000):x}"[:250] for _ in range(3_500)]
    body = json.dumps(listing(*rows)).encode()
    assert (1 << 20) - 100_000 < len(body) < 1 << 20
    assert len(gzip.compress(body)) > 400_000
    with upstream(lambda _: zipped(body)) as server:
        assert world.ask("openai", server.url).observations.model_count() == 3_500
    assert "more than 1 MiB" in world.failure("openai", lambda _: zipped(body + b" " * 100_000)).message


def test_h4_more_values_or_models_than_any_list_has(world):
    many = Limits(deadline=30, bytes=16 << 20, attempts=1)
    values = world.failure("openai", lambda _: reply(b"[" + b"{}," * 1_300_000 + b"{}]"), many)
    models = world.failure("openai", lambda _: reply(listing(*map(str, range(10_001)))), many)
    assert values.message.endswith("more than 1,200,000 values, which is no list of models")
    assert models.message.endswith("a list of 10,001 models; at most 10,000 are read")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b'{"data": [{"id": "a', "not JSON: a text has no closing quote (line 1, column 18), of 19 bytes"),
        (b'{"data": [\n{"id": ' + b"1" * 5000, "not JSON: a number of more than 4,300 digits, of 5,018 bytes"),
        (b'{"data": 5}', "an answer without a list of models (`data`)"),
        (b'{"data": [}', "not JSON: a value is missing (line 1, column 11), of 11 bytes"),
    ],
)
def test_an_answer_that_cannot_be_read_names_its_host(world, body, fault):
    with upstream(lambda _: reply(body)) as server:
        failure = world.ask("openai", server.url).failure
        assert failure.message == f"127.0.0.1:{server.server_address[1]}: {fault}"


def test_h3_gzip_in_order_and_out_of_it(world):
    models, _ = world.models("openai", json.loads(json.dumps(listing("a"))))
    assert list(models) == ["a"]
    with upstream(lambda _: zipped(json.dumps(listing("a")).encode())) as server:
        assert world.ask("openai", server.url).observations.model_count() == 1
    assert "corrupt" in world.failure("openai", lambda _: reply(b"\x1f\x8bno gzip", Content_Encoding="gzip")).message
    whole = zipped(json.dumps(listing(*map(str, range(999)))).encode())
    head, _, body = whole.partition(b"\r\n\r\n")
    head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length"))
    cut = head + b"\r\n\r\n" + body[:-20]
    assert "ends too early" in world.failure("openai", lambda _: cut).message
    strange = world.failure("openai", lambda _: reply(b"x", Content_Encoding="br"))
    assert "not asked for" in strange.message


def test_h4_a_body_without_end(world):
    def endless(_):
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
        while True:
            yield b" " * 65536

    assert "more than 1 MiB" in world.failure("openai", endless).message


@pytest.mark.parametrize("where", ["head", "body", "nothing"])
def test_h4_an_endless_drip(world, where):
    def drip(_):
        if where == "nothing":
            time.sleep(4)
            return
        yield b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + (b"\r\n" if where == "body" else b"X-Slow: ")
        for _ in range(40):
            yield b" "
            time.sleep(0.1)

    started = time.monotonic()
    failure = world.failure("openai", drip, Limits(deadline=0.7))
    assert time.monotonic() - started < 2
    assert failure.kind == "unreachable"
    assert "no whole answer within 0.7 s" in failure.message


@pytest.mark.parametrize(
    ("source", "header"), [("openai", "authorization"), ("anthropic", "x-api-key"), ("gemini", "x-goog-api-key")]
)
def test_h5_a_redirect_to_another_host(world, source, header):
    with upstream(lambda _: reply(listing("stolen"))) as thief:
        failure = world.failure(source, lambda _: reply(b"", 302, Location=f"{thief.url}/models?key={CANARY}"))
    assert "not followed" in failure.message
    assert thief.asked == []


def test_h5_a_redirect_at_the_same_host_keeps_the_key(world):
    def answering(asked):
        return reply(b"", 308, Location="/moved") if asked.path != "/moved" else reply(listing("a"))

    with upstream(answering) as server:
        assert world.ask("openai", server.url).observations.model_count() == 1
        assert [asked.headers["authorization"] for asked in server.asked] == [f"Bearer {CANARY}"] * 2
    assert "without end" in world.failure("openai", lambda _: reply(b"", 302, Location="/models?again")).message


@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl to make a certificate with")
def test_h5_https_to_http(world, tmp_path, monkeypatch):
    certificate, key = tmp_path / "c.pem", tmp_path / "k.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        key,
        "-out",
        certificate,
    ]
    subprocess.run([*made, *subject], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with upstream(lambda _: reply(listing("a"))) as plain:
        location = plain.url
        options = {"wrap": lambda raw: context.wrap_socket(raw, server_side=True), "scheme": "https"}
        with upstream(lambda _: reply(b"", 301, Location=location), **options) as server:
            answer = world.ask("openai", server.url)
            assert len(server.asked) == 1
        assert "not followed" in answer.failure.message
        assert plain.asked == []


def test_h6_pages_without_end(world):
    def more(asked):
        last = asked.path.rpartition("=")[2]
        return reply({"data": [{"id": f"m{last}"}], "has_more": True, "last_id": f"{last}1"})

    failure = world.failure("anthropic", more)
    assert "more than 8 pages" in failure.message
    assert len(world.times) == 8


def test_h6_a_repeated_cursor(world):
    failure = world.failure("gemini", lambda _: reply({"models": [], "nextPageToken": "same"}))
    assert "already read" in failure.message
    assert len(world.times) == 2


@pytest.mark.parametrize("place", ["{}/models", "//127.0.0.2:{}/models", "ftp://x/", "https://[::1"])
def test_h6_the_next_page_at_another_host(world, place):
    with upstream(lambda _: reply(listing("a"))) as other:
        following = place.format(other.url if place.startswith("{}") else other.server_address[1])
        failure = world.failure("openrouter", lambda _: reply({"data": [], "links": {"next": following}}))
    assert other.asked == []
    assert failure.kind in {"unreadable", "unreachable"}


def test_h7_page_two_fails(world):
    def answering(asked):
        if "after_id" in asked.path:
            return reply(b"oops " + ECHO, 500)
        return reply({"data": [{"id": "claude-a", "display_name": "A"}], "has_more": True, "last_id": "claude-a"})

    failure = world.failure("anthropic", answering)
    assert "500" in failure.message
    assert not (world.folder / "recorded" / "anthropic.json").exists()


def test_h8_the_same_id_twice(world):
    rows = [
        {"id": "same", "context_window": 10},
        {"id": "same", "context_window": 10},
        {"id": "differs", "context_window": 10},
        {"id": "differs", "context_window": 20},
        {"id": "differs", "context_window": 10},
        {"id": "other"},
    ]
    models, notes = world.models("groq", listing(*rows))
    assert set(models) == {"same", "other"}
    assert [(note.model, note.reason) for note in notes] == [("differs", "listed more than once, with different facts")]


def test_h8_keys_twice_in_one_object(world):
    body = b'{"data": [{"id": "a", "id": "a"}, {"id": "b", "context_window": 1, "context_window": 2}, {"id": "c"}]}'
    models, notes = world.models("groq", body)
    assert set(models) == {"a", "c"}
    assert [note.value for note in notes] == ["b"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": [{"id": "a", "context_window": NaN}]}',
        b'{"data": [{"id": "a", "context_window": -Infinity}]}',
        b'{"data": [{"id": "\\ud800"}]}',
        b'{"data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"data": [{"id": "a", "context_window": 1' + b"0" * 5000 + b"}]}",
        b'{"data": [{"id": "\xff"}]}',
    ],
    ids=["nan", "infinity", "surrogate", "deep", "huge", "encoding"],
)
def test_h9_json_that_is_none(world, body):
    assert world.failure("groq", lambda _: reply(body)).kind == "unreadable"


@pytest.mark.parametrize("number", ["1e999999999", "-5", "1.5", '"many"', "1" + "0" * 400, "true", "[1]", '{"a": 1}'])
def test_h9_numbers_that_are_no_limits(world, number):
    body = f'{{"data": [{{"id": "a", "context_window": {number}}}]}}'.encode()
    models, notes = world.models("groq", body)
    assert dict(models["a"].facts) == {}
    assert [note.field for note in notes] == ["context_window"]


def test_h10_a_negative_price(world):
    row = {"id": "o/auto", "pricing": {"prompt": "-1", "completion": "-1", "request": "-0.5"}}
    models, notes = world.models("openrouter", {"data": [row]})
    assert "pricing" not in models["o/auto"].facts
    assert {note.reason for note in notes} == {"a negative price is an unknown one"}


@pytest.mark.parametrize(
    "pricing", [{}, {"prompt": "", "completion": ""}, {"prompt": None}, None, "free", {"prompt": "x"}]
)
def test_h11_a_missing_price_is_not_free(world, pricing):
    models, _ = world.models("openrouter", {"data": [{"id": "o/m", "pricing": pricing}]})
    assert "pricing" not in models["o/m"].facts


def test_h11_half_a_price_is_half_known(world):
    models, _ = world.models(
        "openrouter", {"data": [{"id": "o/m", "pricing": {"prompt": "0.000001", "completion": ""}}]}
    )
    assert models["o/m"].facts["pricing"] == {"input": 1}


def test_h14_ids_that_are_paths_or_screens(world):
    bad = [
        "../../etc/passwd",
        "a/../b",
        "/etc/x",
        "..",
        "a\\b",
        "nul\0",
        "\x1b[31mred",
        "\x9b1m",
        "a\nb",
        " a",
        "",
        "x" * 300,
    ]
    good = ["[bold]x", "[link=http://x]y", "org/model:free", "~org/x-latest", "a..b"]
    models, notes = world.models("groq", listing(*bad, *good, {"object": "model"}, {"id": 7}, "\u202eevil"))
    assert set(models) == set(good)
    assert len(notes) == len(bad) + 3
    assert not any(character in str(note) for note in notes for character in "\x1b\x9b\0\u202e")


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("source", KEYS)
def test_h16_a_refused_key(world, source, status):
    failure = world.failure(source, lambda _: reply({"error": {"message": f"Incorrect key: {CANARY}"}}, status))
    assert failure.kind == "refused"
    assert KEYS[source] in failure.message
    assert len(world.times) == 1


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("gemini", {"error": {"code": 400, "status": "INVALID_ARGUMENT", "details": [{"reason": "API_KEY_INVALID"}]}}),
        ("xai", {"code": "invalid-argument", "error": f"Incorrect API key provided: {CANARY}"}),
    ],
)
def test_h16_a_bad_key_that_is_400(world, source, body):
    failure = world.failure(source, lambda _: reply(body, 400))
    assert failure.kind == "refused"
    assert KEYS[source] in failure.message
    assert len(world.times) == 1


def test_h16_another_400_is_told(world):
    said = {"error": {"message": f"no such page \x1b[2J {CANARY}"}, "internal": "a secret of the server"}
    for body in (said, {"error": said["error"]["message"]}, said["error"]):
        failure = world.failure("openai", lambda _, body=body: reply(body, 400))
        assert "400 Bad Request; said 'no such page \\x1b[2J [redacted]'" in failure.message
        assert "internal" not in failure.message


@pytest.mark.parametrize(
    "body", [b"AKIA-credentials of a machine", b"<html>intranet", b'{"data": "intranet"}', b"[1]", b""]
)
def test_a_failed_answer_is_not_quoted(world, body):
    failure = world.failure("openai", lambda _: reply(body, 404))
    assert failure.message.partition(": ")[2] == "answered 404 Not Found"


def _later(seconds):
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("header", "at_least"),
    [("1", 1), (lambda: _later(2), 1), ("-7", 0), ("0", 0), (lambda: _later(-900), 0), ("soon", 0), (None, 0)],
)
def test_h17_retry_after_is_honoured(world, header, at_least):
    value = header() if callable(header) else header
    answers = iter([reply({}, 429, **({"Retry-After": value} if value else {})), reply(listing("a"))])
    with upstream(lambda _: next(answers)) as server:
        answer = world.ask("openai", server.url)
        waited = server.asked[1].at - server.asked[0].at
    assert answer.observations.model_count() == 1
    assert at_least * 0.8 <= waited < at_least + 1.5


@pytest.mark.parametrize("header", ["3600", "9" * 400, lambda: _later(86400)])
def test_h17_a_wait_that_is_too_long(world, header):
    value = header() if callable(header) else header
    failure = world.failure("openai", lambda _: reply({}, 429, **{"Retry-After": value}))
    assert "asks to wait" in failure.message
    assert len(world.times) == 1


def test_h17_geminis_delay_is_in_the_body(world):
    body = {
        "error": {
            "code": 429,
            "details": ["x", {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}],
        }
    }
    answers = iter([reply(body, 429), reply({"models": [{"name": "models/gemini-x"}]})])
    with upstream(lambda _: next(answers)) as server:
        assert world.ask("gemini", server.url).observations.model_count() == 1
        assert server.asked[1].at - server.asked[0].at >= 0.95
    body["error"]["details"][1]["retryDelay"] = "48s"
    assert "48 s" in world.failure("gemini", lambda _: reply(body, 429)).message


def test_h17_and_then_failure(world):
    failure = world.failure("openai", lambda _: reply(ECHO, 429))
    assert "429" in failure.message
    assert len(world.times) == QUICK.attempts


@pytest.mark.parametrize("status", [500, 502, 503, 529])
def test_h18_a_server_in_trouble(world, status):
    failure = world.failure("openai", lambda _: reply(ECHO, status))
    assert failure.kind == "unreachable"
    assert str(status) in failure.message
    assert "127.0.0.1" in failure.message
    assert len(world.times) == QUICK.attempts


def test_h18_the_second_attempt_counts(world):
    answers = iter([reply(b"", 503), b"", reply(listing("a"))])
    with upstream(lambda _: next(answers)) as server:
        assert world.ask("openai", server.url).observations.model_count() == 1


def _speak_first(connection):
    connection.sendall(reply(b"", 400))
    return connection


def test_h18_nobody_there(world):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        refused = world.ask("openai", f"http://127.0.0.1:{bound.getsockname()[1]}").failure
    unknown = world.ask("openai", "https://no-such-host.invalid/v1?secret=1").failure
    with upstream(lambda _: b"", wrap=_speak_first) as plain:
        not_tls = world.ask("openai", plain.url.replace("http:", "https:")).failure
    for failure in (refused, unknown, not_tls):
        assert failure.kind == "unreachable"
    assert refused.message.endswith(": Connection refused")
    assert "no-such-host.invalid" in unknown.message
    assert "secret" not in unknown.message
    assert "no TLS (wrong version number)" in not_tls.message


def test_h19_one_of_many_is_down(world):
    with ExitStack() as stack:
        good = [stack.enter_context(upstream(lambda _: reply(listing("a")))).url for _ in range(2)]
        bad = stack.enter_context(upstream(lambda _: reply(b"", 500))).url
        answers = world.ask_all([("openai", good[0]), ("xai", bad), ("groq", good[1])])
    assert [answer.failure is None for answer in answers] == [True, False, True]
    assert [answer.source for answer in answers] == ["openai", "xai", "groq"]


@pytest.mark.parametrize("key", ["{}\n", " {}", "{} ", "{}\r\nX-Evil: 1", "{}\t", "a {}", "{}\u00e9", "{}\0"])
def test_h20_a_key_with_white_space(world, key):
    with upstream(lambda _: reply(listing("a"))) as server:
        answer = world.ask("openai", server.url, OPENAI_API_KEY=key.format(CANARY))
        assert server.asked == []
    assert answer.failure.kind == "refused"
    assert "OPENAI_API_KEY" in answer.failure.message


def test_h20_a_key_in_clear_across_the_net(world):
    failure = world.ask("openai", "http://api.example.com/v1").failure
    assert "https only" in failure.message


def test_h21_ids_of_an_account(world):
    models, _ = world.models(
        "openai",
        listing("ft:gpt-4o:acme::abc", "ft:gpt-4o", "gpt-4o", {"id": "own", "owned_by": "org-acme"}),
    )
    assert {model.id for model in models.values() if model.private} == {"ft:gpt-4o:acme::abc", "own"}


def test_an_answer_that_repeats_the_key(world):
    for form in FORMS[:4]:
        failure = world.failure("openai", lambda _, form=form: reply(listing(form)))
        assert "repeats the key in OPENAI_API_KEY" in failure.message


def test_headers_that_repeat_the_key(world):
    location = f"https://{quote(CANARY, safe='')}.example/{CANARY}"
    world.failure("openai", lambda _: reply(b"", 302, Location=location))
    world.failure("openai", lambda _: reply(ECHO, Content_Type=f"text/{CANARY}"))
    with upstream(lambda _: reply(listing("a"), ETag=f'"{CANARY}"')) as server:
        world.ask("openai", server.url)


def test_a_missing_key_is_no_fault(world):
    for source, url in (("openai", "https://api.openai.com/v1"), ("deepseek", "https://api.deepseek.com")):
        failure = world.ask(source, url, OPENAI_API_KEY="").failure
        assert failure.kind == "no-key"
        assert f"{source.upper()}_API_KEY not set" in failure.message


def test_cookies_are_not_kept(world):
    with upstream(lambda _: reply({"models": []}, Set_Cookie="a=b; Path=/")) as server:
        world.ask_all([("gemini", server.url), ("ollama", server.url)])
        world.ask("gemini", server.url)
        assert not [asked for asked in server.asked if "cookie" in asked.headers]


HOSTILE = {
    "truncated": reply(b'{"data": [{"id": "a"'),
    "html": reply(b"<html>" + ECHO, Content_Type="text/html"),
    "gzip": reply(b"\x1f\x8b" + ECHO, Content_Encoding="gzip"),
    "redirect": reply(b"", 302, Location=f"https://elsewhere.invalid/?key={CANARY}"),
    "nan": reply(b'{"data": [{"id": "a", "created": NaN}]}'),
    "echo": reply(listing(CANARY)),
    "refused": reply({"error": {"message": f"Incorrect API key provided: {CANARY}"}}, 401),
    "limited": reply(ECHO, 429, Retry_After="9999"),
    "unlisted": reply({"error": CANARY}),
    "teapot": reply(ECHO, 418),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("more", [(), ("--format", "json"), ("--format", "markdown", "--dry-run")])
def test_on_the_command_line_nothing_changes(tmp_path, capfd, monkeypatch, name, more):
    with upstream(lambda _: HOSTILE[name]) as server:
        text = f"provider: openai\napi: {{base_url: '{server.url}'}}\nsync: {{sources: [openai]}}\nmodels:\n  a: {{}}\n"
        folder = tmp_path / "config" / "models"
        folder.mkdir(parents=True)
        (folder / "openai.yml").write_text(text)
        monkeypatch.setenv("OPENAI_API_KEY", CANARY)
        monkeypatch.setenv("LLMREG_TRUST", trusting(server.url, "OPENAI_API_KEY"))
        monkeypatch.setenv("LLMREG_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("LLMREG_OVERLAY", "")
        arguments = ["sync", "openai", "--record", str(tmp_path / "recorded"), *more]
        monkeypatch.setattr("sys.argv", ["llmreg", *arguments, "--catalog", str(folder)])
        with pytest.raises(SystemExit) as end:
            main()
    said = capfd.readouterr()
    assert end.value.code == 4, said
    assert f"127.0.0.1:{server.server_address[1]}" in said.err or "openai: " in said.err
    assert "Traceback" not in said.out
    written = {path: path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    assert [body for path, body in written.items() if path.suffix in {".yml", ".jsonl"}] == [text]
    for seen in (said.out, said.err, *written.values(), *map(str, written)):
        assert not [form for form in FORMS if form in seen], seen
