"""Help about what a photographer wants to do, and the words and spellings that a console takes."""

import pytest
from support import play

from controller.console.commands import COMMANDS
from controller.console.topics import GROUPS, TOPICS


def answers(*commands, camera="nikon-10pin"):
    outcome = play("\n".join(f"at {second}s > {command}" for second, command in enumerate(commands)), camera=camera)
    return [
        line.strip() for line in outcome.narration.splitlines() if line.strip().startswith(("ok", "error", "refused"))
    ]


def test_the_overview_has_each_command_once_and_fits_a_screen():
    names = [name for _, members in GROUPS for name in members]
    assert sorted(names) == sorted(COMMANDS)
    assert len(GROUPS) + len(TOPICS) < 20
    assert len({*names} & {*TOPICS} - {"bulb"}) == 0


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_fits_a_screen_and_what_it_says_to_type_works(topic):
    assert len(TOPICS[topic]) < 20
    assert max(map(len, TOPICS[topic])) < 80
    lines = [line.strip() for line in TOPICS[topic] if line.startswith("  ")]
    assert lines
    replies = answers("focus hold", "focus release", *lines, "status")
    assert [reply for reply in replies if not reply.startswith("ok")] == []


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("set interval.every 5 s", "ok interval.every is 5s"),
        ("set interval.every 1h 30m", "ok interval.every is 90m"),
        ("set interval.every 2 minutes", "ok interval.every is 2m"),
        ("SET Interval.Every 10secs", "ok interval.every is 10s"),
        ("set interval.every", "ok interval.every is 5s"),
        ("set interval.every 30", 'error value: interval.every: "30" has no unit; write 30s for seconds, or 30m for'),
        ("set interval.every 1:30", 'error value: interval.every: "1:30" may be hours or minutes; write 1h 30m or'),
        ("set shot.exposure 1/60", 'error value: shot.exposure: "1/60" has no unit; write 1/60s for seconds; choose'),
        ("set interval.every 1h30", 'error value: interval.every: "1h30" has a number without a unit; write 1h30m;'),
        ("set interval.every 1,5s", 'error value: interval.every: "1,5s" has a comma in the number; write 1.5s;'),
        ("set site.latitude 47\N{DEGREE SIGN}22'N", "ok site.latitude is 47.366667"),
        ("set site.latitude 47\N{DEGREE SIGN} 22' 12\" S", "ok site.latitude is -47.37"),
        ("set site.longitude W 8.54", "ok site.longitude is -8.54"),
        ("set site.latitude 47,37", 'error value: site.latitude: "47,37" has a comma in the number; write 47.37'),
        ("set site.latitude 47.37, 8.54", 'error value: site.latitude: "47.37, 8.54" is two numbers; set site.lat'),
        (
            "set site.latitude 8\N{DEGREE SIGN}32'E",
            'error value: site.latitude: "8\N{DEGREE SIGN}32\'E" is not an angle',
        ),
        ("set camera.profile a7 iii", "ok camera.profile is sony-multi, camera.model is Sony α7 III"),
        ("set camera.model D850", "ok camera.model is Nikon D850"),
        ("set camera.model zfc", "error value: the Nikon Z fc has no port for a wired remote"),
        ("cameras a7 iii", "ok choose it with: set camera.model Sony α7 III"),
        ("reset Interval.Every", "ok interval.every is "),
        ("reset SHOT.DRIVE ", "ok shot.drive is "),
        ("show Interval.Every", "ok "),
        ("help Interval.Every", "ok interval.every"),
        ("help bulb", "ok bulb"),
        ("help", "ok help WORD explains one; help commands describes each; show lists the settings"),
    ],
)
def test_what_a_photographer_types_works_or_is_answered_with_what_was_meant(command, answer):
    assert answers(command)[0].startswith(answer)


def test_exit_leaves_the_console_like_quit():
    from controller.console.commands import Session, execute  # noqa: PLC0415

    assert execute(Session(None), "exit") == execute(Session(None), "quit")


def test_another_port_is_another_body():
    replies = answers(
        "set camera.model D850", "set camera.profile canon-e3", "set camera.model D810", "reset camera.profile"
    )
    assert replies[1] == "ok camera.profile is canon-e3, camera.model is unset"
    assert replies[3] == "ok camera.profile is generic, camera.model is unset"
