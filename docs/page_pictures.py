"""Pictures of the page on a phone, for the README: `make page-pictures` plays with a virtual box and takes them.

Needs Debian's chromium, and Playwright. The clock and the durations in them differ from play to play, so no test
compares them.
"""

import base64
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURE = Path(__file__).parent / "page.png"
BROWSER = "/usr/bin/chromium"
_OK = 200
_PHONE = {"width": 390, "height": 844}
_LINK = re.compile(r"http://\S+/pair#\S+")


@contextmanager
def _box(*options: str) -> Iterator[str]:
    """Yield a link that pairs a browser with a virtual box."""
    command = [sys.executable, "-m", "controller.cli", "simulate", "--page", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:  # noqa: S603 - our own program
        assert program.stdout is not None
        try:
            link = next((found[0] for line in program.stdout if (found := _LINK.search(line))), None)
            if link is None:
                raise SystemExit("the virtual box did not start; its message is above")
            yield link
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


SCENES: tuple[tuple[str, str, Callable[[Page], None]], ...] = (
    ("A run, by night", "always", _run_by_night),
    ("The plan, by day", "never", _plan_by_day),
    ("Set-up by the camera's name", "never", _set_up),
    ("Refused, and why", "never", _refusal),
)


def _shots(browser: Browser) -> Iterator[tuple[str, bytes]]:
    for title, look, play in SCENES:
        with _box("--camera", "D850") as link:
            page = _phone(browser, link, look)
            play(page)
            page.wait_for_timeout(600)  # what moves comes to rest
            yield title, page.screenshot()
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
    """Take the pictures, and write them as one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        shots = list(_shots(browser))
        page = browser.new_page(viewport={"width": 1176, "height": 100})
        page.set_content(_beside_each_other(shots))
        page.screenshot(path=PICTURE, full_page=True)
        browser.close()
    print(f"{PICTURE.name}: {PICTURE.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
