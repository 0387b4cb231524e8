"""`backbutton doctor`: what commonly goes wrong on a Pi, each with its fix.

Knows files, services and processes, and only looks: no line is requested, and nothing is changed but config.txt,
if asked for. Looking (facts, from a `Machine`) is apart from judging (facts to findings), and both from printing.
"""

import argparse

from controller.doctor.command import Wishes, examine_and_tell
from controller.doctor.machine import Machine, Places


def run_doctor(options: argparse.Namespace) -> int:
    """Examine this machine, as the command line asks; returns the exit status."""
    wishes = Wishes(options.json, options.fix, options.yes, options.list)
    return examine_and_tell(Machine(Places(options.config, options.state_dir, options.socket)), wishes)
