"""The page in a real browser: a bench daemon and the page's server as processes, and Debian's chromium before them."""

import shutil
import socket
import time
from contextlib import ExitStack, contextmanager

from processes import daemon, started

from controller.client import Client

LIMIT_MS = 20_000  # for what must come; only a test that fails waits so long
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NAME = "backbutton.local"  # of the box in its network; the browser finds it here
PHONE = {"width": 390, "height": 844}
VIEWS = ("box", "plan", "camera", "settings", "log")
_KEPT = "try { for (const [name, text] of %s) localStorage.setItem(name, text); } catch {}"


def free_port():
    """Return a port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Table:
    """A box on the virtual bench and the server of its page, each of which can be stopped and started again."""

    def __init__(self, folder, *bench):
        self.folder = folder
        self.control = folder / "control.sock"
        self._bench = bench
        self._box = ExitStack()
        self._server = ExitStack()
        self.host = "127.0.0.1"
        self.port = free_port()

    def start_box(self):
        self._box.enter_context(daemon(self.folder, *self._bench))

    def stop_box(self):
        self._box.close()

    def start_page(self):
        """Serve the page, always at the same address."""
        arguments = ("page", "--socket", self.control, "--port", self.port)
        self.server = self._server.enter_context(started(*arguments, ready="http"))

    def stop_page(self):
        self._server.close()

    def close(self):
        self.stop_page()
        self.stop_box()

    @property
    def address(self):
        return f"http://{self.host}:{self.port}"

    def ask(self, method, **params):
        """Call the daemon itself, as a console does."""
        with Client.connect(self.control) as client:
            return client.call(method, **params)

    def value(self, key):
        return self.ask("settings.show", section=key)[0]["value"]

    def wait_for_value(self, key, value):
        """Wait until the box has that value of a setting."""
        deadline = time.monotonic() + LIMIT_MS / 1000
        with Client.connect(self.control) as client:
            while client.call("settings.show", section=key)[0]["value"] != value:
                assert time.monotonic() < deadline, f"{key} is not {value}, but {self.value(key)}"

    @contextmanager
    def listening(self):
        """Yield a client that hears the daemon's events."""
        with Client.connect(self.control) as client:
            client.call("subscribe")
            yield client

    def rest(self):
        """Bring the box back to where it began."""
        self.ask("cut")
        with Client.connect(self.control) as client:
            while client.call("status")["release"] != "IDLE":
                pass
            client.call("focus.clear")
            rows = client.call("settings.diff")
            for row in sorted(rows, key=lambda row: row["key"] != "shot.steps"):  # hand-steps need their ramp
                client.call("settings.reset", key=row["key"])

    def expose_for_seconds(self):
        """Make each frame last 2 s, so that a page on a busy machine sees the amber lamp lit."""
        self.ask("settings.set", key="shot.drive", value="bulb")
        self.ask("settings.set", key="shot.exposure", value="2s")

    def dial_in(self):
        """Dial in focus, as a console would."""
        with Client.connect(self.control) as client:
            client.call("focus.hold", duration="300ms")
            while client.call("status")["focus"] != "DIALLED_IN":
                pass


@contextmanager
def table_with(folder, *bench):
    table = Table(folder, *bench)
    with ExitStack() as stack:
        stack.callback(table.close)
        table.start_box()
        table.start_page()
        yield table


def frames(client):
    """Return how many frames the box has begun since it was last asked."""
    return sum(event["kind"] == "changed" and event["release"] == "EXPOSING" for event in client.events())


class Phone:
    """A page that is open in the browser, on a phone unless told otherwise."""

    def __init__(self, browser, table, *, night=None, **looks):
        choice = {None: "auto", True: "always", False: "never"}[night]
        kept = [["backbutton.night", choice], ["backbutton.look", "night" if night else "day"]]
        usual = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "timezone_id": "Europe/Zurich"}
        self.table = table
        self.looks = usual | looks
        self.context = browser.new_context(**self.looks)
        self.context.set_default_timeout(LIMIT_MS)
        if night is not None:
            self.context.add_init_script(_KEPT % kept)
        self.page = self.context.new_page()
        self.errors = []
        self.told = []  # what the browser noticed, for whoever reads a test that failed
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.told.append(message.text))
        self.page.on("requestfailed", lambda request: self.told.append(f"{request.url}: {request.failure}"))

    def as_new(self):
        """Forget what was kept, watched for, or changed on its way, and leave the page."""
        self.page.unroute_all()
        self.page.set_viewport_size(self.looks["viewport"])
        self.page.goto(f"{self.table.address}/static/icon.svg")  # the same origin, without a script
        self.page.evaluate("localStorage.clear()")
        self.context.clear_cookies()
        self.page.goto("about:blank")
        self.told.clear()
        return self

    def pair(self):
        """Open the page by a one-time link, and wait until it shows the box."""
        self.page.goto(f"{self.table.address}/pair#{self.table.ask('pairing.link')['code']}")
        self.wait_until_live()
        return self

    def wait_until_live(self):
        """Wait until the page shows the box as it is; a failure tells what it shows instead."""
        try:
            self.page.locator("fieldset.all:enabled .app").wait_for()
        except Exception as error:
            error.add_note(f"The page shows: {self.page.locator('body').inner_text()}")
            error.add_note(f"The browser told: {self.told[-20:]}")
            raise

    def go(self, view):
        """Go to a view by its link, as a finger does."""
        self.press(self.page.get_by_role("link", name=view, exact=True))

    def button(self, name):
        return self.page.get_by_role("button", name=name, exact=True)

    def press(self, button):
        """Tap a button, or click it where there is no touch."""
        if self.looks["has_touch"]:
            button.tap()
        else:
            button.click()

    def tap(self, name):
        """Press the button of that name."""
        self.press(self.button(name))

    def tap_twice(self, name):
        """Tap a button twice, before the page can draw anything between."""
        self.button(name).evaluate("button => { button.click(); button.click(); }")

    def holds(self, field, value):
        """Wait until a field has that value."""
        from playwright.sync_api import expect  # noqa: PLC0415 - a module without Playwright must be importable

        expect(field).to_have_value(value, timeout=LIMIT_MS)

    def see(self, text):
        """Wait until the text is to be seen."""
        self.page.get_by_text(text).first.wait_for()

    def sees_value(self, label, value):
        """Wait until the field of that label holds the value."""
        from playwright.sync_api import expect  # noqa: PLC0415 - only where there is Playwright

        field = self.page.get_by_label(label, exact=True)
        expect(field).to_have_value(value, timeout=LIMIT_MS)

    def assert_no_errors(self):
        assert self.errors == []

    def close(self):
        self.context.close()
        self.assert_no_errors()
