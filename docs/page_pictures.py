"""Pictures of the page on a phone, for the documents: `make page-pictures` plays with a virtual box and takes them.

Given names of pictures it takes only those. Needs Debian's chromium, and Playwright. The clock and the durations in
them differ from play to play, so no test compares them.
"""

import base64
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from config.cameras import Cameras
from controller.prove.asking import next_question
from controller.prove.proof import Proof, answered, to_json
from controller.simulate.proving import answer_of
from hardware.virtual.owner import VirtualOwner
from hardware.virtual.quirks import quirks_of

FOLDER = Path(__file__).parent
BROWSER = "/usr/bin/chromium"
_OK = 200
_PHONE = {"width": 390, "height": 844}
_CAMERA = "nikon-10pin"  # of a D850
_BODY = "Nikon D850"
_LINK = re.compile(r"http://\S+/pair#\S+")


@contextmanager
def _box(*options: str) -> Iterator[tuple[str, Path]]:
    """Yield a link that pairs a browser with a virtual box, and the state directory of that box."""
    command = [sys.executable, "-m", "controller.cli", "simulate", "--page", "--port", "0", *options]
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(  # noqa: S603 - our own program
            command, stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": folder}
        ) as program,
    ):
        assert program.stdout is not None
        try:
            link = next((found[0] for line in program.stdout if (found := _LINK.search(line))), None)
            if link is None:
                raise SystemExit("the virtual box did not start; its message is above")
            [state] = Path(folder).glob("backbutton-*")
            yield link, state
        finally:
            program.terminate()


def _phone(browser: Browser, link: str, look: str) -> Page:
    context = browser.new_context(
        viewport=_PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, timezone_id="Europe/Zurich"
    )
    context.add_init_script(f'localStorage.setItem("backbutton.night", "{look}")')
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name=re.compile("Set it from this phone")).click()
    page.get_by_text("The box's clock is not set").wait_for(state="detached")
    page.get_by_role("button", name="Close").click()
    return page


def _set(page: Page, key: str, value: str) -> None:
    """Change a setting as the page itself does, without taking the picture to another view."""
    status = page.evaluate(
        """async ([key, value]) => (await fetch("/call/settings.set", {
            method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify({key, value}),
        })).status""",
        [key, value],
    )
    assert status == _OK, f"{key} was not set"


def _dial_in(page: Page) -> None:
    page.get_by_role("button", name="Focus is set").click()
    page.get_by_text("Focus is dialled in").first.wait_for()


def _run_by_night(page: Page) -> None:
    """A run, some frames old."""
    _set(page, "interval.count", "300")
    _dial_in(page)
    page.get_by_role("button", name="Start run").click()
    page.get_by_text(re.compile(r"[3-9] fired")).wait_for()


def _plan_by_day(page: Page) -> None:
    """The plan of exposures of 20 s."""
    page.get_by_role("link", name="Plan").click()
    _set(page, "interval.count", "240")
    page.get_by_role("button", name=re.compile("^stars")).click()
    page.get_by_text(re.compile("A run takes")).first.wait_for()
    page.get_by_text("SHUTTER", exact=True).first.scroll_into_view_if_needed()


def _set_up(page: Page) -> None:
    """The menu steps of a camera."""
    page.get_by_role("link", name="Camera").click()
    page.get_by_role("textbox").fill("a7 iii")
    page.get_by_role("button", name=re.compile("7 III")).first.click()
    page.get_by_text(re.compile("half-press its shutter button")).first.wait_for()


def _refusal(page: Page) -> None:
    """A press that the box refuses, with the reason."""
    page.get_by_role("button", name="FIRE").click()
    page.get_by_text(re.compile("not dialled in yet")).first.wait_for()


def _open_proof(page: Page) -> None:
    page.get_by_role("link", name="Camera").click()
    page.get_by_role("link", name="Prove this camera").click()


def _first_question(page: Page) -> None:
    """What to set, and what the box will close."""
    _open_proof(page)
    page.get_by_role("textbox").fill(_BODY)
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("Question 1.").wait_for()


