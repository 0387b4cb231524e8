"""The proof of the camera on this box: its file, its next question, and the profile that follows from it.

Belongs to the thread that runs deferred work: thinking about the next question takes tens of milliseconds. Knows
files and the inference of `controller.prove`; knows no engine and no clock.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from config.cameras import BUILT_IN, Cameras, Profile
from config.errors import ConfigError, quoted
from config.files import Pause, reason_of, staged, sync_folder, text_of
from config.profile_write import write_profile
from controller.errors import CommandError
from controller.prove import proof as proofs
from controller.prove import text
from controller.prove.answer import Answer
from controller.prove.asking import next_question
from controller.prove.press import LAGS, PARTS, PICTURES, Press
from controller.prove.proof import Proof
from controller.prove.verdict import UNDATED, Verdict, merged, overlay, verdict
from hardware.timeline import Timeline

FILE = "proof.json"  # in the state directory
Played = tuple[int, tuple[int, ...]]  # for which turn a press was played as a whole; the lags that were measured
NONE = "no proof is begun; begin one with: prove"
_ANSWERED = "this question was answered already; look at the one that is asked now"
_NO_SETTING = "this question needs no setting of the camera; say what you saw"
_PRESS_FIRST = "the contacts have not been closed for this question; press first"
_OVER = "that was the last question; finish goes by what was found"
_PART_OVER = "that was the last question of this part; go on with another or with all, or finish"
_ALL = "all"  # what clients call all the parts together
_HEAD = "Written by a proof (prove); a new proof replaces it. Remove this file to go by the shipped profile again."


class ProofDesk:
    """The proof in the file at `path`. ConfigError if it cannot be read or written: nothing has changed then."""

    def __init__(self, path: Path, cameras: Cameras, *, has_lamp: bool = True) -> None:
        self._path = path
        self._has_lamp = has_lamp
        self.turn = 0  # rises with each answer, so that nothing is taken for another question than it was meant for
        self._cameras = cameras
        self._shipped = Cameras()
        self._proof: Proof | None = None
        self._question: Press | None = None
        self._is_read = False

    @property
    def question(self) -> Press | None:
        """The press that tells most next, None if there is none."""
        return self._question

    def next_press(self, camera: str, number: int | None) -> tuple[int, Timeline, int | None]:
        """Return the turn, what to close, and when to light the lamp; `camera` is the profile that the box goes by.

        CommandError if the box has nothing to close for the question, if the proof is of another camera, or if the
        question has another `number` by now.
        """
        self._read()
        proof, press = self._proof, self._question
        if proof is None or press is None:
            raise CommandError("refused", "there is no question to press for")
        _refuse_other(proof, camera)
        if number not in (None, _number(proof)):
            raise CommandError("refused", _ANSWERED)
        if press.timeline is None:
            remedy = "press the camera's own button"
            raise CommandError("refused", f"the box closes nothing for this question; {remedy}")
        return self.turn, press.timeline, press.lamp_ns

    def tell(self) -> dict[str, Any]:
        """Return how far the proof is, for a client."""
        self._read()
        proof, press = self._proof, self._question
        if proof is None:
            return {"state": "none", "asked": 0, "question": None, "said": [], "contradictions": [], "text": NONE}
        given = verdict(proof, self._shipped.layer(proof.profile))
        asked = sum(not entry.is_replaced for entry in proof.entries)
        return {
            "state": "over" if press is None else "asking",
            "profile": proof.profile,
            "body": proof.body,
            "number": _number(proof),
            "asked": asked,
            "question": None if press is None else _question(press, proof),
            "said": list(given.sentences),
            "contradictions": list(given.contradictions),
            "part": proof.part or _ALL,
            "parts": [
                {"name": name, "text": text.PARTS[name], "answers": _answers(proof, kinds)}
                for name, kinds in PARTS.items()
            ],
            "text": self._sentence(proof, press),
        }

    @staticmethod
    def _sentence(proof: Proof, press: Press | None) -> str:
        if press is None:
            return _PART_OVER if proof.part else _OVER
        many = "and then the part is over" if proof.part else "about twenty answers are enough"
        return f"{text.described(press)}; {many}"

    def begin(self, profile: str, body: str, pause: Pause, *, has_flash: bool, again: bool) -> None:
        """Begin a proof, or go on with the one that was left; `again` drops that."""
        self._read()
        if self._proof is not None and not again:
            if self._proof.profile == profile:
                return
            sentence = f"a proof of {self._proof.profile} was left; go on with that camera, or drop it: prove drop"
            raise CommandError("refused", sentence)
        origin = self._cameras.origin(profile)
        if origin != BUILT_IN and not self._cameras.load(profile).proof:
            raise CommandError("refused", f"{origin} is a profile of your own, and a proof is of a shipped one")
        known = self._shipped.load(profile)
        mirror = "none" if known.mirror_up is None else known.mirror_up.kind
        self._keep(Proof(profile, body, known.bulb, mirror, has_flash), pause)

    def answer(self, said: Mapping[str, Any], number: int | None, played: Played | None, pause: Pause) -> None:
        """Take what was seen, by the fields of Answer.

        CommandError if it is for a question of another `number`, or if the press of this one was not `played`.
        """
        proof, press = self._begun()
        if number not in (None, _number(proof)):
            raise CommandError("refused", _ANSWERED)
        if press is None:
            raise CommandError("refused", _OVER)
        turn, lags_ns = played or (None, ())
        if "cannot" in said and not press.rule.needs:
            raise CommandError("refused", _NO_SETTING)
        if press.timeline is not None and turn != self.turn and "cannot" not in said:
            raise CommandError("refused", _PRESS_FIRST)
        is_measured = turn == self.turn and LAGS in press.rule.asks
        answer = Answer(**said, lags_ns=lags_ns if is_measured else ())
        self._keep(proofs.answered(proof, press, answer), pause)

    def back(self, pause: Pause) -> None:
        """Take the last answer back; CommandError if there is none."""
        proof, _ = self._begun()
        self._keep(proofs.without_last(proof), pause)

    def choose(self, part: str, pause: Pause, *, again: bool) -> None:
        """Ask only that part from now on, or "all" of them; `again` takes its answers back.

        CommandError if there is no such part.
        """
        proof, _ = self._begun()
        if part not in PARTS and (part != _ALL or again):
            names = ", ".join(PARTS) if again else ", ".join((*PARTS, _ALL))
            raise CommandError("value", f"{quoted(part)} is no part of a proof; choose from {names}")
        if again:
            proof = proofs.without(proof, PARTS[part])
        self._keep(replace(proof, part="" if part == _ALL else part), pause)

    def drop(self) -> None:
        """Forget the proof, whatever is in its file."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise ConfigError(f"{self._path}: cannot be removed, {reason_of(error)}") from None
        self._use(None)

    def finish(self, camera: str, day: date | None, pause: Pause) -> tuple[Profile | None, Verdict]:
        """Write what was found over the shipped profile; return the profile now, None if nothing was found.

        `camera` is the profile that the box goes by, CommandError if that is another; `day` is None if nobody knows.
        """
        proof, _ = self._begun()
        _refuse_other(proof, camera)
        below = self._shipped.layer(proof.profile)
        given = verdict(proof, below)
        above = overlay(given, proof, UNDATED if day is None else day.isoformat())
        if above is None:
            return None, given
        merged(below, above, proof.profile)  # ConfigError if it is no profile
        assert self._cameras.proven is not None, "a box has a place for what is proven"
        write_profile(self._cameras.proven / f"{proof.profile}.toml", above.document(below), _HEAD, pause)
        return self._cameras.read_usable(proof.profile), given

    def _begun(self) -> tuple[Proof, Press | None]:
        self._read()
        if self._proof is None:
            raise CommandError("refused", NONE)
        return self._proof, self._question

    def _keep(self, proof: Proof, pause: Pause) -> None:
        """Write the proof to its file, and only then go by it."""
        content = json.dumps(proofs.to_json(proof), indent=1).encode()
        try:
            with staged(self._path, content) as new:
                pause()
                new.replace(self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            raise ConfigError(f"{self._path}: cannot be written, {reason_of(error)}") from None
        self._use(proof)

    def _use(self, proof: Proof | None) -> None:
        self._proof, self._is_read = proof, True
        press = None if proof is None else next_question(proof)
        is_dark = press is not None and press.lamp_ns is not None and not self._has_lamp
        self._question = None if is_dark else press
        self.turn += 1

    def _read(self) -> None:
        if self._is_read:
            return
        if not self._path.exists():
            self._use(None)
            return
        try:
            self._use(proofs.from_json(json.loads(text_of(self._path, "a proof"))))
        except (ValueError, CommandError, RecursionError) as error:
            remedy = "move it away, or forget it: prove drop"
            sentence = error.sentence if isinstance(error, CommandError) else error
            raise ConfigError(f"{self._path}: {sentence}; {remedy}") from error


def _answers(proof: Proof, kinds: Collection[str]) -> int:
    """Return how many answers to presses of these kinds count."""
    return sum(said.press.kind in kinds for _, said in proof.live())


def _number(proof: Proof) -> int:
    """Return the number of the question, counted from 1."""
    return len(proof.entries) + 1


def _refuse_other(proof: Proof, camera: str) -> None:
    if camera != proof.profile:
        remedy = f"go back to it with: set camera.profile {proof.profile}, or forget the proof: prove drop"
        raise CommandError("refused", f"this is a proof of {proof.profile}, and the box goes by {camera}; {remedy}")


def _question(press: Press, proof: Proof) -> Mapping[str, object]:
    """Return a question; what the owner was told to put right for the one before is not told again."""
    last = proof.entries[-1].press if proof.entries else Press(press.kind)
    asks = [
        {"name": name, "text": text.ASKS[name], "most": press.rule.most if name == PICTURES else None}
        for name in press.rule.asks
        if name != LAGS  # nobody is asked for those
    ]
    return {
        "kind": press.kind,
        "set": [sentence for sentence in text.to_set(press, last.put_right, last.swaps) if sentence],
        "closes": text.closes(press),
        "looks_for": text.looks_for(press),
        "asks": asks,
        "cannot": bool(press.rule.needs),
        "closes_contacts": press.timeline is not None,
    }
