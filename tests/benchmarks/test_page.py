from pathlib import Path

import pytest

from benchmarks import page, page_load
from benchmarks.page import Beside, PageCost
from benchmarks.page_load import ATTACKED, QUIET, WATCHED, PageLoad, Taken
from benchmarks.page_servers import page_command, paired, serving
from benchmarks.page_visit import Visit, references
from benchmarks.page_wire import Answer, Connection
from controller.bench.budgets import lines
from controller.bench.programs import environment, served
from controller.bench.slow_disk import Turn

STATIC = Path(__file__).parents[2] / "controller" / "page" / "static"
MS = 1_000_000
VISIT = Visit(
    {"/": Answer(200, b"h" * 500, b"b" * 9_500, 200), "/static/page.css": Answer(200, b"", b"b" * 30_500, 300)}
)
COST = PageCost(
    visit=VISIT,
    first=Beside((3 * MS,) * 99 + (8 * MS,), (2 * MS,) * 100),
    call=Beside((2 * MS,) * 100, (MS,) * 100),
    memory=Beside((39 * 1024,), (30 * 1024,)),
    cold=Beside((300 * MS,), (200 * MS,)),
)


def answer(kind, body):
    return Answer(200, b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\n\r\n" % kind.encode(), body.encode(), 0)


@pytest.fixture(scope="module")
def measured():
    return page.measure(rounds=4, starts=1)


def test_the_page_is_measured_beside_a_bare_answer(measured):
    for beside, count in ((measured.first, 4), (measured.call, 4), (measured.memory, 1), (measured.cold, 1)):
        assert (len(beside.page), len(beside.bare)) == (count, count)
        assert min(*beside.page, *beside.bare) > 0


def test_a_first_visit_loads_every_file_of_the_page(measured):
    files = (path for path in STATIC.rglob("*.*") if path.is_file())
    wholes = (path.parent if path.parent.suffix else path for path in files)  # page.css is sent in one piece
    there = {f"/static/{path.relative_to(STATIC).as_posix()}" for path in wholes}
    loaded = measured.visit.answers.keys()
    assert loaded - there == {"/"}
    later = {
        f"/static/views/{name}.js" for name in ("bench", "by_hand", "camera", "prove")
    }  # see the browser's tests
    unused = {"/static/index.html", "/static/types.js"}  # sent as /, and only for a checker of types
    assert there - loaded == later | unused


def test_the_files_of_a_first_visit_are_within_what_the_design_allows(measured):
    assert measured.visit.body_bytes <= page.AIR_GOAL


def test_what_was_measured_of_the_page_is_told_as_ratios():
    text = page.section(COST)
    assert "A first visit takes 2 requests: 40.0 kB of files as they are sent, 40.5 kB with the heads" in text
    assert "| the first page, warm: median | 3.0 ms | 2.0 ms | 1.50 |" in text
    assert "| a call to the box and back: 99 % | 2.0 ms | 1.0 ms | 2.00 |" in text
    assert (
        "| cold, from the connection to the first byte | 300 ms (300 to 300) | 200 ms (200 to 200) | 1.50 |" in text
    )
    assert lines(COST.budgets()) == [
        "met      page over the air, first visit: 40.5 kB (goal: 60 kB)",
        "met      first page, warm: 1.50 x (goal: 2 x a bare Starlette answer)",
        "met      memory of the page: 1.30 x (goal: 1.3 x a bare Starlette process)",
    ]


def test_a_file_leads_to_what_a_browser_loads_for_it():
    script = (
        '// import "./no.js"\n/* import("./no.js") */\nimport { a } from "./a.js";\nconst b = () => import("./b.js");'
    )
    assert [*references(answer("text/javascript", script))] == ["./a.js", "./b.js"]
    style = "a { background: url('c.svg'), url(data:image/png;base64,AA) }"
    assert [*references(answer("text/css; charset=utf-8", style))] == ["c.svg"]
    html = '<link rel="stylesheet" href="/d.css"><script src="/e.js"></script><a href="/f">f</a>'
    assert [*references(answer("text/html", html))] == ["/d.css", "/e.js"]
    assert [*references(answer("image/svg+xml", html))] == []


def test_a_phone_that_is_paired_calls_and_looks_on():
    with environment() as env, served(env) as box, serving(page_command(box), env) as (_, port):
        [token] = paired(box, 1)
        with Connection(port, token) as connection:
            assert connection.post("/call/status", {}).status == 200
            assert connection.get("/static/nothing.js").status == 404
            connection.watch()


def test_an_attack_is_compared_with_the_quiet_box():
    turns = {
        name: Taken(Turn((20_000,) * 99 + (worst,), 5, fired), 30 * 1024, kib * 1024, 0.012)
        for name, worst, fired, kib in ((QUIET, 40_000, 5, 30), (WATCHED, 40_000, 5, 30), (ATTACKED, 3 * MS, 4, 46))
    }
    answers = {"stream: cut": 5, "call: 200": 1_000, "call: 503": 2_000}
    measured = PageLoad(turns, answers, (), "cyclictest is not installed")
    text = page_load.section(measured)
    assert "Not measured: cyclictest is not installed." in text
    assert "| the quiet box | 100 | 20.0 us | 20.0 us | 40.0 us | 5 of 5 | 30.0 MiB | 30.0 MiB | 1.2% |" in text
    assert "| under attack | 100 | 20.0 us | 20.0 us | 3.0 ms | 4 of 5 | 46.0 MiB | 30.0 MiB | 1.2% |" in text
    assert "- call: 503 2,000 times, 200 1,000 times\n- stream: cut 5 times" in text
    assert lines(measured.budgets()) == [
        "NOT MET  frames lost, the page under attack: 1 of 5 (goal: none)",
        "NOT MET  memory of the page under attack: 1.53 x (goal: 1.5 x that with one phone)",
    ]
    beside = page_load.section(PageLoad(turns, answers, (10_000,) * 4))
    assert "| cyclictest, beside the attack | 4 | 10.0 us | 10.0 us | 10.0 us |  |  |  |  |" in beside
