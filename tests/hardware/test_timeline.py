import dataclasses

import pytest

from hardware.errors import HardwareError, TimelineError
from hardware.timeline import Edge, Line, Timeline

F, S = Line.FOCUS, Line.SHUTTER


def timeline(*edges):
    return Timeline(tuple(Edge(*edge) for edge in edges))


def test_a_frame_with_both_contacts_is_a_timeline():
    frame = timeline((0, F, True), (100, S, True), (300, S, False), (305, F, False))
    assert frame.lines == {F, S}
    assert frame.end_ns == 305
    assert [edge.at_ns for edge in frame] == [0, 100, 300, 305]


@pytest.mark.parametrize(
    "edges",
    [
        pytest.param([(0, F, False)], id="a hold is ended"),
        pytest.param([(0, F, False), (330, F, True), (900, F, False)], id="a lock is opened for the gap"),
        pytest.param([(5, S, True), (5, S, False)], id="a pulse of no length"),
        pytest.param([(5, S, True), (5, F, True), (9, F, False), (9, S, False)], id="edges of one instant"),
    ],
)
def test_a_line_that_ends_open_breaks_no_rule(edges):
    assert len(list(timeline(*edges))) == len(edges)


@pytest.mark.parametrize(
    ("edges", "sentence"),
    [
        ([], "a timeline needs at least one edge"),
        ([(-1, S, True), (9, S, False)], "an edge at -1 ns lies before the start of its timeline"),
        ([(9, S, True), (8, S, False)], "edge at 8 ns stands after the one at 9 ns; sort them"),
        ([(1, S, True), (2, S, False), (0, F, False)], "edge at 0 ns stands after the one at 2 ns; sort them"),
        ([(0, S, True), (1, S, True), (2, S, False)], "shutter closes twice in a row"),
        ([(0, F, True), (1, F, False), (2, F, False)], "focus opens twice in a row"),
        ([(0, F, True), (0, S, True), (1, F, True), (2, S, False)], "focus closes twice in a row"),
        ([(0, F, True)], "focus is left closed; say when it opens"),
        ([(0, S, False), (1, S, True)], "shutter is left closed; say when it opens"),
        ([(0, F, True), (1, S, True), (2, S, False)], "focus is left closed; say when it opens"),
    ],
)
def test_a_broken_rule_is_refused_with_its_sentence(edges, sentence):
    with pytest.raises(TimelineError) as caught:
        timeline(*edges)
    assert str(caught.value) == sentence


def test_a_timeline_error_is_an_error_of_the_hardware_layer():
    assert issubclass(TimelineError, HardwareError)
    assert issubclass(TimelineError, ValueError)


def test_a_timeline_cannot_be_changed_once_it_has_been_checked():
    frame = timeline((0, S, True), (9, S, False))
    with pytest.raises(dataclasses.FrozenInstanceError):
        frame.edges = ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        frame.edges[1].closed = True


def test_equal_timelines_are_interchangeable():
    assert timeline((0, S, True), (9, S, False)) == timeline((0, S, True), (9, S, False))
    assert len({timeline((0, F, False)), timeline((0, F, False))}) == 1


def test_each_line_is_a_key_of_its_own():
    assert {F: "focus", S: "shutter"}[Line("shutter")] == "shutter"
