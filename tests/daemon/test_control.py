import asyncio
import json
import logging
import socket
import stat

import pytest
from console.fake_box import NOW_NS, FakeBox, served
from hypothesis import given
from hypothesis import strategies as st

from controller.daemon.control import MOST_CLIENTS, ControlServer
from controller.daemon.protocol import LONGEST_LINE, PendingReply, respond
from controller.errors import CommandError, DaemonError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "control.sock"


@pytest.fixture
def box(path):
    with served(path) as box:
        yield box


class Wire:
    """A client that sends what it is told, and reads objects."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        self.socket.connect(str(path))
        self.file = self.socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()

    def send(self, text):
        self.socket.sendall(text)

    def read(self):
        return json.loads(self.file.readline())

    def answers(self, text):
        """What is answered to `text`, up to a request that is answered for sure."""
        self.send(text + b'\n{"jsonrpc": "2.0", "method": "echo", "id": "end"}\n')
        answers = []
        while (answer := self.read()).get("id") != "end":
            answers.append(answer)
        return answers


def ask(path, text):
    with Wire(path) as wire:
        return wire.answers(text)


def request(method, identity=1, **params):
    return json.dumps({"jsonrpc": "2.0", "id": identity, "method": method, "params": params}).encode()


def test_a_method_is_answered_with_its_result(path, box):
    assert ask(path, request("echo", 7, a=1)) == [{"jsonrpc": "2.0", "id": 7, "result": {"a": 1}, "now_ns": NOW_NS}]


def test_requests_in_one_packet_are_answered_in_order(path, box):
    text = b"\n".join(request("echo", number) for number in range(20))
    assert [answer["id"] for answer in ask(path, text)] == list(range(20))


def test_a_request_may_come_byte_by_byte(path, box):
    with Wire(path) as wire:
        for byte in request("echo", "slow"):
            wire.send(bytes([byte]))
        wire.send(b"\r\n")
        assert wire.read()["id"] == "slow"


def test_a_notification_is_carried_out_and_not_answered(path, box):
    assert ask(path, b'{"jsonrpc": "2.0", "method": "focus.hold"}') == []
    assert box.deeds == ["focus.hold", "echo"]


@pytest.mark.parametrize("method", ["no.such", "break", "fire"])
def test_a_notification_that_fails_is_not_answered_either(path, box, method):
    assert ask(path, json.dumps({"jsonrpc": "2.0", "method": method}).encode()) == []


def test_empty_lines_are_nothing(path, box):
    assert ask(path, b"\n\r\n  \n") == []


NESTED = b"[" * 30_000 + b"]" * 30_000


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"fire", -32700),
        (b'{"jsonrpc": "2.0", "method": "echo", "id": 1', -32700),
        (b"\x00\x01\x02\xff", -32700),
        (b'{"jsonrpc": "2.0", "method": "\xff", "id": 1}', -32700),
        (b"\x00{\x00}\x00", -32700),  # JSON, if it were UTF-16
        (NESTED, -32700),
        (b'{"a":' * 10_000, -32700),
        (b"9" * 5000, -32700),
        (b'{"jsonrpc": "2.0", "method": "echo", "id": ' + b"9" * 5000 + b"}", -32700),
        (b'{"jsonrpc": "2.0", "method": "echo", "id": NaN}', -32700),
        (b'{"jsonrpc": "2.0", "method": "echo", "id": 1e999}', -32600),
        (b'{"jsonrpc": "2.0", "method": "echo", "id": [1]}', -32600),
        (b'{"jsonrpc": "2.0", "method": "echo", "id": true}', -32600),
        (b'{"jsonrpc": "1.0", "method": "echo", "id": 1}', -32600),
        (b'{"method": "echo", "id": 1}', -32600),
        (b'{"jsonrpc": "2.0", "method": 5, "id": 1}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1}', -32600),
        (b"[]", -32600),
        (b'[{"jsonrpc": "2.0", "method": "echo", "id": 1}]', -32600),
        (b"1", -32600),
        (b"null", -32600),
        (b'"status"', -32600),
        (b'{"jsonrpc": "2.0", "method": "no.such", "id": 1}', -32601),
        (b'{"jsonrpc": "2.0", "method": "", "id": 1}', -32601),
        (b'{"jsonrpc": "2.0", "method": "\\ud800", "id": 1}', -32601),
        (b'{"jsonrpc": "2.0", "method": "echo", "params": [1], "id": 1}', -32602),
        (b'{"jsonrpc": "2.0", "method": "echo", "params": null, "id": 1}', -32602),
        (b'{"jsonrpc": "2.0", "method": "status", "params": {"x": 1}, "id": 1}', -32602),
        (b'{"jsonrpc": "2.0", "method": "subscribe", "params": {"x": 1}, "id": 1}', -32602),
        (b'{"jsonrpc": "2.0", "method": "fire", "id": 1}', 1),
        (b'{"jsonrpc": "2.0", "method": "break", "id": 1}', -32603),
        (b'{"jsonrpc": "2.0", "method": "give.nonsense", "id": 1}', -32603),
    ],
)
def test_a_faulty_line_gets_one_error_and_the_connection_goes_on(path, box, line, code):
    (answer,) = ask(path, line)
    assert answer["error"]["code"] == code
    assert answer["error"]["message"]


def test_a_refusal_carries_its_word_and_its_sentence(path, box):
    (answer,) = ask(path, request("fire"))
    assert answer["error"]["data"] == {"word": "refused"}
    assert answer["error"]["message"].startswith("focus is not dialled in yet")


def test_the_id_of_a_faulty_request_is_sent_back(path, box):
    (answer,) = ask(path, b'{"jsonrpc": "1.0", "method": "echo", "id": "mine"}')
    assert answer["id"] == "mine"


def test_a_fault_of_ours_is_logged_with_its_traceback_and_tells_the_client_nothing(path, box, caplog):
    with caplog.at_level(logging.ERROR, "backbutton"):
        (answer,) = ask(path, request("break"))
    assert "ZeroDivisionError" in caplog.text
    assert "Zero" not in answer["error"]["message"]


def test_a_line_at_the_limit_is_read(path, box):
    start = b'{"jsonrpc":"2.0","id":1,"method":"echo","params":{"a":"'
    text = start + b"x" * (LONGEST_LINE - len(start) - 3) + b'"}}'
    assert ask(path, text)[0]["result"]["a"].startswith("xxx")


@pytest.mark.parametrize("length", [LONGEST_LINE + 1, 1024 * 1024])
def test_a_line_over_the_limit_gets_one_error_and_the_connection_goes_on(path, box, length):
    (answer,) = ask(path, b"x" * length)
    assert answer["error"]["code"] == -32600
    assert "65536 bytes" in answer["error"]["message"]


def test_a_long_line_is_answered_before_it_ends(path, box):
    with Wire(path) as wire:
        wire.send(b"x" * 100_000)
        assert wire.read()["error"]["code"] == -32600


def test_events_come_to_those_who_subscribed_until_they_unsubscribe(path, box):
    with Wire(path) as listener, Wire(path) as other:
        assert listener.answers(request("subscribe"))[0]["result"] is True
        assert other.answers(request("say", text="first"))[0]["result"] is True
        event = {"kind": "said", "text": "first", "at_ns": 1, "now_ns": NOW_NS}
        assert listener.read() == {"jsonrpc": "2.0", "method": "event", "params": event}
        assert listener.answers(request("unsubscribe"))[0]["result"] is True
        other.answers(request("say", text="second"))
        assert listener.answers(b"") == []


def test_who_is_connected_is_told_without_the_one_who_asks(path, box):
    with Wire(path) as listener, Wire(path) as silent, Wire(path) as other:
        listener.answers(request("subscribe", name="page"))
        silent.answers(request("echo"))
        expected = [{"name": "", "subscribed": False}, {"name": "page", "subscribed": True}]
        assert other.answers(request("clients"))[0]["result"] == {"clients": expected}


@pytest.mark.parametrize("name", ["x" * 41, "a\nb", 7, None])
def test_a_client_has_a_short_name_of_one_line(path, box, name):
    [answer] = ask(path, request("subscribe", name=name))
    assert answer["error"]["code"] == -32602
    assert "at most 40 characters" in answer["error"]["message"]


def test_a_slow_reader_is_dropped_and_nobody_waits_for_it(path, box):
    with Wire(path) as slow, Wire(path) as other:
        slow.answers(request("subscribe"))
        assert other.answers(request("shout", times=2000))[0]["result"] is True
        with pytest.raises(ValueError, match=r"Expecting value|Unterminated string"):
            [slow.read() for _ in range(2000)]


def test_a_client_that_asks_and_never_reads_is_dropped(path, box):
    with Wire(path) as greedy:
        text = request("echo", a="x" * 60_000) + b"\n"
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            for _ in range(100):
                greedy.send(text)
    assert ask(path, request("echo")) != []


def test_a_client_may_go_without_reading_its_answer(path, box):
    for _ in range(5):
        with Wire(path) as rude:
            rude.send(request("status") + b"\n" + request("status"))
    assert ask(path, request("echo")) != []


def test_a_client_that_only_stops_sending_gets_its_answer(path, box):
    with Wire(path) as wire:
        wire.send(request("echo") + b"\n")
        wire.socket.shutdown(socket.SHUT_WR)
        assert wire.read()["id"] == 1
        assert wire.file.read() == b""


def test_a_client_too_many_is_turned_away(path, box):
    clients = [Wire(path) for _ in range(MOST_CLIENTS)]
    for client in clients:
        client.answers(b"")
    with Wire(path) as late:
        assert late.file.read() == b""
    for client in clients:
        client.__exit__()


def test_the_socket_is_for_owner_and_group_and_goes_with_the_server(path):
    with served(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
    assert not path.exists()


def test_a_socket_left_behind_is_replaced(path):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    with served(path):
        assert ask(path, request("echo")) != []


def test_closing_breaks_connections_that_are_open(path):
    with served(path):
        wire = Wire(path)
        wire.answers(b"")
    with wire:
        assert wire.file.read() == b""


def test_closing_twice_or_before_the_start_is_no_fault(path):
    async def session():
        server = ControlServer(FakeBox(), path, lambda: NOW_NS)
        await server.close()
        await server.start()
        await server.close()
        await server.close()

    asyncio.run(session())


@pytest.mark.parametrize("name", ["no/such/folder", "x" * 200, "file"])
def test_a_place_that_cannot_be_used_is_a_sentence(tmp_path, name):
    (tmp_path / "file").write_text("precious")
    server = ControlServer(FakeBox(), tmp_path / name, lambda: NOW_NS)
    with pytest.raises(DaemonError, match="cannot listen there"):
        asyncio.run(server.start())
    assert (tmp_path / "file").read_text() == "precious"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
REQUESTS = st.fixed_dictionaries(
    {}, optional={"jsonrpc": st.just("2.0") | JSON, "method": st.just("echo") | JSON, "id": JSON, "params": JSON}
)


@given(st.binary(max_size=200) | (REQUESTS | JSON).map(lambda each: json.dumps(each).encode()))
def test_whatever_comes_is_answered_with_one_object_or_not_at_all(line):
    answer = respond(FakeBox().call, line, lambda: NOW_NS)
    if answer is not None:
        assert answer.endswith(b"\n")
        assert answer.count(b"\n") == 1
        message = json.loads(answer, parse_constant=pytest.fail)
        assert message["jsonrpc"] == "2.0"
        assert ("result" in message) != ("error" in message)
        assert message["now_ns"] == NOW_NS


class SlowBox(FakeBox):
    """A box whose `read` takes until `finish`."""

    def __init__(self):
        super().__init__()
        self.pending = []

    def do_read(self):
        self.pending.append(PendingReply())
        return self.pending[-1]

    def do_finish(self, number, fails=False):
        pending = self.pending[number]
        if fails:
            pending.fail(CommandError("value", "there is no such save"))
        else:
            pending.succeed({"read": number})


@pytest.fixture
def slow(path):
    with served(path, SlowBox) as box:
        yield box


def test_answers_keep_the_order_of_the_requests_though_one_takes_longer(path, slow):
    with Wire(path) as wire, Wire(path) as other:
        wire.send(b"\n".join((request("read", 1), request("echo", 2), request("read", 3), request("echo", 4), b"")))
        other.answers(request("status"))
        other.answers(request("finish", number=1))
        other.answers(request("finish", number=0))
        assert [wire.read()["id"] for _ in range(4)] == [1, 2, 3, 4]
        assert slow.deeds[:4] == ["read", "echo", "read", "echo"]  # a cut is carried out at once


def test_a_pending_request_that_fails_is_answered_with_its_sentence(path, slow):
    with Wire(path) as wire, Wire(path) as other:
        wire.send(request("read") + b"\n")
        wire.send(b'{"jsonrpc": "2.0", "method": "read"}\n')
        while len(slow.pending) < 2:
            other.answers(b"")
        other.answers(request("finish", number=0, fails=True))
        assert wire.read()["error"]["message"] == "there is no such save"
        other.answers(request("finish", number=1))
        assert wire.answers(b"") == []


def test_a_client_may_go_before_its_reply_is_ready(path, slow):
    with Wire(path) as other:
        with Wire(path) as rude:
            rude.send(request("read") + b"\n")
            while not slow.pending:
                other.answers(b"")
        other.answers(b"")
        assert other.answers(request("finish", number=0))[0]["result"] is None


def test_a_client_that_asks_on_and_on_behind_a_slow_disk_is_dropped(path, slow):
    with Wire(path) as greedy:
        greedy.send(request("read") + b"\n")
        text = request("echo", a="x" * 60_000) + b"\n"
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            for _ in range(100):
                greedy.send(text)
    assert ask(path, request("echo")) != []
