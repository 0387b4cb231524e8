"""The values of options, from their texts. Each raises ArgumentTypeError with a sentence for a text that is none."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.naming import Called
    from controller.cli.plan_date import Day


def a_number(text: str) -> int:
    """Return a whole number from 1 on."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < number < 1 << 63:
        raise argparse.ArgumentTypeError(f'"{text}" is not a whole number from 1 on')
    return number


def a_port(text: str) -> int:
    """Return a port."""
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number < 1 << 16:
        raise argparse.ArgumentTypeError(f'"{text}" is no port, a number from 1 to 65535; 0 is any that is free')
    return number


def a_duration(text: str) -> int:
    """Return a duration in nanoseconds."""
    from config.errors import ConfigError
    from config.units import parse_duration

    try:
        return parse_duration(text)
    except ConfigError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def a_camera(name: str) -> "Called":
    """Return the profile and the body that a camera's name stands for."""
    from config.cameras import Cameras
    from config.errors import ConfigError
    from config.naming import camera_called

    try:
        return camera_called(Cameras(), name)
    except ConfigError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def a_date(text: str) -> "Day":
    """Return the day and the time in `2027-03-20` or `2027-03-20T17:30`, in which a space may stand for the T."""
    from config.errors import ConfigError, quoted
    from config.when import parse_day, parse_when
    from controller.cli.plan_date import Day

    try:
        if len(text) == len("2027-03-20"):
            return Day(parse_day(text))
        when = parse_when(text)
        if when.day is not None:
            return Day(when.day, when.at)
    except ConfigError as error:
        if "out of range" in str(error):
            raise argparse.ArgumentTypeError(str(error)) from error
    raise argparse.ArgumentTypeError(f"{quoted(text)} is not a date; write it like 2027-03-20 or 2027-03-20T17:30")
