"""The layout on strip board, followed from hole to hole, connects what the schematic connects, and nothing else."""

from config.schema import Settings
from controller.cli.wiring import connections
from docs import strip_board


def nets():
    """Return the connected sets of holes: pieces of strip, joined by links."""
    sets = [set(piece) for piece in strip_board.strip_pieces() if piece]
    for link in strip_board.LINKS:
        first = next(net for net in sets if link.start in net)
        second = next(net for net in sets if link.end in net)
        if first is not second:
            first |= second
            sets.remove(second)
    return sets


def net_of(hole):
    return next(frozenset(net) for net in nets() if hole in net)


def lead(to):
    (hole,) = (lead.hole for lead in strip_board.leads() if lead.to == to)
    return net_of(hole)


def pin(setting):
    row = next(row for row in connections(Settings()) if row.setting == setting)
    return lead(f"pin {row.pin}, GPIO{row.bcm}")


def across(first, second):
    """Return the values of the resistors between two nets."""
    ends = ((part.value, {net_of(part.start), net_of(part.end)}) for part in strip_board.RESISTORS)
    return [value for value, nets in ends if nets == {first, second}]


def legs(name):
    (opto,) = (opto for opto in strip_board.OPTOS if opto.name == name)
    return [net_of(hole) for hole in opto.legs]


def test_each_contact_is_wired_as_in_the_schematic():
    ground = lead("pin 9, GND")
    for name in ("FOCUS", "SHUTTER"):
        anode, cathode, emitter, collector = legs(name)
        gpio = pin(f"pins.{name.lower()}")
        assert across(gpio, anode) == ["470"]
        assert across(gpio, ground) == ["10 k"]
        assert cathode == ground
        assert emitter == lead("plug: ground")
        assert collector == lead(f"plug: {name}")


def test_each_lamp_has_its_resistor():
    for name in ("ready", "busy", "fault"):
        assert across(pin(f"pins.{name}_lamp"), lead(f"{name} +")) == ["470"]


def test_six_wires_go_to_ground_for_the_buttons_and_the_lamps():
    ground = lead("pin 9, GND")
    spare = [lead for lead in strip_board.leads() if not lead.to]
    assert len(spare) == 6
    assert all(net_of(lead.hole) == ground for lead in spare)


def test_the_camera_shares_no_piece_of_strip_with_the_pi():
    for net in nets():
        columns = {int(hole[1:]) for hole in net}
        assert max(columns) <= 10 or min(columns) >= 13


def test_nets_that_are_not_ground_are_apart_and_no_hole_is_used_twice():
    leads = [lead for lead in strip_board.leads() if lead.to]
    assert len({net_of(lead.hole) for lead in leads}) == len(leads)
    parts = (*strip_board.RESISTORS, *strip_board.LINKS)
    holes = [hole for part in parts for hole in (part.start, part.end)]
    holes += [hole for opto in strip_board.OPTOS for hole in opto.legs]
    holes += [lead.hole for lead in strip_board.leads()]
    assert len(holes) == len(set(holes))
    assert not set(holes) & set(strip_board.CUTS)


def test_it_has_the_resistors_and_optocouplers_of_the_list_of_parts():
    values = [part.value for part in strip_board.RESISTORS]
    assert (values.count("470"), values.count("10 k"), len(strip_board.OPTOS)) == (5, 2, 2)
