import re
import socket

import pytest
from page.browser import Browser, raw

from controller.page.hosts import Hosts, address_of, is_loopback

MACHINE = socket.gethostname().partition(".")[0].lower()


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost:8080",
        "backbutton.local",
        "backbutton.local.:80",
        "box",
        "box.local:8080",
        "127.0.0.1",
        "127.1.2.3:1",
        "10.42.0.1",
        "172.16.0.1",
        "172.31.255.255:80",
        "192.168.4.1:8080",
        "169.254.7.7",
        "[::1]",
        "[::1]:8080",
        "[fe80::1]",
        "[fd12:3456::1]:80",
    ],
)
def test_the_names_and_the_private_addresses_of_the_box_are_served(host):
    assert host in Hosts("box.example.org")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "backbutton.local.evil.example",
        "evil.example:80",
        "box.example.org",
        "8.8.8.8",
        "172.32.0.1",
        "192.169.0.1",
        "0.0.0.0",
        "127.1",
        "0x7f000001",
        "2130706433",
        "[2001:db8::1]",
        "[::]",
        "[::ffff:8.8.8.8]",
        "[fe80::1%25eth0]",
        "::1",
        "127.0.0.1:",
        "127.0.0.1:999999",
        "127.0.0.1:80:80",
        "user@127.0.0.1",
        "127.0.0.1/",
        "local host",
        "backbutton.local..",
        "\u2488.0.0.1",
        "\uff11\uff12\uff17.0.0.1",
    ],
)
def test_no_other_name_is_served(host):
    assert host not in Hosts("box.example.org")


@pytest.mark.parametrize("machine", ["", "b\u00f6x", "evil host", ".."])
def test_a_machine_without_a_usable_name_has_the_usual_ones(machine):
    assert "backbutton.local" in Hosts(machine)
    assert "" not in Hosts(machine)


def test_this_machine_is_told_from_others():
    assert all(map(is_loopback, ("localhost", "127.0.0.1:80", "[::1]:80")))
    assert not any(map(is_loopback, ("192.168.4.1", "backbutton.local", "", "localhost.evil.example")))


def test_another_name_is_sent_to_the_box(server):
    answer = Browser(server, host="captive.example.com").get("/")
    assert (answer.status, answer.headers["Location"]) == (307, f"http://127.0.0.1:{server.port}/")


@pytest.mark.parametrize(
    ("reached", "address"),
    [
        (("10.42.42.1", 80), "http://10.42.42.1/"),
        (("::ffff:10.42.42.1", 80), "http://10.42.42.1/"),
        (("fe80::1", 8080), "http://[fe80::1]:8080/"),
        (("/run/page.sock", None), "http://backbutton.local/"),
        (None, "http://backbutton.local/"),
    ],
)
def test_the_page_has_an_address_for_phones_that_do_not_find_names(reached, address):
    assert address_of({"server": reached}) == address


@pytest.mark.parametrize("path", ["/pair", "/static/page.js", "/events", "/log/1.svg", "/plan.svg"])
def test_another_name_gets_nothing_else(server, path):
    answer = Browser(server, host="evil.example").get(path)
    assert (answer.status, answer.word) == (421, "host")
    assert "http://backbutton.local/" in answer.json["error"]["text"]


def test_another_name_can_do_nothing_though_its_page_asks(server, phone):
    evil = Browser(server, host="evil.example")
    evil.token = phone.token
    assert evil.move("fire").status == 421
    assert evil.post("/").status == 421


def test_a_request_without_a_host_is_refused(server):
    assert b" 307 " in raw(server, b"GET / HTTP/1.0\r\n\r\n").partition(b"\r\n")[0]
    assert b" 421 " in raw(server, b"GET /events HTTP/1.0\r\n\r\n").partition(b"\r\n")[0]
    assert b" 400 " in raw(server, b"GET / HTTP/1.1\r\n\r\n").partition(b"\r\n")[0]


def test_two_hosts_are_refused(server):
    answer = raw(server, f"GET / HTTP/1.1\r\nHost: {server.host}\r\nHost: evil.example\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"content-security-policy" in answer


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "http://evil.example",
        "https://",
        "http://127.0.0.1",
        "{host}",
        "http://{host}/",
        "http://x{host}",
        "file://{host}",
        "http://{host}, http://{host}",
    ],
)
@pytest.mark.parametrize("path", ["/call/fire", "/pair", "/pair/link", "/unpair", "/find"])
def test_a_request_of_another_page_is_refused(server, phone, path, origin):
    answer = phone.post(path, Origin=origin and origin.format(host=server.host))
    assert (answer.status, answer.word) == (403, "origin")


def test_two_origins_are_refused(server, phone):
    head = "".join(f"{name}: {value}\r\n" for name, value in phone.headers().items())
    request = f"POST /call/status HTTP/1.1\r\n{head}Origin: http://evil.example\r\nContent-Length: 2\r\n\r\n{{}}"
    assert raw(server, request.encode()).startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", "", "same-origin, cross-site"])
