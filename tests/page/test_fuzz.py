"""Whatever a browser sends: never a fault of ours, and nothing changes for who is not paired."""

import json
import time

from hypothesis import given, settings
from hypothesis import strategies as st
from page.asgi import HOST, POST, application
from page.browser import Browser, box_and_page, raw
from processes import daemon

from controller.client import Client
from controller.page.calls import CALLS

ROUTES = [
    "/",
    "/pair",
    "/pair/wait",
    "/pair/link",
    "/unpair",
    "/events",
    "/find",
    "/static/page.js",
    "/static/",
    "/log/1.svg",
    "/log/x.svg",
    "/plan.svg",
    "/generate_204",
    "/redirect",
]
METHODS = st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"]) | st.text(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ-", min_size=1, max_size=8
)
WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
PATHS = (
    st.sampled_from(ROUTES)
    | st.sampled_from(sorted(CALLS)).map("/call/{}".format)
    | WORDS.map("/{}".format)
    | WORDS.map("/call/{}".format)
    | WORDS.map("/static/{}".format)
    | st.tuples(st.sampled_from(ROUTES), WORDS).map("".join)
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
PARAMS = st.dictionaries(
    st.sampled_from(
        [
            "key",
            "value",
            "was",
            "name",
            "time",
            "run",
            "columns",
            "picture",
            "profile",
            "duration",
            "when",
            "count",
            "every",
            "button",
            "number",
            "token",
            "request",
            "code",
            "section",
            "exposure",
            "is_marked",
        ]
    ),
    st.sampled_from(["5s", "1", "interval.every", "shot.drive", "D850", "stars", "back", "300ms", 1, True, None])
    | SCALARS,
    max_size=3,
)
BODIES = st.binary(max_size=100) | (PARAMS | VALUES).map(lambda value: json.dumps(value).encode())
NAMES = st.sampled_from(
    [
        "Host",
        "Origin",
        "Sec-Fetch-Site",
        "Content-Type",
        "Cookie",
        "Content-Length",
        "Transfer-Encoding",
        "Expect",
        "Connection",
        "Upgrade",
        "Accept-Encoding",
        "If-None-Match",
        "User-Agent",
        "X-Any",
    ]
)
TEXTS = st.sampled_from(
    [
        "",
        "same-origin",
        "cross-site",
        "null",
        "application/json",
        "chunked",
        "gzip;q=x",
        "*",
        "websocket",
        "close",
        "100-continue",
        "backbutton=" + "0" * 64,
        "backbutton=;;=",
        HOST,
    ]
) | st.text(st.characters(min_codepoint=0, max_codepoint=255, exclude_characters="\r\n"), max_size=30)
HEADERS = st.dictionaries(NAMES, TEXTS, max_size=4)


def state_of(server):
    status = server.ask("status")
    return status["lines"], status["release"], status["focus"], server.ask("settings.diff"), server.ask("presets")


def test_nothing_a_stranger_sends_breaks_the_page_or_changes_the_box(tmp_path):
    with box_and_page(tmp_path) as server:
        before = state_of(server)
        stranger = Browser(server)

        @settings(max_examples=200)
        @given(METHODS, PATHS, HEADERS, BODIES)
        def send(method, path, changes, body):
            usual = stranger.headers() | {"Content-Length": str(len(body)), "Connection": "close"}
            lines = "".join(f"{name}: {value}\r\n" for name, value in (usual | changes).items())
            answer = raw(server, f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + body)
            assert answer == b"" or (answer.startswith(b"HTTP/1.1 ") and answer[9:10] in b"1234"), answer
            assert b"Traceback" not in answer

        send()
        assert state_of(server) == before
        server.process.terminate()
        server.process.wait(20)
        assert server.process.stderr.read() == ""


def test_nothing_a_paired_phone_sends_breaks_the_page(tmp_path):
    clock = iter(range(0, 1 << 62, 10_000_000_000))  # so that nothing comes too often
    control = tmp_path / "control.sock"
    with (
        daemon(tmp_path),
        application(control, tmp_path, lambda: next(clock)) as asgi,
        Client.connect(control) as client,
    ):
        code = client.call("pairing.link")["code"]
        status, headers, _ = asgi.post("/pair/link", {"code": code})
        assert status == 200
        cookie = headers[b"set-cookie"].split(b";")[0].decode()

        @settings(max_examples=200)
        @given(
            METHODS,
            PATHS.filter(lambda path: path not in ("/events", "/unpair")),
            HEADERS,
            PARAMS | VALUES,
            st.booleans(),
            st.booleans(),
        )
        def send(method, path, changes, value, is_stamped, is_usual):
            if is_stamped and isinstance(value, dict):
                value |= {"id": str(time.monotonic_ns()), "not_after_ns": time.monotonic_ns() + 10**9}
            lower = {} if is_usual else {name.lower(): text for name, text in changes.items()}
            head = POST | {"cookie": cookie} | lower
            if path == "/call/pairing.remove":
                return
            status, _, body = asgi.send("POST" if is_usual else method, path, head, json.dumps(value).encode())
            assert status < 500, (status, body)

        send()
        assert client.call("status")["fault"] is None
        assert asgi.send("POST", "/call/status", POST | {"cookie": cookie}, b"{}")[0] == 200
