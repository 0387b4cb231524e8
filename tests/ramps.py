"""Ramps and runs made by hand, without settings. For several tests."""

from math import log2

from config.moments import Share
from config.ramp import Key
from config.steps import Step
from controller.core.grid import Grid, Run
from controller.core.ramp import Bounds, Exposures, Knot, PlacedStep, Ramp, light_of

S = 1_000_000_000
EVERY = 10 * S
WIDE = Bounds(1, 10**18, -(10**18))  # there is always room


def knot(at_ns, exposure_ns, sky=None, steps=()):
    key = Key(Share(0), exposure_ns)
    light_ns = light_of(key, steps, at_ns)
    return Knot(key, at_ns, at_ns / EVERY, light_ns, 0.0 if sky is None else sky.stops_at(at_ns))


def even(*pairs, steps=()):
    """A ramp that is even between exposures at slots."""
    return Ramp(tuple(knot(slot * EVERY, ns, steps=steps) for slot, ns in pairs), steps)


def running(ramp, *, limit=1 / 3, bounds=WIDE, every_ns=EVERY, count=10_000):
    return Run(Grid(0, every_ns, count), 0, needs_lock=False, exposures=Exposures(ramp, bounds, limit, 0))


def stops(after_ns, before_ns):
    return log2(after_ns / before_ns)


def exposures(run, *slots):
    return [run.exposure_ns(slot) for slot in slots]


def called(slot, sixths):
    return PlacedStep(Step(Share(0), sixths), slot * EVERY)
