import itertools
import re
import socket
import threading
from collections import Counter

import pytest
from console.fake_box import FakeBox, served
from page.asgi import application
from page.browser import LIMIT_S, Browser, Watching, make_static, raw, serving
from page.patience import wait_until
from processes import daemon

from controller.errors import CommandError
from controller.page.rates import Rate

TEN_MB = 10 * 1024 * 1024
GROWTH_KIB = 6 * 1024  # of the server's memory, whatever comes
S = 1_000_000_000


def head(browser, path="/call/status", **changes):
    """Return a request up to its body, as bytes."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in browser.headers(**changes).items())
    return f"POST {path} HTTP/1.1\r\n{lines}".encode()


def status_of(answer):
    return int(answer.split(b" ", 2)[1]) if answer else None


def test_a_body_of_ten_megabytes_is_refused_before_it_is_read(server, phone):
    request = head(phone, Content_Length=str(TEN_MB), Expect="100-continue") + b"\r\n"
    answer = raw(server, request)
    assert status_of(answer) == 413
    assert b"this is too long; the page takes 16 KiB at most" in answer


@pytest.mark.parametrize("is_paired", [True, False])
@pytest.mark.parametrize("is_chunked", [True, False])
def test_ten_megabytes_are_never_held_in_memory(server, phone, stranger, is_paired, is_chunked):
    browser = phone if is_paired else stranger
    before = server.rss_kib()
    if is_chunked:
        body = head(browser, Transfer_Encoding="chunked") + b"\r\n" + b"10000\r\n" + b" " * 65536 + b"\r\n"
        request = body + (b"10000\r\n" + b" " * 65536 + b"\r\n") * (TEN_MB // 65536) + b"0\r\n\r\n"
    else:
        request = head(browser, Content_Length=str(TEN_MB)) + b"\r\n" + b" " * TEN_MB
    assert status_of(raw(server, request)) in (413, 401, None)  # None: the connection ended before that was read
    assert server.rss_kib() - before < GROWTH_KIB
    assert phone.call("status").status == 200


def test_a_body_at_the_limit_is_read(phone):
    text = b'{"x": "' + b"y" * (16 * 1024 - 9) + b'"}'
    assert len(text) == 16 * 1024
    assert phone.post("/call/status", text).word == "usage"  # the box takes no x
    assert phone.post("/call/status", text + b" ").status == 413


def test_a_head_without_an_end_is_refused(server):
    before = server.rss_kib()
    answer = raw(server, f"GET / HTTP/1.1\r\nHost: {server.host}\r\nX: ".encode() + b"x" * TEN_MB)
    assert status_of(answer) in (400, None)
    assert server.rss_kib() - before < GROWTH_KIB


TOKEN, OTHER = "f" * 64, "e" * 64


class PairedBox(FakeBox):
    """A box that knows two tokens, and counts how often it is asked."""

    checks = 0

    def do_pairing_check(self, token):
        self.checks += 1
        return {"paired": token in (TOKEN, OTHER), "name": "iPhone"}

    def do_pairing_redeem(self, code, name):
        raise CommandError("refused", "this link was used")


class SteppedClock:
    """A clock that moves when it is told to."""

    now_ns = 0

    def __call__(self):
        return self.now_ns


@pytest.fixture
def fake(tmp_path):
    """The application over a fake box, the box, and the application's clock."""
    clock = SteppedClock()
    control = tmp_path / "control.sock"
    with served(control, PairedBox) as box, application(control, tmp_path, clock) as asgi:
        yield asgi, box, clock


def test_a_phone_may_call_twenty_times_a_second_and_always_cut(fake):
    asgi, _, clock = fake
    assert [asgi.post("/call/clock", {}, TOKEN)[0] for _ in range(22)] == [200] * 20 + [429] * 2
    assert asgi.post("/call/cut", {}, TOKEN)[0] == 200
    clock.now_ns = S // 20
    assert [asgi.post("/call/clock", {}, TOKEN)[0] for _ in range(2)] == [200, 429]


def test_another_phone_does_not_wait_for_one_that_calls_too_often(fake):
    asgi, _, _ = fake
    while asgi.post("/call/clock", {}, TOKEN)[0] == 200:
        pass
    assert asgi.post("/call/clock", {}, OTHER)[0] == 200


def test_a_stranger_asks_five_times_a_second(fake):
    asgi, _, clock = fake

    def ask(peer="127.0.0.1"):
        return asgi.post("/pair/link", {"code": "x"}, peer=peer)[0]

    assert [ask() for _ in range(7)] == [409] * 5 + [429] * 2
    assert ask("127.0.0.2") == 409
    clock.now_ns = S // 5
    assert [ask() for _ in range(2)] == [409, 429]


def test_a_paired_phone_is_not_held_up_by_its_neighbours_guesses_once_it_is_known(fake):
    asgi, _, _ = fake
    assert asgi.post("/call/clock", {}, TOKEN)[0] == 200
    assert asgi.post_all("/call/clock", [f"{number:064x}" for number in range(9)]) == {401, 429}
    assert asgi.post("/call/clock", {}, TOKEN)[0] == 200


