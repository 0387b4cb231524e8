"""Proofs of random bodies by a virtual owner, and what has to be true of each. `make search-proofs` makes thousands.

A number draws the body, the profile that the box goes by, and the owner. What the proof says is compared with the body,
and the profile that it yields is played on that body through the real core, under every statement of the set-up.
"""

import collections
import statistics
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from evening import Alarm

from config.cameras import Cameras, load_profile, profile_ids
from config.profile import Profile
from config.store import SettingsStore
from controller.box.loop import run_virtually
from controller.console.commands import Session, execute
from controller.core.states import Release
from controller.prove.findings import findings
from controller.prove.proof import Proof, from_json, to_json
from controller.prove.reading import Count, Reading
from controller.prove.topics import HELD, MIRROR_UP, MIRROR_WAIT
from controller.prove.verdict import Overlay, Verdict, merged, overlay, verdict
from controller.simulate.proving import prove
from controller.simulate.stage import Scene, Stage
from hardware.clock import VirtualClock
from hardware.timeline import Line
from hardware.virtual import quirks
from hardware.virtual.owner import VirtualOwner
from hardware.virtual.quirks import Quirks
from hardware.virtual.quirks_file import drawn

MS = 1_000_000
S = 1_000 * MS
PROFILES = tuple(each for each in profile_ids() if load_profile(each).is_usable)
CAMERAS = Cameras()
LAYERS = {each: CAMERAS.layer(each) for each in PROFILES}
OWN = "mine"
RIGHT, UNDECIDED, WRONG = "recovered", "undecided", "wrong"
DATE = "2026-06-21"


@dataclass
class Result:
    """A proof, how its conclusions compare with the body, and what its profile did on it."""

    seed: int
    profile: str
    body: Quirks
    left: Quirks
    proof: Proof
    verdict: Verdict
    overlay: Overlay | None
    merged: Profile | None
    judged: dict[str, str] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    frames: int = 0

    @property
    def is_noticed(self) -> bool:
        return bool(self.verdict.contradictions)

    @property
    def too_bold(self) -> list[str]:
        """What is less careful than both the body and the profile before; and statements that the body belies."""
        given, body = self.verdict, self.body
        stated = [
            given.back_button_focus is True and body.half_press_focuses,
            given.continuous_af is False and body.continuous_af,
        ]
        bold = [name for name, is_bold in zip(("back_button_focus", "continuous_af"), stated, strict=True) if is_bold]
        return bold + self._bold_keys

    @property
    def _bold_keys(self) -> list[str]:
        if self.overlay is None or self.merged is None:
            return []
        body, before, after = self.body, load_profile(self.profile), self.merged
        press_ns = body.shortest_press_ns or 0
        times = {
            "shutter_min_ms": (
                after.shutter_min_ns or after.hold_ns,
                before.shutter_min_ns or before.hold_ns,
                press_ns,
            ),
            "shutter_default_ms": (after.hold_ns, before.hold_ns, press_ns),
            "half_press_lead_ms": (after.lead_ns, before.lead_ns, 0 if body.fires_alone else body.shortest_lead_ns),
            "min_gap_ms": (after.gap_ns, before.gap_ns, body.gap_ns),
            "wake.lead_ms": (after.wake.lead_ns, before.wake.lead_ns, body.waking_ns),
        }
        bold = [key for key, (now, then, least) in times.items() if now < then and now < least]
        if after.bulb not in (before.bulb, body.bulb, "none"):
            bold.append("bulb")
        if kind_of(after) not in (kind_of(before), "none") and body.mirror is None:
            bold.append("mirror_up.kind")
        if not after.focus_held_during_release and (before.focus_held_during_release or body.half_press_focuses):
            bold.append("focus_held_during_release")
        return bold


def kind_of(profile):
    return "none" if profile.mirror_up is None else profile.mirror_up.kind


