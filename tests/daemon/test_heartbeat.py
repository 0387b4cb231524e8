"""When the watchdog is fed: only while main steps the heartbeat, and the player comes round."""

from controller.daemon.notify import Heartbeat

PERIOD_NS = 2_000_000_000


class Scene:
    """A heartbeat, a player that comes round when told to, and a watchdog that counts."""

    def __init__(self):
        self.came = False
        self.fed = 0
        self.heartbeat = Heartbeat(self.look, self.feed, PERIOD_NS, 0)

    def look(self):
        came, self.came = self.came, False
        return came

    def feed(self):
        self.fed += 1

    def pass_period(self, periods=1):
        for _ in range(periods):
            self.heartbeat.step(self.heartbeat.next_ns)


def test_nothing_is_fed_at_once():
    scene = Scene()
    assert scene.fed == 0
    assert scene.heartbeat.next_ns == PERIOD_NS


def test_a_player_that_comes_round_feeds_once_a_period():
    scene = Scene()
    for period in range(1, 4):
        scene.came = True
        scene.pass_period()
        assert scene.fed == period


def test_a_player_that_does_not_come_round_feeds_nothing():
    scene = Scene()
    scene.came = True
    scene.pass_period(10)
    assert scene.fed == 1


def test_a_player_that_comes_round_late_feeds_in_the_next_period():
    scene = Scene()
    scene.pass_period(3)
    scene.came = True
    assert scene.fed == 0
    scene.pass_period()
    assert scene.fed == 1


def test_too_early_a_step_is_nothing():
    scene = Scene()
    scene.came = True
    scene.heartbeat.step(PERIOD_NS - 1)
    assert scene.fed == 0


def test_after_a_long_hang_of_main_no_feeding_is_made_up_for():
    scene = Scene()
    scene.came = True
    scene.heartbeat.step(10 * PERIOD_NS)
    assert scene.fed == 1
    assert scene.heartbeat.next_ns == 11 * PERIOD_NS
