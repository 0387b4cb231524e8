import json
import subprocess

import pytest

from benchmarks import document, pins

FIGURES = {
    "versions": {"Linux": "6.12", "gpiod": "2.2.1"},
    "presses": {
        "ours": [k * 1000 for k in range(400, 500)],
        "bare": [k * 1000 for k in range(200, 300)],
        "lgpio": [2_000_000] * 100,
    },
    "first": {"ours": 600_000, "bare": 300_000, "lgpio": 2_400_000},
    "idle": {
        name: {"threads": threads, "wakings": wakings, "switches": wakings + 1, "cpu_ns": 1_234_567, "seconds": 20}
        for name, threads, wakings in (("ours", 3, 21), ("console", 1, 0), ("lgpio", 4, 4000))
    },
    "late": {
        "alone": {"told": [30_000] * 60, "seen": [-2_500, *[21_400] * 59]},
        "under load": {"told": [40_000] * 20, "seen": [35_000] * 20},
    },
    "cyclictest": {"cycles": 1000, "average_ns": 4_000, "worst_ns": 12_345},
}
PRINTED = (
    f"ok      press\n        ours: press to line: ...\n        FIGURES {json.dumps(FIGURES)}\n1 passed, 0 failed\n"
)


@pytest.fixture
def text():
    return pins.section(FIGURES)


def test_the_figures_are_found_in_the_output_of_a_run():
    assert pins.parsed(PRINTED) == FIGURES


@pytest.mark.parametrize("output", ["", "FAILED  press\n", PRINTED * 2], ids=["nothing", "a failure", "two runs"])
def test_a_run_without_figures_is_an_error(output):
    with pytest.raises(SystemExit, match="the document was not changed"):
        pins.parsed(output)


def test_answers_are_ranked(text):
    assert "100 presses each, after a dozen to warm up, on Linux 6.12, gpiod 2.2.1." in text
    assert "| the daemon, in its unit | 450 us | 498 us | 499 us | 600 us |" in text
    assert "| a bare loop on libgpiod | 250 us | 298 us | 299 us | 300 us |" in text
    assert "| gpiozero on lgpio | 2000 us | 2000 us | 2000 us | 2400 us |" in text


def test_answers_are_compared_rank_by_rank(text):
    assert "| the daemon / the bare loop | 1.80 | 1.67 | 1.67 | 2.00 |" in text
    assert "| the daemon / gpiozero on lgpio | 0.22 | 0.25 | 0.25 | 0.25 |" in text


def test_idling_is_counted_by_process(text):
    assert "20 s idle, with three buttons each:" in text
    assert "| the daemon, in its unit | 3 | 21 | 22 | 1.23 ms |" in text
    assert "| a console at its prompt, beside the daemon | 1 | 0 | 1 | 1.23 ms |" in text
    assert "| gpiozero on lgpio | 4 | 4000 | 4001 | 1.23 ms |" in text


def test_lateness_is_shown_beside_cyclictest(text):
    assert "How late edges are; 60 frames alone, 20 frames under load:" in text
    assert "| SHUTTER, alone, by the journal | 30 us | 30 us | 30 us |" in text
    assert "| SHUTTER, alone, seen on the line | 21 us | 21 us | 21 us |" in text
    assert "| SHUTTER, under load, seen on the line | 35 us | 35 us | 35 us |" in text
    assert "| cyclictest at the same priority, 1000 times | 4.0 us on average |  | 12 us |" in text


@pytest.mark.parametrize(("user", "codename"), [(1000, "bookworm"), (0, "trixie"), (0, "")])
def test_where_no_virtual_machine_can_be_built_a_sentence_says_so(mocker, capsys, user, codename):
    mocker.patch.object(pins.os, "geteuid", return_value=user)
    mocker.patch.object(pins, "_codename", return_value=codename)
    before = document.DOCUMENT.read_text(encoding="utf-8")
    goals = pins.run()
    assert "only root on Debian 12 can build" in capsys.readouterr().err
    assert {each.is_met for each in goals} == {None}
    assert document.DOCUMENT.read_text(encoding="utf-8") == before


def test_a_scenario_that_failed_leaves_the_document_alone(mocker):
    mocker.patch.object(pins, "refusal", return_value=None)
    failed = subprocess.CompletedProcess([], 1, stdout="FAILED  press")
    mocker.patch.object(pins.subprocess, "run", return_value=failed)
    with pytest.raises(SystemExit, match="FAILED  press"):
        pins.run()


def test_figures_are_compared_with_the_goals():
    figures = {
        "presses": {"bare": [50_000] * 3, "ours": [300_000] * 3, "lgpio": [600_000] * 3},
        "late": {
            "alone": {"told": [20_000], "seen": [-12_000, 4_000]},
            "under load": {"told": [28_000], "seen": [24_008]},
        },
        "cyclictest": {"worst_ns": 8_000},
        "idle": {"ours": {"seconds": 20, "wakings": 41, "cpu_ns": 2_000_000}},
    }
    assert [(each.found, each.is_met) for each in pins.goals(figures)] == [
        ("0.50 x (6.0 x a bare libgpiod loop)", False),
        ("1.50 x on the line (2.50 x by the journal)", True),
        ("3.00 x on the line (3.50 x by the journal)", False),
        ("2.05 per second, 0.010% of a CPU", False),
    ]


def test_the_document_has_a_place_for_it(text):
    assert f"\n{text}\n" in document.with_section("pins", text)