def proved(
    seed: int, *, wrong: float = 0, unknown: float = 0, body: Quirks | None = None, profile: str | None = None
):
    """Prove the body that a number draws, and compare; does not play."""
    body = drawn(seed) if body is None else body
    profile = PROFILES[seed * 7919 % len(PROFILES)] if profile is None else profile
    known = load_profile(profile)
    owner = VirtualOwner(body, seed=seed, wrong=wrong, unknown=unknown)
    proof = prove(Proof(profile, f"body {seed}", known.bulb, kind_of(known), has_flash=seed % 2 == 0), owner)
    assert from_json(to_json(proof)) == proof
    given = verdict(proof, LAYERS[profile])
    above = overlay(given, proof, DATE)
    own = None if above is None else merged(LAYERS[profile], above, OWN)
    result = Result(seed, profile, body, owner.quirks, proof, given, above, own)
    result.judged = judge(body, owner.quirks, proof)
    return result


def judge(body: Quirks, left: Quirks, proof: Proof) -> dict[str, str]:
    """Return for each quirk whether the proof recovered it within a step of the ladder."""
    reading = Reading(proof)
    judged = {}

    def say(name, found, truth):
        judged[name] = UNDECIDED if found is None else RIGHT if found == truth else WRONG

    def step(name, count: Count | None, least_ns, most_ns=None):
        if count is None or (count.works_ms is None and count.fails_ms is None):
            judged[name] = UNDECIDED
            return
        works_ns = None if count.works_ms is None else count.works_ms * MS
        is_above = works_ns is None or works_ns >= least_ns
        is_below = count.fails_ms is None or count.fails_ms * MS < (least_ns if most_ns is None else most_ns)
        judged[name] = RIGHT if is_above and is_below else WRONG

    is_right = not left.mistakes & {quirks.SWAPPED, quirks.CUT}
    judged["wires"] = (
        (RIGHT if is_right else WRONG) if reading.wires_are_right else RIGHT if not is_right else UNDECIDED
    )
    if quirks.CUT in body.mistakes:
        judged["wires"] = RIGHT if reading.is_cut else UNDECIDED if not reading.wires_are_right else WRONG
        return judged
    say("fires alone", reading.fires_alone, body.fires_alone)
    say("half-press focuses", reading.focuses, body.half_press_focuses)
    if body.half_press_focuses and reading.focuses:
        truth = "AF-C" if body.continuous_af else "AF-S" if body.autofocus_succeeds else "no focus"
        say("af", reading.af, truth)
    told = {each for entry in proof.entries for each in entry.press.put_right}
    moot = {quirks.SWAPPED, *(() if body.fires_alone else (quirks.ASLEEP,))}  # FOCUS wakes it in time
    moot |= {quirks.NO_MIRROR_UP} if body.mirror is None else set()
    moot |= {quirks.NOT_BULB} if body.bulb == "none" else set()
    for mistake in body.mistakes - moot:
        judged[mistake] = RIGHT if mistake in told else UNDECIDED
    if not reading.wires_are_right:
        return judged
    step("shortest press", reading.shortest_press, body.shortest_press_ns or 0)
    if not body.fires_alone:
        step("lead", reading.count("lead"), body.shortest_lead_ns)
    step("gap", reading.count("gap"), body.gap_ns)
    held, chance, _ = reading.weigh(HELD, "held")
    say("FOCUS must open", held.must_open if reading.said("held") and chance > 0.8 else None, body.focus_must_open)
    judge_dials(body, reading, judged, say, step)
    judge_sleep(body, reading, say, step)
    judge_lag(body, reading, judged)
    return judged


def judge_dials(body, reading, judged, say, step):
    found = next((each.value for each in findings(reading) if each.key == "bulb"), None)
    say("bulb", found, body.bulb)
    if found == body.bulb == "hold":
        shortest = max(body.shortest_press_ns or 0, body.shortest_bulb_ns)
        lag = body.opening_lag_ns - body.closing_lag_ns
        step(
            "shortest bulb",
            reading.count("short bulb"),
            max(shortest, lag - 2 * body.jitter_ns),
            max(shortest, lag + 2 * body.jitter_ns),
        )
    said = reading.said("mirror")
    mirror, chance, _ = reading.weigh(MIRROR_UP, "mirror")
    cannot = any(each.answer.cannot for each in said)
    say("mirror", False if cannot else mirror.is_raised if said and chance > 0.8 else None, body.mirror is not None)
    if body.mirror is not None and judged["mirror"] == RIGHT:
        exposes, chance, _ = reading.weigh(MIRROR_WAIT, "mirror wait")
        say(
            "mirror wait",
            exposes if reading.said("mirror wait") and chance > 0.8 else None,
            body.mirror.exposes_on_timeout,
        )