def test_a_browser_that_names_another_site_is_refused(phone, site):
    assert phone.post("/call/status", Sec_Fetch_Site=site).status == 403


def test_a_browser_that_names_no_site_is_refused_where_all_do(phone):
    answer = phone.post("/call/status", Sec_Fetch_Site=None)
    assert answer.status == 403
    assert "Sec-Fetch-Site" in answer.json["error"]["text"]


def test_over_plain_http_no_browser_names_a_site_and_origin_has_to_do(server, phone):
    far = Browser(server, host="192.168.4.1:8080")
    far.token = phone.token
    assert far.post("/call/status", Sec_Fetch_Site=None).status == 200
    assert far.post("/call/status", Sec_Fetch_Site="cross-site").status == 403
    assert far.post("/call/status", Sec_Fetch_Site=None, Origin=f"http://{server.host}").status == 403


def test_another_site_may_link_to_the_page_but_not_read_anything(phone):
    assert phone.get("/", Sec_Fetch_Site="cross-site").status == 200
    assert phone.get("/events", Sec_Fetch_Site="cross-site").status == 403
    assert phone.get("/log/1.svg", Sec_Fetch_Site="same-site").status == 403


@pytest.mark.parametrize(
    "kind", [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"]
)
def test_only_json_is_taken(phone, kind):
    answer = phone.post("/call/status", Content_Type=kind)
    assert answer.status == 415
    assert "JSON" in answer.json["error"]["text"]


def test_json_may_name_its_charset(phone):
    assert phone.post("/call/status", Content_Type="application/json; charset=utf-8").status == 200


@pytest.mark.parametrize("path", ["/call/fire", "/call/cut", "/unpair", "/pair/wait", "/pair/link", "/find"])
def test_reading_an_address_changes_nothing(phone, path):
    answer = phone.get(path)
    assert (answer.status, answer.word) == (405, "usage")
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FIRE"])
def test_other_methods_are_refused(server, method):
    answer = raw(server, f"{method} /call/fire HTTP/1.1\r\nHost: {server.host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 405 ")


def test_the_first_pages_cannot_be_posted_to(phone):
    assert phone.post("/").status == 405
    assert phone.post("/events").status == 405
    assert phone.post("/static/page.js").status == 405


@pytest.mark.parametrize(
    "name", ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-HTTP-Method-Override"]
)
def test_headers_of_proxies_are_ignored(phone, name):
    assert phone.post("/call/status", **{name: "evil.example"}).status == 200
    assert Browser(phone.server).get("/events", **{name: "127.0.0.1"}).status == 401


@pytest.mark.parametrize(
    "request_head",
    [
        "GET / HTTP/1.1\r\nHost: {host}\r\nX: a\x00b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: {host}\r\n X: folded\r\n Y\r\n\r\nGET",
        "GET / HTTP/1.1\r\nHost : {host}\r\n\r\n",
        "GET /\x00 HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "GET / x HTTP/1.1\r\nHost: {host}\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: {host}\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: gzip\r\n\r\n",
        "\x16\x03\x01\x02\x00",
        "nonsense\r\n\r\n",
    ],
)
def test_what_is_no_http_is_answered_with_a_sentence_or_not_at_all(server, request_head):
    answer = raw(server, request_head.format(host=server.host).encode("latin-1"))
    assert re.fullmatch(rb"|HTTP/1\.1 [234]\d\d", answer[:12])
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "path", ["/call/%0d%0aSet-Cookie:%20x=y", "/static/%0d%0aX:%20y", "/%0d%0aLocation:%20http://evil.example"]
)
def test_no_header_can_be_injected_by_an_address(phone, path):
    for answer in (phone.get(path), phone.post(path)):
        assert answer.status in (404, 405)
        assert {"set-cookie", "x", "location"} & {name.lower() for name in answer.headers} == set()


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/generate_204", 204, ""),
        ("/gen_204", 204, ""),
        ("/hotspot-detect.html", 200, "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"),
        ("/library/test/success.html", 200, "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"),
        ("/connecttest.txt", 200, "Microsoft Connect Test"),
        ("/ncsi.txt", 200, "Microsoft NCSI"),
        (
            "/canonical.html",
            200,
            '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
        ),
        ("/success.txt", 200, "success\n"),
        ("/redirect", 307, ""),
    ],
)
def test_phones_that_look_for_the_internet_stay(server, path, status, body):
    answer = Browser(server, host="connectivitycheck.example.com").get(path)
    assert (answer.status, answer.body.decode()) == (status, body)


def test_a_probe_only_reads(server):
    assert Browser(server, host="connectivitycheck.example.com").post("/generate_204").status == 405


def test_this_machine_may_be_asked_by_its_name(server):
    assert Browser(server, host=f"{MACHINE}.local:80").get("/").status == 200
