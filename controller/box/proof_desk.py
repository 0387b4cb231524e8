"""The proof of the camera on this box: its file, its next question, and the profile that follows from it.

Belongs to the thread that runs deferred work: thinking about the next question takes tens of milliseconds. Knows
files and the inference of `controller.prove`; knows no engine and no clock.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.cameras import BUILT_IN, Cameras, Profile
from config.errors import ConfigError
from config.files import Pause, reason_of, staged, sync_folder, text_of
from config.profile_write import write_profile
from controller.errors import CommandError
from controller.prove import proof as proofs
from controller.prove import text
from controller.prove.answer import Answer
from controller.prove.asking import next_question
from controller.prove.press import PICTURES, Press
from controller.prove.proof import Proof
from controller.prove.verdict import Judged, merged, overlay, verdict

FILE = "proof.json"  # in the state directory
NONE = "no proof is begun; begin one with: prove"
_OVER = "that was the last question; finish goes by what was found"
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
            "number": len(proof.entries) + 1,
            "asked": asked,
            "question": None if press is None else _question(press, proof),
            "said": list(given.sentences),
            "contradictions": list(given.contradictions),
            "text": _OVER if press is None else f"{text.described(press)}; about twenty answers are enough",
        }

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

    def answer(self, answer: Answer, pause: Pause) -> None:
        """Take the answer to the question."""
        proof, press = self._begun()
        if press is None:
            raise CommandError("refused", _OVER)
        self._keep(proofs.answered(proof, press, answer), pause)

    def back(self, pause: Pause) -> None:
        """Take the last answer back; CommandError if there is none."""
        proof, _ = self._begun()
        self._keep(proofs.without_last(proof), pause)

    def drop(self) -> None:
        """Forget the proof, whatever is in its file."""
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            raise ConfigError(f"{self._path}: cannot be removed, {reason_of(error)}") from None
        self._use(None)

    def finish(self, date: str, pause: Pause) -> tuple[Profile | None, list[Judged]]:
        """Write what was found over the shipped profile; return the profile now, or None if nothing was found."""
        proof, _ = self._begun()
        below = self._shipped.layer(proof.profile)
        given = verdict(proof, below)
        above = overlay(given, proof, date)
        if above is None:
            return None, list(given.judged)
        merged(below, above, proof.profile)  # ConfigError if it is no profile
        assert self._cameras.proven is not None, "a box has a place for what is proven"
        write_profile(self._cameras.proven / f"{proof.profile}.toml", above.document(below), _HEAD, pause)
        return self._cameras.read_usable(proof.profile), list(given.judged)

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


def _question(press: Press, proof: Proof) -> Mapping[str, object]:
    """Return a question; what the owner was told to put right for the one before is not told again."""
    last = proof.entries[-1].press if proof.entries else Press(press.kind)
    asks = [
        {"name": name, "text": text.ASKS[name], "most": press.rule.most if name == PICTURES else None}
        for name in press.rule.asks
        if name in ASKED
    ]
    return {
        "kind": press.kind,
        "set": [sentence for sentence in text.to_set(press, last.put_right, last.swaps) if sentence],
        "closes": text.closes(press),
        "asks": asks,
        "cannot": bool(press.rule.needs),
        "closes_contacts": press.timeline is not None,
    }


ASKED = ("pictures", "moved", "late", "is_long", "lit")
