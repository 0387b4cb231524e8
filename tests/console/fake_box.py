"""A fake box: canned replies for every method of the control protocol, in a thread or a process."""

import asyncio
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

from config.cameras import Cameras
from config.listing import facts
from config.schema import FIELDS, SECTIONS
from controller.cameras import facts as cameras
from controller.daemon.control import ControlServer
from controller.errors import BadParamsError, CommandError, UnknownMethodError

NOW_NS = 7_000_000_000
NOT_FOCUSED = "focus is not dialled in yet; hold back while you focus"
CONSOLE = (
    "import sys; from pathlib import Path; from controller.console.main import run_console;"
    "sys.exit(run_console(Path(sys.argv[2]), None, 0, '--plain' in sys.argv))"
)


def fresh_status():
    return {
        "focus": "UNFOCUSED",
        "release": "IDLE",
        "lock": False,
        "lines": {"focus": "open", "shutter": "open"},
        "camera": "canon-e3",
        "model": None,
        "back_button_focus": True,
        "drive": "single",
        "mode": "single",
        "interlock": True,
        "warnings": [],
        "fault": None,
        "player": "SCHED_FIFO 70, memory locked",
        "exposing": None,
        "mirror_waits_ns": None,
        "unsaved": [],
        "bench": False,
        "run": None,
        "shutter_lag_ns": 0,
        "sync": None,
    }


RUN = {
    "slot": 11,
    "taking": None,
    "count": 300,
    "every_ns": 5_000_000_000,
    "every_end_ns": None,
    "fired": 10,
    "confirmed": None,
    "missed": None,
    "skipped": 1,
    "next_in_ns": 3_214_000_000,
    "elapsed_ns": 55_000_000_000,
    "ends_in_ns": 1_450_000_000_000,
    "ends_at": "2026-11-23 04:12:30 +0100",
    "waits": None,
    "exposure_ns": None,
    "trim": 0,
    "off_plan_stops": 0.0,
    "step": None,
}


