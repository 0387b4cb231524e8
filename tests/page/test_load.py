import json

import pytest
from journals import frames_of
from page.browser import Browser, make_static, serving
from page.patience import wait_until

from controller.bench.programs import PYTHON, environment, served, started
from controller.bench.slow_disk import take_run
from controller.journal.schema import FILE

pytestmark = pytest.mark.alone

ATTACK_S = 10
FRAMES = 6
MOST_KIB = 80 * 1024  # less than eight bodies of 10 MB, and than 1,000 streams with full buffers
MOST_STREAMS = 16


def test_a_run_beside_a_page_under_attack_loses_nothing_and_the_surplus_is_refused(tmp_path):
    with environment() as env, served(env, 1_000, FRAMES) as box, box.client as client:
        client.call("settings.set", key="interval.tolerance", value="900ms")  # of a second: the machine may be busy
        with serving(box.socket, make_static(tmp_path / "static")) as page:
            phones = [Browser(page).pair() for _ in range(8)]
            command = (PYTHON, "-m", "benchmarks.page_attack", str(page.port), str(ATTACK_S))
            with started((*command, *(phone.token for phone in phones)), env) as attack:
                run = take_run(client)
                assert client.call("status")["fault"] is None
                named = [each["name"] for each in client.call("clients")["clients"]]
                answers = json.loads(attack.process.stdout.readline())
            assert page.rss_kib() < MOST_KIB
            wait_until(lambda: phones[0].get("/").status == 200)
            assert phones[0].call("status").status == 200
        assert box.program.peak_kib < MOST_KIB
        assert frames_of(box.folder / FILE, run) == dict.fromkeys(range(FRAMES), "fired")
    assert named.count("page") == 1  # one connection for all that look on
    assert 0 < answers["stream asked for: 200"] <= MOST_STREAMS
    assert answers["stream asked for: 503"] + answers.get("stream: cut", 0) >= 1_000 - MOST_STREAMS
    assert answers["guess: 401"] > 0
    assert answers["call: 200"] > 0
    assert not any(name.startswith("body of 10 MB: 2") for name in answers)