def test_a_token_is_guessed_ten_thousand_times(fake):
    asgi, box, _ = fake
    assert asgi.post_all("/call/fire", (f"{number:064x}" for number in range(10_000))) == {401, 429}
    assert box.checks == 5
    assert set(box.deeds) == {"pairing.check"}
    assert asgi.post("/call/clock", {}, TOKEN, peer="127.0.0.2")[0] == 200


def test_a_token_that_is_paired_is_asked_about_once_in_ten_seconds(fake):
    asgi, box, clock = fake
    for _ in range(10):
        assert asgi.post("/call/clock", {}, TOKEN)[0] == 200
    assert box.checks == 1
    clock.now_ns = 10 * S
    assert asgi.post("/call/clock", {}, TOKEN)[0] == 200
    assert box.checks == 2


def test_requests_of_one_phone_that_come_together_are_one_question(fake):
    asgi, box, _ = fake
    assert asgi.post_together("/call/clock", TOKEN, 12) == [200] * 12
    assert box.checks == 1


def test_turns_come_back_with_time():
    rate = Rate(5)
    assert [rate.take("a", 0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert rate.take("b", 0)
    assert [rate.take("a", S // 5) for _ in range(2)] == [True, False]
    assert [rate.take("a", 100 * S) for _ in range(6)] == [True] * 5 + [False]
    rate.give_back("a")
    assert rate.take("a", 100 * S)


def test_who_asked_is_not_kept_for_ever():
    rate = Rate(1)
    for number in range(10_000):
        rate.take(str(number), 0)
    assert len(rate._free_at_ns) == 256


def open_stream(server, browser):
    """Open a connection that asks for events, and return it unread."""
    connection = socket.create_connection(("127.0.0.1", server.port), LIMIT_S, source_address=(browser.address, 0))
    lines = "".join(f"{name}: {value}\r\n" for name, value in browser.headers(Origin=None, Content_Type=None).items())
    connection.sendall(f"GET /events HTTP/1.1\r\n{lines}\r\n".encode())
    return connection


def test_of_a_thousand_event_streams_sixteen_are_served(server):
    phones = [Browser(server).pair() for _ in range(5)]
    before = server.rss_kib()
    connections = []
    for _, phone in zip(range(1000), itertools.cycle(phones), strict=False):
        connections.append(open_stream(server, phone))
    statuses = []
    for connection in connections:
        try:
            statuses.append(status_of(connection.recv(4096)))
        except ConnectionResetError:
            statuses.append(None)
    grown_kib = server.rss_kib() - before
    for connection in connections:
        connection.close()
    assert statuses.count(200) == 16, Counter(statuses)
    assert set(statuses) <= {200, 429, 503, None}
    assert grown_kib < GROWTH_KIB
    late = Browser(server).pair()
    wait_until(lambda: is_let_in(late))  # once the server has seen that the others are gone
    with late.watching() as watching:
        watching.wait("state", lambda state: state["phones"] == 1)


def is_let_in(browser):
    with Watching(browser) as watching:
        return watching.answer.status == 200


@pytest.fixture
def impatient(tmp_path, request):
    """A server that waits for 2 s at most, or for what a test says."""
    with (
        daemon(tmp_path),
        serving(
            tmp_path / "control.sock", make_static(tmp_path / "static"), patience_s=getattr(request, "param", 2)
        ) as page,
    ):
        yield page


def is_cut(connection):
    """Wait until the server ends a connection without a word."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_browser_that_says_nothing_is_cut(impatient):
    with socket.create_connection(("127.0.0.1", impatient.port), LIMIT_S) as connection:
        assert is_cut(connection)


def test_a_head_that_comes_by_the_byte_is_cut(impatient):
    ends = threading.Event()
    with socket.create_connection(("127.0.0.1", impatient.port), LIMIT_S) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nX: ")

        def trickle():
            while not ends.wait(0.05):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            assert is_cut(connection)
        finally:
            ends.set()
            thread.join()


def test_a_body_that_does_not_come_is_refused(impatient):
    phone = Browser(impatient).pair()
    request = head(phone, Content_Length="10") + b"\r\n{"
    with socket.create_connection(("127.0.0.1", impatient.port), LIMIT_S) as connection:
        connection.sendall(request)
        answer = connection.makefile("rb").read()
    assert status_of(answer) == 408
    assert re.search(rb"did not arrive within .* s; try again", answer)


@pytest.mark.parametrize("impatient", [3], indirect=True)
def test_a_slow_reader_is_dropped_and_nobody_waits_for_it(impatient):
    phone, other = Browser(impatient).pair(), Browser(impatient).pair()
    slow = open_stream(impatient, phone)
    with slow, other.watching() as watching:
        watching.wait("state", lambda state: state["phones"] == 2)
        before = impatient.rss_kib()
        ends = threading.Event()

        def shout():
            for number in itertools.count(1):
                if ends.is_set():
                    return
                impatient.ask("settings.set", key="interval.count", value=str(number % 999 + 1))

        thread = threading.Thread(target=shout)
        thread.start()
        try:
            watching.wait("state", lambda state: state["phones"] == 1)
        finally:
            ends.set()
            thread.join()
        assert impatient.rss_kib() - before < GROWTH_KIB