class FakeBox:
    """A dispatcher that records its calls; `publish` is the server's."""

    def __init__(self, **status):
        self.status = fresh_status() | status
        self.asked = []
        self.values = {"interval.every": "5s", "camera.profile": "canon-e3"}
        self.publish = lambda _: None
        self.publishes_changes = False  # a real box does

    def call(self, method, params):
        self.asked.append((method, params))
        name = method.replace(".", "_")
        if not hasattr(self, f"do_{name}"):
            raise UnknownMethodError("unknown", f"no method {method!r}")
        try:
            return getattr(self, f"do_{name}")(**params)
        except TypeError as error:
            raise BadParamsError("usage", str(error)) from error

    def ask(self, method, /, **params):
        """Call a method as a session in this process does."""
        return self.call(method, params)

    @property
    def deeds(self):
        """The methods called, except `status`."""
        return [method for method, _ in self.asked if method != "status"]

    def states(self, **changes):
        self.status |= changes
        if self.publishes_changes:
            states = {key: self.status[key] for key in ("focus", "release", "lock")}
            self.publish({"kind": "changed", "at_ns": 1, **states})
        return {"focus": self.status["focus"], "release": self.status["release"], "did": None}

    def do_status(self):
        return self.status

    def do_log(self, run=None):
        if run is None:
            return {"lines": ["no run yet"], "runs": [{"run": 12}, {"run": 3}]}
        return {"lines": [f"run {run}"], "runs": [{"run": run}]}

    def do_fire(self):
        if self.status["focus"] != "DIALLED_IN":
            self.publish({"kind": "refused", "event": "fire", "reason": NOT_FOCUSED, "at_ns": 1})
            raise CommandError("refused", NOT_FOCUSED)
        return self.states(release="EXPOSING")

    def do_focus_hold(self, duration=None):
        return self.states(focus="FOCUSING", lines={"focus": "closed", "shutter": "open"})

    def do_focus_release(self):
        return self.states(focus="DIALLED_IN", lines={"focus": "open", "shutter": "open"})

    def do_focus_clear(self):
        return self.states(focus="UNFOCUSED")

    def do_start(self, when="now", count=None, every=None):
        self.states(release="WAITING", run=RUN)
        return {**self.states(), "run": RUN}

    def do_clock(self, time="2026-11-23T06:30"):
        return {"local": f"{time.replace('T', ' ')}:00 +0100", "is_trusted": True, "remark": None}

    do_clock_set = do_clock

    def do_calibrate(self):
        self.states(release="WAITING", run=RUN)
        return {**self.states(), "run": RUN}

    def do_cut(self):
        return self.states(release="IDLE", run=None, lines={"focus": "open", "shutter": "open"})

    def do_pause(self):
        return self.states(release="PAUSED")

    do_resume = do_stop = do_clear = do_step = do_pause

    def do_trim(self, stops):
        return {**self.states(), "did": f"the run is trimmed to {stops}", "run": RUN}

    def do_settings_show(self, section=None):
        rows = [
            {**facts(FIELDS[key]), "value": value, "origin": "set"}
            for key, value in self.values.items()
            if section in (None, key, key.partition(".")[0])
        ]
        if section not in (None, *SECTIONS, *FIELDS):
            raise CommandError("unknown", f'no section or setting "{section}"')
        return rows

    def do_settings_set(self, key, value):
        if key not in (*self.values, "camera.back_button_focus"):
            raise CommandError("value", f'unknown setting "{key}"')
        if self.values.get(key) != value:
            self.publish({"kind": "set", "values": {key: value}, "at_ns": 1})
        self.values[key] = value
        self.status["unsaved"] = [key]
        return {"key": key, "value": value, "restart": False, "also": [], "warnings": []}

    def do_settings_reset(self, key):
        return {"key": key, "value": "5s", "restart": True, "also": [], "warnings": []}

    def do_settings_diff(self):
        return [{"key": key, "saved": "5s", "now": self.values[key]} for key in self.status["unsaved"]]

    def do_settings_save(self):
        saved, self.status["unsaved"] = self.status["unsaved"], []
        return {"saved": saved}

    def do_settings_rollback(self, n=1):
        self.publish({"kind": "set", "values": {"interval.every": "7s"}, "at_ns": 1})
        return {"changed": ["interval.every"]}

    def do_bulb(self, exposure):
        values = {"shot.drive": "bulb", "shot.exposure": exposure}
        return {"values": values, "changed": list(values), "warnings": []}

    def do_presets(self):
        stars = {"name": "stars", "built_in": True, "number": None, "does": "bulb 20s, every 20.38s"}
        dusk = {"name": "dusk", "built_in": False, "number": 1, "does": "single frames, every 5s"}
        return {"presets": [stars, dusk], "faults": [], "last": None}

    def do_preset_apply(self, name):
        if name not in ("stars", "dusk"):
            raise CommandError("value", f'there is no preset "{name}"')
        values = {"shot.drive": "bulb"}
        self.publish({"kind": "set", "values": values, "preset": name, "at_ns": 1})
        return {"preset": name, "changed": list(values), "values": values, "warnings": []}

    def do_preset_save(self, name):
        text = f"preset {name} is saved"
        self.publish({"kind": "presets", "text": text, "marked": ["dusk"], "at_ns": 1})
        return {"did": text, "marked": ["dusk"]}

    def do_preset_mark(self, name, is_marked=True):
        return {"did": f"preset {name} is {'marked' if is_marked else 'not marked'}", "marked": []}

    def do_preset_delete(self, name):
        return {"did": f"preset {name} is deleted", "marked": []}

    def do_pairing_link(self):
        return {"code": "c0de", "seconds": 600}

    def do_pairing_list(self):
        return {"phones": [{"number": 1, "name": "iPhone"}]}

    def do_pairing_remove(self, number=None):
        return {"did": "not paired any more: iPhone"}

    def do_proof(self, body="R6"):
        asks = [{"name": "pictures", "text": "How many pictures are new?", "most": 3}]
        question = {"kind": "alone", "set": ["Set single frames."], "closes": "The box closes SHUTTER.", "asks": asks}
        return {
            "state": "asking",
            "profile": "canon-e3",
            "body": body,
            "number": 1,
            "asked": 0,
            "question": {**question, "looks_for": [asks[0]["text"]], "cannot": False, "closes_contacts": True},
            "said": [],
            "contradictions": [],
            "text": "SHUTTER alone, twice; about twenty answers are enough",
            "needs_press": True,
            "part": "all",
            "parts": [{"name": "gap", "text": "the shortest gap between two frames", "answers": 0}],
        }

    do_proof_begin = do_proof

    def do_plan(self):
        return {"refusals": [], "waveform": ["FOCUS    ____", "SHUTTER  _██_"], "lines": ["SHUTTER closes for 200ms"]}

    def do_cameras(self, profile=None):
        known = Cameras()
        return cameras.index(known) if profile is None else cameras.facts(known, profile)

    def do_thumb_press(self, button):
        return {"pressed": button}

    do_thumb_release = do_thumb_tap = do_thumb_press

    def do_thumb_hold(self, button, duration):
        return {"pressed": button, "for": duration}

    # For the tests of the protocol itself.

    def do_echo(self, **params):
        return params

    def do_break(self):
        raise ZeroDivisionError("a fault of ours")

    def do_give_nonsense(self):
        return {1, 2, 3}

    def do_say(self, text):
        self.publish({"kind": "said", "text": text, "at_ns": 1})
        return True

    def do_tell(self, event):
        self.publish(event)
        return True

    def do_shout(self, times, size=1000):
        for number in range(times):
            self.publish({"kind": "said", "text": "x" * size, "at_ns": number})
        return True


@contextmanager
def served(path, make=None, **status):
    """Run a fake box behind a real control server, in a thread of its own."""
    box = (make or FakeBox)(**status)
    loop = asyncio.new_event_loop()
    server = ControlServer(box, path, lambda: NOW_NS)
    box.publish = server.publish
    loop.run_until_complete(server.start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield box
    finally:
        asyncio.run_coroutine_threadsafe(server.close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def serve(path, **status):
    """Run a fake box as a process, until it is killed."""
    box = FakeBox(**status)
    server = ControlServer(box, Path(path), lambda: NOW_NS)
    box.publish = server.publish
    await server.start()
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