def _seen(page: Page) -> None:
    """The same question once it is pressed, with its answers chosen."""
    _first_question(page)
    page.get_by_role("button", name="Ready: close them now").click()
    for question, answer in (("How many", "2"), ("Did the lens move", "No"), ("come late", "No")):
        page.get_by_role("group", name=re.compile(question)).get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="That is what I saw").scroll_into_view_if_needed()


def _said_so_far(page: Page) -> None:
    """A later question, and what is proven before it."""
    _open_proof(page)
    page.get_by_text("What the answers say so far").click()


def _outcome(page: Page) -> None:
    """What the box goes by from now on."""
    _open_proof(page)
    page.get_by_role("button", name="Go by it").click()
    page.get_by_text("The box goes by what was proven").wait_for()


class Scene(NamedTuple):
    """A picture of a phone: title, look, how to come there, and how many answers of a proof are given before."""

    title: str
    look: str
    play: Callable[[Page], None]
    answers: int = 0


_ALL = 100  # more than a proof asks
PICTURES: Mapping[str, tuple[Scene, ...]] = {
    "page.png": (
        Scene("A run, by night", "always", _run_by_night),
        Scene("The plan, by day", "never", _plan_by_day),
        Scene("Set-up by the camera's name", "never", _set_up),
        Scene("Refused, and why", "never", _refusal),
    ),
    "page-prove.png": (
        Scene("What to set, and what closes", "never", _first_question),
        Scene("What you see", "never", _seen),
        Scene("What the answers say so far", "never", _said_so_far, answers=16),
        Scene("What the box goes by then", "never", _outcome, answers=_ALL),
    ),
}


def _leave_proof(state: Path, answers: int) -> None:
    """Leave a proof in a box's state directory that the owner of its camera has answered so far."""
    camera = Cameras().load(_CAMERA)
    assert camera.mirror_up is not None
    proof = Proof(camera.id, _BODY, camera.bulb, camera.mirror_up.kind)
    owner = VirtualOwner(quirks_of(camera, half_press_focuses=False))
    while len(proof.entries) < answers and (press := next_question(proof)) is not None:
        proof = answered(proof, press, answer_of(owner, press))
    (state / "proof.json").write_text(json.dumps(to_json(proof)))


def _shots(browser: Browser, scenes: tuple[Scene, ...]) -> Iterator[tuple[str, bytes]]:
    for scene in scenes:
        with _box("--camera", "D850") as (link, state):
            if scene.answers:
                _leave_proof(state, scene.answers)
            page = _phone(browser, link, scene.look)
            scene.play(page)
            page.wait_for_timeout(600)  # what moves comes to rest
            yield scene.title, page.screenshot()
            page.context.close()


def _beside_each_other(shots: list[tuple[str, bytes]]) -> str:
    figures = "".join(
        f'<figure><img src="data:image/png;base64,{base64.b64encode(shot).decode()}"><figcaption>{title}</figcaption>'
        "</figure>"
        for title, shot in shots
    )
    return f"""<!doctype html><style>
      body {{ margin: 0; padding: 12px; display: flex; gap: 16px; background: #fff; font: 15px sans-serif }}
      figure {{ margin: 0; text-align: center; color: #1f2933 }}
      img {{ width: 270px; border-radius: 18px; border: 2px solid #9aa5b1; display: block; margin-bottom: 8px }}
    </style>{figures}"""


def main() -> None:
    """Take the pictures, and write those of a name as one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        for name in sys.argv[1:] or PICTURES:
            shots = list(_shots(browser, PICTURES[name]))
            page = browser.new_page(viewport={"width": 1176, "height": 100})
            page.set_content(_beside_each_other(shots))
            page.screenshot(path=FOLDER / name, full_page=True)
            print(f"{name}: {(FOLDER / name).stat().st_size // 1024} KiB")
        browser.close()


if __name__ == "__main__":
    main()
