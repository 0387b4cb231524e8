import os
import select
import socket
import threading

import pytest
from console.fake_box import served

from controller.client import Client, LineCutter
from controller.errors import CommandError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "control.sock"


@pytest.fixture
def client(path):
    with served(path), Client.connect(path, 10) as client:
        yield client


def test_a_call_returns_the_result(client):
    assert client.call("echo", a=1, method="x") == {"a": 1, "method": "x"}


@pytest.mark.parametrize(
    ("method", "params", "word", "sentence"),
    [
        ("fire", {}, "refused", "focus is not dialled in yet"),
        ("no.such", {}, "unknown", "no method"),
        ("settings.set", {"key": "x", "value": "1"}, "value", "unknown setting"),
        ("settings.set", {}, "usage", "missing"),
        ("break", {}, "fault", "the daemon made a mistake"),
    ],
)
def test_a_call_that_fails_has_a_word_and_a_sentence(client, method, params, word, sentence):
    with pytest.raises(CommandError, match=sentence) as caught:
        client.call(method, **params)
    assert caught.value.word == word
    assert client.call("echo") == {}


def test_events_are_kept_until_they_are_taken(client):
    client.call("subscribe")
    client.call("say", text="one")
    client.call("say", text="two")
    assert [event["text"] for event in client.events()] == ["one", "two"]
    assert client.events() == []


def test_the_descriptor_is_readable_when_an_event_has_arrived(path, client):
    client.call("subscribe")
    with Client.connect(path) as other:
        other.call("say", text="hello")
    assert select.select([client], [], [], 10)[0]
    assert [event["text"] for event in client.events()] == ["hello"]


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.write_text(""), lambda path: path.mkdir()])
def test_without_a_daemon_it_is_offline_with_socket_and_remedy(path, make):
    make(path)
    with pytest.raises(CommandError, match=r"control\.sock.*sudo systemctl status backbutton") as caught:
        Client.connect(path)
    assert caught.value.word == "offline"


def test_a_path_too_long_for_a_socket_is_offline_too(tmp_path):
    with pytest.raises(CommandError, match="offline"):
        Client.connect(tmp_path / ("x" * 200))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_socket_without_permission_names_the_group_to_join(path):
    with served(path):
        path.chmod(0)
        with pytest.raises(CommandError, match="usermod -aG backbutton"):
            Client.connect(path)


def test_after_the_daemon_is_lost_every_call_is_offline(path):
    with served(path):
        client = Client.connect(path)
        client.call("status")
    for _ in range(2):
        with pytest.raises(CommandError, match=r"lost the connection.*sudo systemctl status backbutton") as caught:
            client.call("status")
        assert caught.value.word == "offline"
    with pytest.raises(CommandError, match="offline"):
        client.events()
    assert client.fileno() == -1


def test_the_last_events_of_a_daemon_are_not_lost(path):
    with served(path):
        client = Client.connect(path)
        client.call("subscribe")
        client.call("say", text="goodbye")
    with client:
        assert [event["text"] for event in client.events()] == ["goodbye"]
        with pytest.raises(CommandError, match="offline"):
            client.events()


def answering(path, *answers):
    """Run a server that sends fixed bytes to its one client."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve():
        with listener, listener.accept()[0] as peer:
            for answer in answers:
                peer.recv(1000)
                peer.sendall(answer)
            while peer.recv(1000):
                pass

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_a_daemon_that_does_not_answer_in_time_is_offline(path):
    thread = answering(path)
    with (
        Client.connect(path, 0.01) as client,
        pytest.raises(CommandError, match="may or may not have been carried out") as caught,
    ):
        client.call("fire")
    assert caught.value.word == "offline"
    thread.join()


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\n", b"[]\n", b"\xff\n", b"\n"])
def test_another_program_at_the_socket_is_reported(path, answer):
    thread = answering(path, answer)
    with Client.connect(path) as client, pytest.raises(CommandError, match="does not speak the control protocol"):
        client.call("status")
    thread.join()


def test_the_reply_to_another_request_is_ignored(path):
    thread = answering(path, b'{"jsonrpc":"2.0","id":99,"result":0}\n{"jsonrpc":"2.0","id":1,"result":5}\n')
    with Client.connect(path) as client:
        assert client.call("status") == 5
    thread.join()


@pytest.mark.parametrize("step", [1, 2, 3, 100])
def test_lines_are_the_same_in_any_chunks(step):
    cutter = LineCutter(5)
    text = b"one\n\nfive5\nsix666\n" + b"x" * 50 + b"\ntwo\nrest"
    lines = [line for at in range(0, len(text), step) for line in cutter.feed(text[at : at + step])]
    assert lines == [b"one", b"", b"five5", None, None, b"two"]
    assert cutter.rest() == b"rest"