def judge_sleep(body, reading, say, step):
    rows = reading.counts("sleep")
    press = rows[0][1].press if rows else None
    sleeps = body.meter_off_ns is not None and press is not None
    if sleeps and not press.fires_alone and press.lead_ms * MS >= body.waking_ns:
        sleeps = False  # FOCUS leads by enough to wake it: nobody can tell whether it slept
    count = sum(step_ms * MS <= body.meter_off_ns for step_ms in press.steps_ms) if sleeps else 6
    say("sleep", rows[0][2] if rows else None, count)
    if sleeps and reading.count("wake") is not None:
        step(
            "wake",
            reading.count("wake"),
            body.waking_ns if press.fires_alone else max(body.waking_ns, body.shortest_lead_ns),
        )


def judge_lag(body, reading, judged):
    found = {finding.key: finding for finding in findings(reading)}.get("exposure_lag_ms")
    slack_ns = 2 * MS + body.jitter_ns + (0 if reading.proof.has_flash else 8 * MS)
    is_near = found is not None and abs(found.value * MS - body.opening_lag_ns) <= slack_ns
    judged["lag"] = UNDECIDED if found is None else RIGHT if is_near else WRONG


class Field:
    """A box that goes by a profile, in front of that body, under one statement of its set-up."""

    zero_ns = 0

    def __init__(self, profile: Profile, body: Quirks, stated: dict[str, str]) -> None:
        self.frames = []
        self.clock = VirtualClock()
        store = SettingsStore(None, Path("no state is kept"))
        store.set_all({"camera.profile": profile.id}, profile)
        for key, value in stated.items():
            store.set(key, value)
        self.stage = Stage(Scene(profile.id, quirks=body), store, self.clock, (self,), threaded=False)

    def play(self) -> int:
        """Focus and fire in every way; return how many frames there were."""
        self.type("set camera.keep_awake true")
        self.focus()
        for lines in WAYS:
            for line in lines:
                self.type(line)
                if line.startswith(("fire", "start")):
                    self.wait(45 * S)
        self.stage.bench.thumb.press("shutter", self.clock.now_ns() + S)
        self.wait(5 * S)
        assert self.stage.box.engine.controller.release is not Release.FAULT
        self.stage.close()
        return len(self.frames)

    def focus(self):
        self.stage.bench.thumb.press("back", self.clock.now_ns() + S)
        self.wait(3 * S)

    def type(self, line):
        execute(Session(lambda method, **params: self.stage.methods.call(method, params)), line)
        self.wait(0)

    def wait(self, for_ns):
        alarm = Alarm(self.clock.now_ns() + for_ns)
        run_virtually(self.stage.parts(alarm), self.stage.inbox, self.clock, lambda: alarm.next_ns is None)

    def on_change(self, change):
        pass

    def on_exposure(self, exposure):
        self.frames.append(exposure)

    def on_notice(self, notice):
        pass


WAYS = (
    ("fire", "fire"),
    ("set interval.count 2", "set interval.every 8s", "start"),
    ("set shot.drive bulb", "set shot.exposure 3s", "fire"),
    ("set shot.drive single", "set shot.mirror_up 2s", "fire"),
    ("set shot.mirror_up 0s", "set shot.drive burst"),
)


def statements(result: Result) -> dict[str, dict[str, str]]:
    """Return the ways in which the set-up may be stated: not, as it is, and as the proof would state it."""
    given, body = result.verdict, result.body
    truth = {"camera.back_button_focus": str(not body.half_press_focuses).lower()}
    if body.half_press_focuses:
        truth["camera.continuous_af"] = str(body.continuous_af).lower()
    proved_one = {}
    if given.back_button_focus is not None:
        proved_one["camera.back_button_focus"] = str(given.back_button_focus).lower()
    if given.continuous_af is not None:
        proved_one["camera.continuous_af"] = str(given.continuous_af).lower()
    return {"unset": {}, "true": truth, "proven": proved_one}


