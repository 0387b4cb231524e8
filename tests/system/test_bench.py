"""`backbutton bench`: each measurement runs the real programs; no test depends on how fast they are."""

from contextlib import closing

import pytest

from controller.bench import figures, idle, journal_cost, lateness, nights, startup
from controller.bench.lateness import BARE_LOOP, IDLE, LOADED
from controller.bench.programs import environment, served, started
from controller.cli import main
from controller.errors import DaemonError

pytestmark = pytest.mark.alone


def test_starts_are_measured():
    taken = startup.measure(rounds=1, keys=200)  # in ten, the kernel's count may not have risen yet
    [libraries], [daemon], [bare], [console] = taken.libraries, taken.daemon, taken.bare, taken.console
    for each in (libraries, daemon):
        assert each.ready_ns > 0
        assert each.cpu_ns > 0
        assert each.memory_kib > 0
    assert min(bare.to_prompt_ns, bare.keys_cpu_ns, console.start_cpu_ns, console.keys_cpu_ns) > 0


def test_edges_are_measured_idle_and_under_load():
    waits = lateness.measure(rounds=1, slots=4)
    assert {BARE_LOOP, IDLE, LOADED} <= set(waits.late_ns)
    assert len(waits.late_ns[BARE_LOOP]) == 4 * lateness.EDGES
    assert {len(waits.late_ns[name]) for name in (IDLE, LOADED)} <= {4, 8, 12, 16}  # some slots may be skipped
    assert min(waits.late_ns[IDLE]) >= 0
    assert all(0 <= share <= 1 for share in waits.stolen.values())


def test_idling_is_measured():
    daemon, console = idle.measure(lasts_s=1, settles_s=0)
    for each in (daemon, console):
        assert each.switches_per_second >= 0
        assert 0 <= each.cpu_share <= 2


def test_nights_are_simulated_to_the_end_and_keep_their_grid():
    [night] = nights.measure(sizes=(20,))
    assert (night.frames, night.drift_ns) == (20, 0)


def test_the_journal_is_measured_at_each_size():
    small, larger = journal_cost.measure(sizes=(20, 400), commits=10)
    assert (small.frames, larger.frames) == (20, 400)
    assert larger.kept > 0
    assert small.commit_ns.low <= small.commit_ns.median <= small.commit_ns.high


def test_a_program_that_does_not_start_is_reported_in_its_own_words():
    with (
        environment() as env,
        pytest.raises(DaemonError, match=r"/bin/sh .* did not start: no"),
        started(("/bin/sh", "-c", "echo no >&2"), env),
    ):
        pytest.fail("it has not started")


def test_the_measured_daemon_runs_on_mock_pins_whatever_the_environment_says(monkeypatch):
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "lgpio")
    with environment() as env, served(env) as box:
        with closing(box.client) as client:
            assert client.call("status")["bench"] is False
        assert env["GPIOZERO_PIN_FACTORY"] == "mock"


def test_shares_and_spreads():
    assert [figures.quantile(range(1, 1001), share) for share in (0.5, 0.99, 0.999, 1)] == [500, 990, 999, 1000]
    assert figures.quantile([7], 0.999) == 7
    assert figures.Spread.of([5]) == figures.Spread(5, 5, 5)
    assert figures.Spread.of([1, 2, 3, 4, 5]).text("ms") == "3 ms (2 to 4)"


def test_a_box_in_a_run_is_not_disturbed(capsys):
    with environment() as env, served(env) as box, closing(box.client) as client:
        client.call("start")
        assert main(["bench", "--socket", str(box.socket)]) == 1
        client.call("stop")
    assert "the box is in a run" in capsys.readouterr().err


def test_a_full_disk_is_reported_in_a_sentence(mocker, capsys, tmp_path):
    mocker.patch.object(startup, "measure", side_effect=OSError(28, "No space left on device"))
    assert main(["bench", "--quick", "--socket", str(tmp_path / "none.sock")]) == 1
    assert "the bench had to stop ([Errno 28] No space left on device); is there room in" in capsys.readouterr().err


def test_beside_a_box_that_may_not_be_asked_nothing_is_measured(mocker, capsys, tmp_path):
    mocker.patch("socket.socket.connect", side_effect=PermissionError(13, "Permission denied"))
    assert main(["bench", "--socket", str(tmp_path / "control.sock")]) == 1
    assert f"no permission to open {tmp_path / 'control.sock'}; join the group" in capsys.readouterr().err
