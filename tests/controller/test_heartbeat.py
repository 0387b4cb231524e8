"""When the watchdog is fed: only while main steps the heartbeat, and the player has answered its last ping."""

from controller.heartbeat import Heartbeat

PERIOD_NS = 2_000_000_000


class Scene:
    """A heartbeat, a player that answers when told to, and a watchdog that counts."""

    def __init__(self):
        self.pings = []
        self.fed = 0
        self.heartbeat = Heartbeat(self.pings.append, self.feed, PERIOD_NS, 0)

    def feed(self):
        self.fed += 1

    def answer(self):
        self.pings[-1]()

    def pass_period(self, periods=1):
        for _ in range(periods):
            self.heartbeat.step(self.heartbeat.next_ns)


def test_the_player_is_pinged_at_once_and_nothing_is_fed_yet():
    scene = Scene()
    assert len(scene.pings) == 1
    assert scene.fed == 0
    assert scene.heartbeat.next_ns == PERIOD_NS


def test_an_answered_ping_feeds_once_a_period():
    scene = Scene()
    for period in range(1, 4):
        scene.answer()
        scene.pass_period()
        assert scene.fed == period
        assert len(scene.pings) == period + 1


def test_a_player_that_does_not_answer_feeds_nothing_and_is_not_pinged_again():
    scene = Scene()
    scene.answer()
    scene.pass_period(10)
    assert scene.fed == 1
    assert len(scene.pings) == 2


def test_a_late_answer_feeds_in_the_next_period():
    scene = Scene()
    scene.pass_period(3)
    scene.answer()
    scene.pass_period()
    assert scene.fed == 1


def test_an_answer_wakes_nobody_and_feeds_nothing_by_itself():
    scene = Scene()
    scene.answer()
    assert scene.fed == 0
    assert scene.heartbeat.next_ns == PERIOD_NS


def test_too_early_a_step_is_nothing():
    scene = Scene()
    scene.answer()
    scene.heartbeat.step(PERIOD_NS - 1)
    assert scene.fed == 0


def test_after_a_long_hang_of_main_no_feeding_is_made_up_for():
    scene = Scene()
    scene.answer()
    scene.heartbeat.step(10 * PERIOD_NS)
    assert scene.fed == 1
    assert scene.heartbeat.next_ns == 11 * PERIOD_NS
