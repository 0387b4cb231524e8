"""The packages that the daemon stands on, and which pin factory it takes. Facts and judgements."""

import re
from collections.abc import Iterator
from importlib import import_module, metadata

from config.record import dataclass
from controller.doctor.finding import Finding, ok, problem, warning
from controller.doctor.machine import DAEMON, Machine

VARIABLE = "GPIOZERO_PIN_FACTORY"
OURS = "backbutton"
_GROUP = "gpiozero_pin_factories"


@dataclass(frozen=True, slots=True)
class Package:
    """A package the daemon needs: its name, the least version, Debian's name, and what only the right one has."""

    name: str
    least: str
    debian: str
    module: str
    mark: str


# Versions as in pyproject.toml; a test compares.
PACKAGES = (
    Package("gpiozero", "1.6.2", "python3-gpiozero", "gpiozero", "Device"),
    Package("gpiod", "2.2.1", "python3-libgpiod", "gpiod", "LineSettings"),  # version 1 is another interface
    Package("pyserial", "3.5", "python3-serial", "serial", "Serial"),  # "serial" on PyPI is another package
    Package("transitions", "0.9.0", "python3-transitions", "transitions", "Machine"),
    Package("astral", "3.2", "python3-astral", "astral.sun", "sun_declination"),  # before 2 it is another interface
)


@dataclass(frozen=True, slots=True)
class Installed:
    """A package as it is here: its version, "" if unknown; `fault` is why it cannot be used."""

    package: Package
    version: str
    fault: str


@dataclass(frozen=True, slots=True)
class Software:
    """The packages, why our pin factory does not load, and what chooses another: (where, its name)."""

    packages: tuple[Installed, ...]
    factory_fault: str
    known: frozenset[str]
    chosen: tuple[tuple[str, str], ...]


def look_at_software(machine: Machine) -> Software:
    """Load the packages, and our factory."""
    known = frozenset(point.name for point in metadata.entry_points(group=_GROUP))
    unit = re.search(rf"\b{VARIABLE}=(\S*)", machine.unit(DAEMON)["Environment"])
    here = machine.environment.get(VARIABLE)
    chosen = [("environment", here)] if here is not None else []
    chosen += [("service", unit[1])] if unit else []
    packages = tuple(_installed(package) for package in PACKAGES)
    return Software(packages, _fault("hardware.chip", "ChipFactory"), known, tuple(chosen))


def _installed(package: Package) -> Installed:
    try:
        version = metadata.version(package.name)
    except metadata.PackageNotFoundError:
        version = ""
    return Installed(package, version, _fault(package.module, package.mark))


def _fault(module: str, mark: str) -> str:
    """Return why a module cannot be used, "" if it can."""
    try:
        found = import_module(module)
    except Exception as error:  # noqa: BLE001 - a broken package may raise anything, and is what we look for
        return f"{type(error).__name__}: {error}".partition("\n")[0]
    return "" if hasattr(found, mark) else f"it has no {mark}"


def judge_packages(facts: Software) -> Iterator[Finding]:
    """Whether all packages are there, and new enough."""
    troubles = [trouble for found in facts.packages if (trouble := _trouble(found))]
    yield from troubles
    if not troubles and facts.factory_fault:
        yield problem(
            f"our pin factory cannot be loaded: {facts.factory_fault}",
            "install backbutton anew; its folders config, hardware and controller belong together",
        )
    elif not troubles:
        yield ok(", ".join(f"{found.package.name} {found.version}".strip() for found in facts.packages))


def _trouble(found: Installed) -> Finding | None:
    package = found.package
    install = (
        f"sudo apt install {package.debian}; in a virtual environment: pip install '{package.name}>={package.least}'"
    )
    if found.fault:
        what = f"{package.name} {found.version}".strip()
        return problem(f"{what} cannot be used: {found.fault}", install)
    if found.version and numbers(found.version) < numbers(package.least):
        return problem(f"{package.name} {found.version} is too old, {package.least} is the least", install)
    return None


def numbers(version: str) -> tuple[int, ...]:
    """Return the first three numbers of a version, to be compared."""
    found = [int(digits) for digits in re.findall(r"\d+", version)[:3]]
    return (*found, 0, 0, 0)[:3]


def judge_factory(facts: Software) -> Iterator[Finding]:
    """Whether the daemon takes our pin factory."""
    for where, name in facts.chosen:
        undo = f"unset {VARIABLE}" if where == "environment" else f"sudo systemctl edit backbutton: remove {VARIABLE}"
        seen = f"{VARIABLE}={name} in {'this environment' if where == 'environment' else 'backbutton.service'}"
        if name not in facts.known:
            yield problem(f"{seen}: gpiozero has no such pin factory, so a daemon does not start", undo)
        elif name == "mock" and where == "service":
            yield problem(f"{seen}: no pin is moved", undo)
        elif name != OURS:
            yield warning(f"{seen}: edges are stamped on arrival, and late", undo)
    if not facts.chosen:
        yield ok(f"{VARIABLE} is not set, so the daemon takes its own over libgpiod")
    elif all(name == OURS and name in facts.known for _, name in facts.chosen):
        yield ok(f"{VARIABLE}={OURS}, our own")
