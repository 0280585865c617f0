"""A small GitHub on a loopback socket: pull requests with a memory, and pushes to a bare repository over smart HTTP.

It refuses what GitHub refuses. It knows no more than the flow of `sync --pr` asks for.
"""

import base64
import json
import os
import re
import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

OWNER, NAME = "acme", "catalog"
HOME = f"/api/repos/{OWNER}/{NAME}"
Answer = tuple[int, dict[str, str], object]
Interfering = Callable[[str, str, object], Answer | None]


@dataclass
class GitHubDouble:
    """`asked` are all requests to the API as method, path and content; `interfere` may answer in its stead."""

    bare: Path
    token: str = "tok_0123456789abcdef_canary"  # noqa: S105  # of no site
    pulls: list[dict] = field(default_factory=list)
    comments: list[tuple[int, str]] = field(default_factory=list)
    asked: list[tuple[str, str, object]] = field(default_factory=list)
    interfere: Interfering = lambda method, path, content: None
    archived: bool = False
    may_push: bool = True
    pushes: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self):
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    # What a test looks at

    @property
    def writes(self) -> list[tuple[str, str, object]]:
        return [each for each in self.asked if each[0] != "GET"]

    def open(self) -> list[dict]:
        with self._lock:
            self._settle()
            return [each for each in self.pulls if each["state"] == "open"]

    def close_by_hand(self, number: int, *, merged: bool = False) -> None:
        with self._lock:
            pull = self.pulls[number - 1]
            self._settle()
            pull["state"], pull["merged_at"] = "closed", "2026-11-23T00:00:00Z" if merged else None

    # What llmreg asks

    def answer(self, method: str, target: str, headers, body: bytes) -> Answer:
        content = json.loads(body) if body else None
        with self._lock:
            path = urlsplit(target).path.removeprefix(HOME)
            query = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
            self.asked.append((method, path, content))
            if (other := self.interfere(method, path, content)) is not None:
                return other
            if headers.get("authorization") != f"Bearer {self.token}":
                return 401, {}, {"message": "Bad credentials"}
            assert headers.get("x-github-api-version") == "2022-11-28"
            assert headers.get("accept") == "application/vnd.github+json"
            assert headers.get("user-agent", "").startswith("llmreg/")
            if not urlsplit(target).path.startswith(HOME):
                return 404, {}, {"message": "Not Found"}
            return self._routed(method, path, query, content)

    def _routed(self, method: str, path: str, query: dict, content) -> Answer:
        self._settle()
        if (method, path) == ("GET", ""):
            return 200, {}, {
                "full_name": f"{OWNER}/{NAME}", "html_url": f"{self.url}/{OWNER}/{NAME}", "default_branch": "main",
                "archived": self.archived, "permissions": {"push": self.may_push},
            }  # fmt: skip
        if (method, path) == ("GET", "/pulls"):
            found = [each for each in self.pulls if each["state"] == query["state"]
                     and f"{OWNER}:{each['head']['ref']}" == query["head"]]  # fmt: skip
            return 200, {}, found[::-1]
        if (method, path) == ("POST", "/pulls"):
            return self._made(content)
        found = re.fullmatch(r"/(pulls|issues)/([0-9]+)(/[a-z_]+)?", path)
        if not found or int(found[2]) > len(self.pulls):
            return 404, {}, {"message": "Not Found"}
        pull = self.pulls[int(found[2]) - 1]
        if method == "PATCH":
            base = content.pop("base", None)
            pull.update(content, base={"ref": base} if base else pull["base"])
            return 200, {}, pull
        pull[found[3][1:]] = content
        if found[3] == "/comments":
            self.comments.append((pull["number"], content["body"]))
        return 201, {}, [] if found[3] == "/labels" else pull

    def _made(self, content: dict) -> Answer:
        branch, base = content["head"], content["base"]
        refused = None
        if not self.oid(branch) or not self.oid(base):
            refused = "Validation Failed", "head or base is invalid"
        elif any(each["state"] == "open" and each["head"]["ref"] == branch for each in self.pulls):
            refused = "Validation Failed", f"A pull request already exists for {OWNER}:{branch}."
        elif self.git("rev-parse", f"{branch}^{{tree}}") == self.git("rev-parse", f"{base}^{{tree}}"):
            refused = "Validation Failed", f"No commits between {base} and {branch}"
        elif len(content["body"]) > 65_536:
            refused = "Validation Failed", "body is too long (maximum is 65536 characters)"
        if refused:
            return 422, {}, {"message": refused[0], "errors": [{"resource": "PullRequest", "message": refused[1]}]}
        number = len(self.pulls) + 1
        head = {"ref": branch, "sha": self.oid(branch), "repo": {"full_name": f"{OWNER}/{NAME}"}}
        self.pulls.append({
            "number": number, "html_url": f"{self.url}/{OWNER}/{NAME}/pull/{number}", "state": "open",
            "title": content["title"], "body": content["body"], "draft": content["draft"], "base": {"ref": base},
            "head": head, "merged_at": None,
        })  # fmt: skip
        return 201, {}, self.pulls[-1]

    def _settle(self) -> None:
        """An open pull request follows its branch, and is closed where that is gone."""
        for pull in self.pulls:
            if pull["state"] == "open":
                tip = self.oid(pull["head"]["ref"])
                pull["state"] = "open" if tip else "closed"
                pull["head"]["sha"] = tip or pull["head"]["sha"]

    def oid(self, branch: str) -> str:
        """The tip of a branch of the bare repository; read without git, for it is read at every request."""
        loose = self.bare / "refs" / "heads" / branch
        if loose.is_file():
            return loose.read_text().strip()
        packed = self.bare / "packed-refs"
        rows = packed.read_text().splitlines() if packed.is_file() else []
        return next((row.split()[0] for row in rows if row.endswith(f" refs/heads/{branch}")), "")

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.bare), *arguments], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    # Smart HTTP

    def backend(self, method: str, target: str, headers, body: bytes) -> bytes | None:
        """What `git http-backend` answers as a CGI program; None to somebody without the token."""
        wanted = base64.b64encode(f"x-access-token:{self.token}".encode()).decode()
        if headers.get_all("authorization") != [f"Basic {wanted}"]:
            return None
        parts = urlsplit(target)
        environ = {
            **os.environ, "GIT_PROJECT_ROOT": str(self.bare.parent), "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": parts.path.replace(f"/{OWNER}/{NAME}.git", f"/{self.bare.name}"),
            "QUERY_STRING": parts.query, "REQUEST_METHOD": method, "REMOTE_USER": "x-access-token",
            "CONTENT_TYPE": headers.get("content-type", ""), "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": headers.get("content-encoding", ""),
            "GIT_PROTOCOL": headers.get("git-protocol", ""),
        }  # fmt: skip
        if "git-receive-pack" in parts.path and method == "POST":
            self.pushes += 1
        done = subprocess.run(["git", "http-backend"], input=body, env=environ, capture_output=True, check=True)
        return done.stdout


def _handler(double: GitHubDouble):  # noqa: C901  # a class with a method for each thing
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self):
            body = self._body()
            if not self.path.startswith("/api/"):
                self._cgi(double.backend(self.command, self.path, self.headers, body))
                return
            status, headers, value = double.answer(self.command, self.path, self.headers, body)
            data = json.dumps(value).encode()
            self._send(status, {"content-type": "application/json; charset=utf-8", **headers}, data)

        do_GET = do_POST = do_PATCH = _serve  # noqa: N815  # the names that the base class looks for

        def _body(self) -> bytes:
            if self.headers.get("transfer-encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("content-length") or 0))
            pieces = []
            while size := int(self.rfile.readline(), 16):
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(pieces)

        def _cgi(self, output: bytes | None):
            if output is None:
                self._send(401, {"www-authenticate": 'Basic realm="git"'}, b"")
                return
            head, _, data = output.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            self._send(int(headers.pop("Status", "200 OK").split()[0]), headers, data)

        def _send(self, status: int, headers: dict[str, str], data: bytes):
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    return Handler
