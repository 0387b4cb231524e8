import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest
from page.browser import LIMIT_S, Browser, Server, make_static, serving
from processes import PROGRAM, daemon, run

from controller.client import Client
from controller.page.activity import Activity
from controller.page.listening import address_of, listeners

HALF_S_NS = 500_000_000


@pytest.fixture
def control(tmp_path):
    """The control socket of a box."""
    with daemon(tmp_path):
        yield tmp_path / "control.sock"


@pytest.fixture
def static(tmp_path):
    return make_static(tmp_path / "static")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_well_though_streams_are_open_and_somebody_waits(control, static, number):
    with serving(control, static) as page:
        phone = Browser(page).pair()
        asking = Browser(page)
        request = asking.post("/pair").json["request"]
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(asking.post("/pair/wait", {"request": request})))
        waiting.start()
        silent = socket.create_connection(("127.0.0.1", page.port), LIMIT_S)
        with phone.watching() as watching, silent:
            watching.wait("state")
            page.process.send_signal(number)
            names = {name for name, _ in watching.messages()}  # until the stream ends, as it should
            waiting.join()
        assert names <= {"state", "event"}
        assert answers[0].json["state"] == "waiting"
        assert page.process.wait(LIMIT_S) == 0
        assert page.process.stderr.read() == ""


def test_it_ends_though_a_browser_does_not_read(control, static):
    with serving(control, static) as page, socket.create_connection(("127.0.0.1", page.port), LIMIT_S) as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.sendall(f"GET /static/page.js HTTP/1.1\r\nHost: {page.host}\r\n\r\n".encode() * 500)
        Browser(page).get("/")
        page.process.terminate()
        assert page.process.wait(LIMIT_S) == 0


def test_it_ends_by_itself_when_nobody_has_asked_for_a_while(control, static):
    with serving(control, static, idle_ns=HALF_S_NS) as page:
        assert page.process.wait(LIMIT_S) == 0
        assert page.process.stderr.read() == ""


def test_it_stays_while_somebody_looks(control, static):
    with serving(control, static, idle_ns=HALF_S_NS) as page:
        phone = Browser(page).pair()
        with phone.watching() as watching:
            begun_ns = watching.wait("state")["now_ns"]
            watching.wait("state", lambda state: state["now_ns"] > begun_ns + 4 * HALF_S_NS)
            assert page.process.poll() is None
        assert page.process.wait(LIMIT_S) == 0


def test_it_never_ends_by_itself_if_it_is_not_told_to():
    assert Activity(lambda: None, 0, pytest.fail).begin() is None


def as_systemd(listener):
    """Return a command that passes a socket to the command that follows, as systemd does."""
    steps = (
        "import os, sys",
        f"os.dup2({listener.fileno()}, 3)",
        "os.environ.update(LISTEN_FDS='1', LISTEN_FDNAMES='x', LISTEN_PID=str(os.getpid()))",
        "os.execv(sys.argv[1], sys.argv[1:])",
    )
    return sys.executable, "-c", "; ".join(steps)


def test_it_serves_on_the_socket_that_systemd_passes(control, static):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        command = as_systemd(listener)
        for _ in range(2):  # the socket stays systemd's when the server has ended
            with serving(control, static, command=command, idle_ns=HALF_S_NS, pass_fds=[listener.fileno()]) as page:
                assert page.port == port
                assert Browser(page).get("/").status == 200
                assert page.process.wait(LIMIT_S) == 0
        with socket.create_connection(("127.0.0.1", port), LIMIT_S):
            pass


def test_a_request_during_the_end_waits_for_the_next_start(control, static):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        answer = []
        asking = threading.Thread(
            target=lambda: answer.append(urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=LIMIT_S).status)
        )
        asking.start()
        command = as_systemd(listener)
        with serving(control, static, command=command, pass_fds=[listener.fileno()]):
            asking.join()
    assert answer == [200]


def test_a_socket_for_another_process_is_not_taken():
    environment = {"LISTEN_FDS": "1", "LISTEN_PID": str(os.getppid()), "LISTEN_FDNAMES": "x", "HOME": "/"}
    (listener,) = listeners("127.0.0.1", 0, environment)
    with listener:
        assert listener.getsockname()[1] != 0
    assert environment == {"HOME": "/"}


