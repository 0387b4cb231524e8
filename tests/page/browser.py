"""A box on the virtual bench, the page's server, and a browser without a screen; each a process, or a connection."""

import http.client
import itertools
import json
import secrets
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from processes import daemon

from controller.client import Client

SERVE = [sys.executable, str(Path(__file__).with_name("serve.py"))]
JSON = "application/json"
LIMIT_S = 20.0
INDEX = "<!doctype html><title>backbutton</title>" + "<p>the page</p>" * 40
FILES = {"index.html": INDEX, "page.js": "export const a = 1;\n" * 60, "dot.svg": "<svg/>", "secret.key": "secret"}


def make_static(folder):
    """Write the files of a page that has hardly any."""
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


class Server:
    """The page's server as a process."""

    def __init__(self, process, port, control):
        self.process = process
        self.port = port
        self.control = control  # the daemon's socket

    @property
    def host(self):
        return f"127.0.0.1:{self.port}"

    def ask(self, method, **params):
        """Call the daemon itself, as a console does."""
        with Client.connect(self.control) as client:
            return client.call(method, **params)

    def rss_kib(self):
        """Return the most memory that it has used so far."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(text.partition("VmHWM:")[2].split()[0])


@contextmanager
def serving(control, static, port=0, idle_ns=0, patience_s=None, command=(), **more):
    """Run the page's server during the `with` block; `command` runs it, if it is not to be run directly."""
    command = [*command, *SERVE, str(control), str(static), str(port), str(idle_ns)]
    command += [] if patience_s is None else [str(patience_s)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, stdin=subprocess.DEVNULL, text=True, **more) as process:
        try:
            line = process.stdout.readline()
            assert line, process.stderr.read()
            yield Server(process, int(line.rstrip("/\n").rpartition(":")[2]), control)
        finally:
            process.kill()


@contextmanager
def box_and_page(folder):
    """Run a box on the virtual bench and the page's server."""
    static = make_static(folder / "static")
    with daemon(folder), serving(folder / "control.sock", static) as page:
        yield page


class Answer:
    """What the server answered."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def word(self):
        return self.json["error"]["word"]


_ADDRESSES = itertools.count(2)


class Browser:
    """A browser with a cookie jar of one, on a machine of its own; it sends what a page's own script sends."""

    def __init__(self, server, host=None, agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"):
        self.server = server
        self.host = host or server.host
        self.agent = agent
        self.token = None
        number = next(_ADDRESSES)
        self.address = f"127.0.{number // 250}.{number % 250 + 1}"  # how often it may ask is counted by address

    def headers(self, **changes):
        """Return the headers of a POST; a change of None leaves one out. Underscores stand for hyphens."""
        usual = {
            "Host": self.host,
            "Origin": f"http://{self.host}",
            "Sec-Fetch-Site": "same-origin",
            "Content-Type": JSON,
            "User-Agent": self.agent,
            "Cookie": None if self.token is None else f"backbutton={self.token}",
        }
        changed = usual | {name.replace("_", "-"): value for name, value in changes.items()}
        return {name: value for name, value in changed.items() if value is not None}

    def send(self, method, path, body=None, headers=None):
        connection = self.connection()
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        self._keep_cookie(answer)
        return answer

    def connection(self):
        """Return a connection that is not open yet."""
        return http.client.HTTPConnection(
            "127.0.0.1", self.server.port, timeout=LIMIT_S, source_address=(self.address, 0)
        )

    def _keep_cookie(self, answer):
        cookie = answer.headers.get("Set-Cookie", "")
        if cookie.startswith("backbutton="):
            self.token = cookie.removeprefix("backbutton=").partition(";")[0] or None

    def get(self, path, **changes):
        headers = {"Origin": None, "Content_Type": None, **changes}
        return self.send("GET", path, headers=self.headers(**headers))

    def post(self, path, value=None, **changes):
        body = value if isinstance(value, bytes) else json.dumps({} if value is None else value).encode()
        return self.send("POST", path, body, self.headers(**changes))

    def call(self, method, /, **params):
        return self.post(f"/call/{method}", params)

    def move(self, method, /, within_ns=2_000_000_000, **params):
        """Call a method that may move a contact, as the page does."""
        stamps = {"not_after_ns": time.monotonic_ns() + within_ns, "id": secrets.token_hex(16)}
        return self.call(method, **stamps, **params)

    def pair(self):
        """Pair by a one-time link."""
        answer = self.post("/pair/link", {"code": self.server.ask("pairing.link")["code"]})
        assert answer.status == 200, answer.body
        return self

    @contextmanager
    def watching(self):
        """Open an event stream; yields a Watching."""
        with Watching(self) as watching:
            assert watching.answer.status == 200, watching.answer.read()
            yield watching


class Watching:
    """An open event stream."""

    def __init__(self, browser):
        self.connection = browser.connection()
        headers = browser.headers(Origin=None, Content_Type=None)
        self.connection.putrequest("GET", "/events", skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self.connection.putheader(name, value)
        self.connection.endheaders()
        self.answer = self.connection.getresponse()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answer.close()
        self.connection.close()

    def messages(self):
        """Yield each event's name and data, until the stream ends."""
        name = ""
        for line in self.answer:
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                yield name, json.loads(value)

    def wait(self, name, condition=lambda _: True):
        """Return the data of the next event of that name for which the condition holds."""
        deadline = time.monotonic() + LIMIT_S
        for told, value in self.messages():
            if told == name and condition(value):
                return value
            assert time.monotonic() < deadline, f"no such {name} came; the last: {value}"
        raise AssertionError(f"the stream ended without {name}")


def raw(server, request, limit=1 << 20):
    """Send bytes, and return all that comes back until the server closes or says nothing more."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT_S) as connection:
        came = b""
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while (chunk := connection.recv(65536)) and len(came) < limit:
                came += chunk
        except (ConnectionResetError, BrokenPipeError):
            pass
        return came
