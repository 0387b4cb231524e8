"""The core with a flash contact that closes at will, for several tests."""

import heapq
from itertools import count

from support import MS, S

from config.cameras import load_profile
from config.schema import build
from controller.core.controller import Controller
from controller.core.effects import OpenBoth, Play, RecordSlot
from controller.core.events import Requested, SyncSeen, TimelinePlayed, TimePassed
from controller.core.setup import Setup
from hardware.player import PlayedEdge


class Core:
    """A controller, a player that is `late_ns`, and a flash contact that closes as `edges` say.

    `edges` are, frame by frame, the times from SHUTTER's closing to the contact's; strangers are absolute times.
    """

    def __init__(self, *edges_ms, late_ns=0, strangers_ms=(), sync=25, **settings):
        values = {"camera.profile": "canon-e3", "camera.back_button_focus": True, "focus.interlock": False}
        values |= {"interval.count": 4, "interval.every": 2 * S, "pins.sync": sync}
        values |= {key.replace("__", "."): value for key, value in settings.items()}
        self.setup = Setup(build(values), load_profile("canon-e3"))
        self.controller = Controller(self.setup)
        self.edges_ms = list(edges_ms)
        self.late_ns = late_ns
        self.order, self.events, self.effects = count(), [], []
        for at_ms in strangers_ms:
            self.at(at_ms * MS, SyncSeen(at_ms * MS))

    def at(self, at_ns, event):
        heapq.heappush(self.events, (at_ns, next(self.order), event))
        return self

    def ask(self, ask, at_ms):
        return self.at(at_ms * MS, Requested(ask, ask.value))

    def run(self, until_ms=60_000):
        while True:
            deadline_ns = self.controller.next_deadline_ns
            event_ns = self.events[0][0] if self.events else None
            next_ns = min((at_ns for at_ns in (event_ns, deadline_ns) if at_ns is not None), default=None)
            if next_ns is None or next_ns > until_ms * MS:
                return self
            if next_ns == event_ns:
                self.take(*heapq.heappop(self.events)[::2])
            else:
                self.take(next_ns, TimePassed())

    def take(self, now_ns, event):
        for effect in self.controller.handle(event, now_ns):
            self.effects.append((now_ns, effect))
            if isinstance(effect, Play):
                self.play(effect)
            if isinstance(effect, OpenBoth):
                self.events = [each for each in self.events if not isinstance(each[2], TimelinePlayed)]
        return self

    def play(self, play):
        edges = [(play.at_ns + edge.at_ns, edge.line, edge.closed) for edge in play.timeline]
        played = tuple(PlayedEdge(line, closed, at_ns, at_ns + self.late_ns) for at_ns, line, closed in edges)
        for offset_ms in self.edges_ms.pop(0) if self.edges_ms else ():
            at_ns = played[0].actual_ns + offset_ms * MS
            self.at(at_ns, SyncSeen(at_ns))
        self.at(played[-1].actual_ns, TimelinePlayed(play.number, played, cut=False))

    def of(self, kind):
        return [effect for _, effect in self.effects if isinstance(effect, kind)]

    @property
    def rows(self):
        return [
            (row.slot, row.outcome, row.reason, row.lag_ns) for row in (enter.row for enter in self.of(RecordSlot))
        ]

    @property
    def outcomes(self):
        return [row[1] for row in self.rows]

    @property
    def sync(self):
        return self.controller.status(60 * S).sync