def test_a_place_that_is_taken_is_a_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        result = run("page", "--port", listener.getsockname()[1], "--socket", tmp_path / "none.sock")
    assert result.returncode == 1
    assert "cannot listen there (Address already in use); choose another --host or --port" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(("option", "value"), [("--port", "x"), ("--port", "65536"), ("--idle-exit", "soon")])
def test_an_option_that_makes_no_sense_is_a_sentence(option, value):
    result = run("page", option, value)
    assert result.returncode == 2
    assert "see backbutton page --help" in result.stderr


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:{}/"),
        ("0.0.0.0", "http://127.0.0.1:{}/"),
        ("::1", "http://[::1]:{}/"),
        ("::", "http://[::1]:{}/"),
    ],
)
def test_the_address_is_one_to_type_into_a_browser(host, address):
    if ":" in host and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    (listener,) = listeners(host, 0, {})
    with listener:
        assert address_of(listener) == address.format(listener.getsockname()[1])


def test_a_server_killed_while_it_fires_leaves_nothing_closed_and_fires_once(control, static):
    stamps = {"id": secrets.token_hex(16), "not_after_ns": time.monotonic_ns() + 20_000_000_000}
    with Client.connect(control) as console:
        console.call("subscribe")
        console.call("settings.set", key="focus.interlock", value="false")
        with serving(control, static) as page:
            phone = Browser(page).pair()
            connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=LIMIT_S)
            body = json.dumps(stamps)
            connection.request("POST", "/call/fire", body, phone.headers())
            kinds = []
            while "EXPOSING" not in kinds:
                kinds += [event["release"] for event in console.events() if event["kind"] == "changed"]
            page.process.kill()
            connection.close()
        with serving(control, static) as page:
            again = Browser(page)
            again.token = phone.token
            while console.call("status")["release"] != "IDLE":
                pass
            assert set(console.call("status")["lines"].values()) == {"open"}
            answer = again.call("fire", **stamps)
            assert (answer.status, answer.word) == (409, "refused")
        kinds += [event["release"] for event in console.events() if event["kind"] == "changed"]
        assert kinds.count("EXPOSING") == 1


def test_no_token_and_no_code_reaches_a_log(control, static):
    with serving(control, static) as page:
        phone = Browser(page).pair()
        code = page.ask("pairing.link")["code"]
        Browser(page).post("/pair/link", {"code": code + "x"})
        phone.get(f"/{phone.token}")
        phone.call("fire")
        phone.post("/call/status", b"\xff" + code.encode())
        Browser(page).send(f"{code}", "/", headers={"Host": page.host, "Cookie": f"backbutton={phone.token}"})
        page.process.terminate()
        page.process.wait(LIMIT_S)
        assert page.process.stderr.read() + page.process.stdout.read() == ""


def test_the_virtual_bench_is_served_with_a_link_that_pairs():
    command = [*PROGRAM, "simulate", "--page", "--port", "0", "--camera", "D850"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        try:
            link = next(line for line in process.stdout if "/pair#" in line)
            host, _, code = link.rstrip().removeprefix("http://").partition("/pair#")
            browser = Browser(Server(process, int(host.rpartition(":")[2]), None))
            assert browser.post("/pair/link", {"code": code}).status == 200
            assert browser.call("status").json["result"]["model"] == "Nikon D850"
            process.send_signal(signal.SIGINT)
            assert process.wait(LIMIT_S) == 0
        finally:
            process.kill()


def test_options_that_do_not_go_with_the_page_are_refused(tmp_path):
    assert "do not go with --page" in run("simulate", "--page", "--fast").stderr
    assert "--port needs --page" in run("simulate", "--port", "1").stderr


def test_the_page_says_what_is_missing_where_its_libraries_are(tmp_path):
    """As with a plain `pip install backbutton`, without the extra."""
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError(\"No module named 'uvicorn'\", name='uvicorn')")
    result = subprocess.run(
        [sys.executable, "-m", "controller.cli", "page", "--port", "0"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert 'the page needs uvicorn, which is not installed; run: pip install "backbutton[page]"' in result.stderr