def play(result: Result) -> None:
    """Play the profile that a proof yields, if any, under each statement."""
    if result.merged is None:
        return
    left = replace(result.left, mistakes=result.left.mistakes - {quirks.MANUAL})  # as the owner will use it
    for name, stated in statements(result).items():
        if name == "proven" and stated in (statements(result)["unset"], statements(result)["true"]):
            continue
        one = Field(result.merged, left, stated)
        result.frames += one.play()
        if any(frame.lens_moved for frame in one.frames):
            result.moved.append(name)


def findings_of(seed: int, wrong: float, unknown: float | None = None) -> tuple[Result, list[str]]:
    """Prove and play one body; return what breaks a promise. Unless given, half as many are "I don't know" as wrong."""
    result = proved(seed, wrong=wrong, unknown=wrong / 2 if unknown is None else unknown)
    play(result)
    broken = [f"a frame moved the lens, stated {name}" for name in result.moved]
    if result.too_bold:
        unnoticed = "" if result.is_noticed else ", and nothing was noticed"
        broken.append(f"too bold: {', '.join(result.too_bold)}{unnoticed}")
    if not wrong:
        broken += [f"{name} is wrong" for name, judged in result.judged.items() if judged == WRONG]
        broken += [f"{sentence}" for sentence in result.verdict.contradictions]
    return result, broken


def row_of(result: Result, broken: list[str]) -> dict:
    """Return what is counted of a result, fit for JSON."""
    return {
        "seed": result.seed,
        "broken": broken,
        "judged": result.judged,
        "questions": len(result.proof.entries),
        "closings": closings_of(result.proof),
        "frames": result.frames,
        "yields": result.overlay is not None,
        "noticed": result.is_noticed,
        "bold": result.too_bold,
    }


def report(rows: list[dict], wrong: float) -> str:
    """Return the figures of many results."""
    lines = [
        f"{len(rows)} bodies, {wrong:.0%} of the answers wrong: {sum(bool(row['broken']) for row in rows)} with findings"
    ]
    for name, key in (("questions", "questions"), ("closings of SHUTTER", "closings")):
        counts = [row[key] for row in rows]
        nine = statistics.quantiles(counts, n=10)[-1]
        lines.append(f"{name}: median {statistics.median(counts):g}, nine in ten up to {nine:g}, most {max(counts)}")
    yields, noticed = (sum(row[key] for row in rows) for key in ("yields", "noticed"))
    frames = sum(row["frames"] for row in rows)
    lines.append(f"{yields} yield an overlay; {frames} frames were played; {noticed} noticed a contradiction")
    mistaken = [row for row in rows if WRONG in row["judged"].values()]
    quiet = [row for row in mistaken if not row["noticed"]]
    bold = [row for row in rows if row["bold"]]
    lines.append(
        f"{len(mistaken)} have a wrong conclusion: {len(mistaken) - len(quiet)} of them noticed a contradiction, "
        f"{len(quiet)} did not; {len(bold)} are too bold, {sum(row['noticed'] for row in bold)} of them noticed"
    )
    judged = collections.Counter(pair for row in rows for pair in row["judged"].items())
    for name in dict.fromkeys(name for name, _ in judged):
        counts = [judged[name, how] for how in (RIGHT, UNDECIDED, WRONG)]
        share = counts[0] / sum(counts)
        lines.append(
            f"  {name:20} recovered {counts[0]:6} ({share:.1%})  undecided {counts[1]:5}  wrong {counts[2]:5}"
        )
    return "\n".join(lines)


def main() -> int:
    """Prove bodies FIRST to LAST - 1, with the shares of wrong answers and of "I don't know" if given.

    Status 1 if a promise is broken.
    """
    first, last = map(int, sys.argv[1:3])
    wrong = float(sys.argv[3]) if len(sys.argv) > 3 else 0
    unknown = float(sys.argv[4]) if len(sys.argv) > 4 else None
    rows = []
    for seed in range(first, last):
        rows.append(row_of(*findings_of(seed, wrong, unknown)))
        for each in rows[-1]["broken"]:
            print(f"seed {seed}: {each}", flush=True)
    print(report(rows, wrong))
    return 1 if any(row["broken"] for row in rows) else 0


def closings_of(proof: Proof) -> int:
    timelines = [entry.press.timeline for entry in proof.entries]
    return sum(edge.closed and edge.line is Line.SHUTTER for timeline in timelines if timeline for edge in timeline)


if __name__ == "__main__":
    sys.exit(main())
