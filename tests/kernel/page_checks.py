"""Used by scenarios/page.sh, in the guest, on Debian's own Python: a phone asks for the page, and somebody looks at the lines.

Call: page_checks.py names | visit | pair | fire | status. The phone is curl in the
network namespace `phone`, with the headers of a browser. Exits with status 1 at the first check that fails.
"""

import json
import secrets
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

from lines import Line, Recorder, pulses

from controller.client import Client

BOX = "192.168.50.1"
HOST = "backbutton.local"
PHONE = ("ip", "netns", "exec", "phone")
JAR = "/run/cookies"
AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
UNIT = "backbutton-page.service"
FOCUS, SHUTTER, RUN_BUTTON = 17, 27, 12
MS, S = 1_000_000, 1_000_000_000
PATIENCE_S = 180


def check(what, is_so):
    if not is_so:
        sys.exit(f"NOT SO: {what}")
    print(f"ok: {what}", flush=True)


def wait_for(what, is_so):
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            sys.exit(f"NOT SO: waited {PATIENCE_S} s for {what}")
        time.sleep(0.2)


def start(path, body=None, *more):
    """Begin a request as the page's script sends it; without a body, as a browser opens a page."""
    sent = ["-H", f"Origin: http://{HOST}", "--json", json.dumps(body)] if body is not None else []
    command = [*PHONE, "curl", "-s", "--compressed", "-m", str(PATIENCE_S), "-A", AGENT, "-b", JAR, "-c", JAR,
               "--resolve", f"{HOST}:80:{BOX}", "-w", "\n%{http_code}", *sent, *more, f"http://{HOST}{path}"]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def end(request):
    """Return the status of a request, and its answer as JSON or text; status 0 without an answer."""
    body, _, status = request.communicate()[0].rpartition("\n")
    try:
        return int(status), json.loads(body)
    except ValueError:
        return int(status), body


def ask(path, body=None, *more):
    return end(start(path, body, *more))


def call(method, **params):
    status, answer = ask(f"/call/{method}", params)
    check(f"{method}: {status}", status == 200)
    return answer


def stamps(within_ns=2 * S):
    return {"not_after_ns": daemon("status")["now_ns"] + within_ns, "id": secrets.token_hex(16)}


def daemon(method, **params):
    """Ask the daemon itself, past the page."""
    with Client.connect(Path("/run/backbutton/control.sock")) as client:
        return client.call(method, **params)


def is_at_rest():
    return (Line(FOCUS).value, Line(SHUTTER).value) == (0, 0) and daemon("status")["release"] == "IDLE"


def main_pid():
    shown = subprocess.run(
        ["systemctl", "show", "-p", "MainPID", "--value", UNIT], stdout=subprocess.PIPE, check=True
    )
    return int(shown.stdout)


def widths(events, line):
    return [None if width is None else round(width / MS) for _, width in pulses(events, line)]


# -- names -------------------------------------------------------------------------------------------


def answer_to(name, kind):
    """Return what the network answers to a question for a name by multicast DNS, as bytes."""
    labels = b"".join(bytes([len(word)]) + word.encode() for word in name.split("."))
    question = struct.pack(">6H", 0, 0, 1, 0, 0, 0) + labels + struct.pack(">BHH", 0, kind, 1)
    asked = f"""
import socket, sys
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
asker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("192.168.50.9"))
asker.settimeout(2)
for _ in range(30):
    asker.sendto({question!r}, ("224.0.0.251", 5353))
    try:
        sys.stdout.buffer.write(asker.recv(1500))
        break
    except TimeoutError:
        pass
"""
    return subprocess.run([*PHONE, sys.executable, "-c", asked], stdout=subprocess.PIPE, check=True).stdout


def names():
    check(f"the network knows {HOST}, {BOX}", socket.inet_aton(BOX) in answer_to(HOST, 1))
    check(
        "and a web page: backbutton on backbutton", b"backbutton on backbutton" in answer_to("_http._tcp.local", 12)
    )


# -- visits ------------------------------------------------------------------------------------------


def visit():
    status, page = ask("/")
    check(f"GET /: {status}, {len(page)} bytes", status == 200 and "<html" in page)
    status, script = ask("/static/main.js")
    check(f"GET /static/main.js: {status}, {len(script)} bytes", status == 200)


def pair():
    Path(JAR).write_text("", encoding="ascii")
    status, answer = ask("/call/status", {})
    check(f"status, unpaired: {status}, {answer['error']['text']}", status == 401)
    with Recorder([FOCUS, SHUTTER]) as eyes:
        status, asked = ask("/pair", {})
        check(f"POST /pair: {status}, {asked['text']}", status == 200)
        waiting = start("/pair/wait", {"request": asked["request"]})
        Line(RUN_BUTTON).press(0.1)
        status, answer = end(waiting)
        check(f"run is pressed: {status}, {answer}", answer["state"] == "paired")
        time.sleep(1)
        check("no contact has moved", eyes.events == [])
    cookie = Path(JAR).read_text(encoding="ascii")
    check("the phone has a cookie that no script reads", "#HttpOnly_backbutton.local" in cookie)
    check("it may look", call("status")["result"]["focus"] == "UNFOCUSED")
    check("its name is told", daemon("pairing.list")["phones"][0]["name"] == "iPhone")


def fire():
    foreign = ("-H", "Sec-Fetch-Site: cross-site")
    dial_in()
    with Recorder([FOCUS, SHUTTER]) as eyes:
        check("another site may not fire", ask("/call/fire", stamps(), *foreign)[0] == 403)
        late = stamps(-1)
        status, answer = ask("/call/fire", late)
        check(f"too late: {status}, {answer['error']['text']}", status == 409)
        once = stamps()
        began_ns = time.monotonic_ns()
        check("FIRE", ask("/call/fire", once, "-H", "Sec-Fetch-Site: same-origin")[0] == 200)
        wait_for("a frame", lambda: eyes.events and is_at_rest())
        status, answer = ask("/call/fire", once)
        check(f"the same again: {status}, {answer['error']['text']}", status == 409)
        time.sleep(2)
    (frame,) = pulses(eyes.events, SHUTTER)
    check(f"the line saw one frame, {(frame[0] - began_ns) / MS:.1f} ms after the press: "
          f"FOCUS {widths(eyes.events, FOCUS)} ms, SHUTTER {widths(eyes.events, SHUTTER)} ms", frame[1] is not None)  # fmt: skip


def dial_in():
    call("focus.hold", duration="500ms", **stamps())
    wait_for("focus", lambda: daemon("status")["focus"] == "DIALLED_IN" and is_at_rest())


def status():
    """The daemon and the page are new ones, and the phone is still paired."""
    began = time.monotonic()
    while ask("/call/status", {})[0] == 503 and time.monotonic() < began + PATIENCE_S:
        time.sleep(0.5)
    check(f"the phone is still paired: release {call('status')['result']['release']}", True)


if __name__ == "__main__":
    {"names": names, "visit": visit, "pair": pair, "fire": fire, "status": status}[sys.argv[1]]()
