"""`plan --date`: at home, weeks before."""

import json
import re

import pytest

from config.schema import build
from controller.cli import main
from controller.cli.plan_date import Day, clock_on
from controller.cli.values import a_date

NIGHT = {
    "shot.drive": "bulb",
    "shot.ramp": "sunset 1/2s, -6deg 4s, -9deg 20s",
    "shot.steps": "-2deg ISO 100-800, -7deg f/8-f/2.8",
    "interval.every": "25s",
    "interval.count": "400",
    "site.latitude": "47.37",
    "site.longitude": "8.54",
    "site.timezone": "Europe/Zurich",
}


@pytest.fixture
def plan(capsys, tmp_path):
    """Run the command for a D850; its status and what it wrote."""

    def call(*arguments, **changes):
        values = NIGHT | {key.replace("__", "."): text for key, text in changes.items()}
        places = ["--config", str(tmp_path / "none.toml"), "--state-dir", str(tmp_path)]
        sets = [word for key, text in values.items() for word in ("--set", f"{key}={text}")]
        status = main(["plan", *places, "--camera", "D850", "--body", "bbf", *sets, *map(str, arguments)])
        return status, *capsys.readouterr()

    return call


def run_of(out):
    return next(line for line in out.splitlines() if line.startswith("a run takes"))


def test_a_night_is_planned_from_an_hour_before_its_sunset(plan):
    status, out, err = plan("--date", "2027-03-20")
    assert (status, err) == (0, "")
    assert "if started on Sat 20 Mar 2027 at 17:37:59, it ends on Sat 20 Mar 2027 at 20:24:35" in run_of(out)
    assert "at 18:37:59, frame 145 (sunset): the bulb lasts 500ms; the sun is at -0.8deg" in out
    assert out.startswith("by hand  ")


def test_a_time_may_be_given(plan):
    for text in ("2027-03-20T18:00", "2027-03-20 18:00"):
        assert "if started on Sat 20 Mar 2027 at 18:00:00, it ends" in run_of(plan("--date", text)[1])


def test_a_start_by_the_sun_is_found_on_that_day(plan):
    _, out, _ = plan("--date", "2027-03-20", interval__start="sunset-10m")
    assert "starts at sunset-10m (on Sat 20 Mar 2027 at 18:27:59)" in run_of(out)


def test_the_same_day_gives_the_same_bytes(plan, tmp_path):
    written = [plan("--date", "2027-03-20", "--json", "--svg", tmp_path / f"{k}.svg")[1] for k in range(2)]
    assert written[0] == written[1]
    assert (tmp_path / "0.svg").read_bytes() == (tmp_path / "1.svg").read_bytes()


def test_json_has_every_frame_of_the_ramp(plan):
    ramp = json.loads(plan("--date", "2027-03-20", "--json")[1])["ramp"]
    assert len(ramp["frames"]) == 400
    assert [call["number"] for call in ramp["calls"]] == [162, 233]
    assert ramp["frames"][0].keys() >= {"number", "at_utc_ns", "exposure_ns", "light_stops", "most_ns", "sun_deg"}


def test_one_picture_shows_the_night_and_the_frame(plan, tmp_path):
    plan("--date", "2027-03-20", "--svg", tmp_path / "night.svg")
    svg = (tmp_path / "night.svg").read_text(encoding="utf-8")
    assert "civil dusk 19:09" in svg
    assert "the frame is due" in svg


def test_what_cannot_work_is_refused_with_the_frame_and_the_numbers(plan):
    status, out, err = plan("--date", "2027-03-20", interval__every="15s", interval__count="600")
    assert (status, out) == (1, "")
    assert re.search(r"frame \d+, at [0-9:]+, is exposed for 20s, and an interval of 15s has room for 14\.\d+s", err)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("tomorrow", '"tomorrow" is not a date; write it like 2027-03-20 or 2027-03-20T17:30; see '),
        ("2027-02-30", '"2027-02-30" is not a date; write it like 2027-03-20 or 2027-03-20T17:30; see '),
        ("2027-03-20T25:00", '"2027-03-20T25:00" is not a date; write it like 2027-03-20 or 2027-03-20T17:30; see '),
        ("17:30", '"17:30" is not a date; write it like 2027-03-20 or 2027-03-20T17:30; see '),
        ("1990-01-01", '"1990-01-01" is out of range; choose from the years 2000 to 2199; see '),
    ],
)
def test_a_wrong_date_is_one_sentence(plan, capsys, text, sentence):
    with pytest.raises(SystemExit) as exit_:
        plan("--date", text)
    err = capsys.readouterr().err
    assert exit_.value.code == 2
    assert err.startswith(f"backbutton plan: argument --date: {sentence}")
    assert err.count("\n") == 1


def shown(text, **site):
    values = {"site.timezone": "Europe/Oslo", **{f"site.{key}_udeg": value for key, value in site.items()}}
    values = {key.removesuffix("_udeg"): value for key, value in values.items()}
    clock = clock_on(a_date(text), build(values))
    assert clock.sample.is_trusted
    return f"{clock.zone} {clock.sample.wall_ns // 10**9}"


def test_where_the_place_is_not_known_or_the_sun_does_not_set_it_is_noon():
    noon = "Europe/Oslo 1813485600"  # 10:00 UTC
    assert shown("2027-06-20") == noon
    assert shown("2027-06-20", latitude=69_650_000, longitude=18_960_000) == noon
    assert shown("2027-06-20", latitude=59_910_000, longitude=10_750_000) != noon


def test_a_day_may_have_a_time():
    assert a_date("2027-03-20") == Day(a_date("2027-03-20T00:00").day)
    assert a_date("2027-03-20T00:00").at is not None
