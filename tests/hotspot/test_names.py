import shutil
import socket
import subprocess
import threading

import pytest
from support import PATIENCE_S

from controller.errors import CommandError
from controller.hotspot import names
from controller.hotspot.names import ADDRESS, HOST, NamesFile, are_answered, last_address, question

LOCAL = "127.0.0.1"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "dnsmasq-shared.d" / "backbutton.conf"


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOCAL, 0))
        return probe.getsockname()[1]


def test_the_file_is_there_only_between_write_and_remove(file):
    written = NamesFile(file)
    assert not written.is_written
    for _ in range(2):
        written.write()
        assert written.is_written
    assert [path.name for path in file.parent.iterdir()] == ["backbutton.conf"]
    for _ in range(2):
        written.remove()
        assert not written.is_written


@pytest.mark.parametrize("content", [b"address=/#/10.42.0.1\n", b"", b"\xff\xfe"])
def test_another_file_is_replaced(file, content):
    file.parent.mkdir()
    file.write_bytes(content)
    assert not NamesFile(file).is_written
    NamesFile(file).write()
    assert NamesFile(file).is_written


def test_a_file_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "in-the-way").write_text("")
    with pytest.raises(CommandError, match="cannot be written: ") as error:
        NamesFile(tmp_path / "in-the-way" / "backbutton.conf").write()
    assert "\n" not in error.value.sentence


@pytest.mark.skipif(shutil.which("dnsmasq", path="/usr/sbin:/usr/bin") is None, reason="needs dnsmasq-base")
def test_with_the_file_a_real_dnsmasq_answers_every_name_with_the_box(file):
    NamesFile(file).write()
    port = free_port()
    dnsmasq = shutil.which("dnsmasq", path="/usr/sbin:/usr/bin")
    words = (
        "--conf-file=/dev/null",
        f"--conf-dir={file.parent}",
        "--keep-in-foreground",
        "--bind-interfaces",
        "--no-hosts",
    )
    process = subprocess.Popen(
        [dnsmasq, *words, f"--listen-address={LOCAL}", f"--port={port}", "--pid-file=", "--user="]
    )
    try:
        assert are_answered(LOCAL, port)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(PATIENCE_S)
            asker.connect((LOCAL, port))
            for name in (HOST, "backbutton", "captive.apple.com", "www.example.org"):
                asker.send(question(name))
                assert last_address(asker.recv(512)) == ADDRESS
            ipv6 = question(HOST)[:-4] + b"\0\x1c\0\1"
            asker.send(ipv6)
            reply = asker.recv(512)
            assert (reply[3] & 15, reply[6:8]) == (0, b"\0\0")  # no error, and no address
    finally:
        process.kill()
        process.wait()


def test_a_name_server_that_says_something_else_is_not_ours(monkeypatch):
    monkeypatch.setattr(names, "_TRIES", 2)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((LOCAL, 0))
        server.settimeout(PATIENCE_S)

        def answer():
            for _ in range(2):
                asked, sender = server.recvfrom(512)
                server.sendto(asked[:7] + b"\1" + asked[8:] + socket.inet_aton("192.0.2.1"), sender)

        thread = threading.Thread(target=answer)
        thread.start()
        assert not are_answered(LOCAL, server.getsockname()[1])
        thread.join()


def test_where_nobody_answers_it_ends(monkeypatch):
    monkeypatch.setattr(names, "_TRIES", 3)
    assert not are_answered(LOCAL, free_port())


def test_a_reply_without_an_answer_has_no_address():
    assert last_address(question(HOST)) == last_address(b"") == last_address(b"\0" * 11) == ""
