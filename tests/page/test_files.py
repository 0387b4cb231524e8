import gzip

import pytest
from page.browser import FILES, raw

from controller.errors import DaemonError
from controller.page.files import PageFiles, is_known, takes_gzip

SAFE = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize("path", ["/", "/pair"])
def test_the_first_page_is_for_everybody(stranger, path):
    answer = stranger.get(path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.body.decode() == FILES["index.html"]


def test_a_file_has_its_kind(stranger):
    assert stranger.get("/static/page.js").headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert stranger.get("/static/dot.svg").headers["Content-Type"] == "image/svg+xml"


def test_a_file_that_is_known_is_not_sent_again(stranger):
    first = stranger.get("/static/page.js")
    again = stranger.get("/static/page.js", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"
    assert stranger.get("/static/page.js", If_None_Match='"other"').status == 200


def test_a_file_is_compressed_for_who_can_read_that(stranger):
    plain, small = stranger.get("/static/page.js"), stranger.get("/static/page.js", Accept_Encoding="br, gzip")
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body)
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert small.headers["Vary"] == "accept-encoding"


def test_a_file_that_would_grow_is_sent_as_it_is(stranger):
    assert "Content-Encoding" not in stranger.get("/static/dot.svg", Accept_Encoding="gzip").headers


@pytest.mark.parametrize(
    ("accepted", "takes"),
    [
        ("", False),
        ("gzip", True),
        ("br;q=1.0, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("identity", False),
    ],
)
def test_gzip_is_sent_only_where_it_is_accepted(accepted, takes):
    assert takes_gzip(accepted) is takes


@pytest.mark.parametrize(
    ("known", "is_same"),
    [('"a"', True), ('W/"a"', True), ('"b", "a"', True), ("*", True), ('"b"', False), ("", False)],
)
def test_names_of_known_files_are_compared(known, is_same):
    assert is_known('"a"', known) is is_same


@pytest.mark.parametrize(
    "path",
    [
        "/static/../index.html",
        "/static/..%2findex.html",
        "/static/%2e%2e/index.html",
        "/static/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/static//etc/passwd",
        "/static/page.js%00.html",
        "/static/%00",
        "/static/..\\index.html",
        "/static/%5c..%5cindex.html",
        "/static/./page.js",
        "/static/",
        "/static",
        "/static/secret.key",
        "/index.html",
        "/etc/passwd",
        "//etc/passwd",
        "/static/page.js/",
        "/static/PAGE.JS",
        "/static/%ff%fe",
    ],
)
def test_nothing_else_can_be_asked_for(server, stranger, path):
    answer = raw(server, f"GET {path} HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"passwd" not in answer


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/static/page.js",
        "/static/no",
        "/no",
        "/events",
        "/generate_204",
        "/call/fire",
        "/log/1.svg",
        "/plan.svg",
    ],
)
def test_every_answer_has_the_safe_headers(stranger, path):
    answer = stranger.get(path)
    policy = {"Content-Security-Policy": "default-src 'none'"} if path == "/static/page.js" else {}
    assert {name: answer.headers[name] for name in SAFE} == SAFE | policy
    assert answer.headers["Cache-Control"] == ("no-cache" if path in ("/", "/static/page.js") else "no-store")
    assert "Server" not in answer.headers


def test_only_the_head_is_sent_to_who_asks_for_it(stranger):
    for path in ("/", "/static/page.js"):
        answer = stranger.send("HEAD", path, headers={"Host": stranger.host})
        assert (answer.status, answer.body) == (200, b"")


def test_a_page_without_its_first_file_does_not_start(tmp_path):
    with pytest.raises(DaemonError, match=r"index\.html is missing; install"):
        PageFiles(tmp_path)
