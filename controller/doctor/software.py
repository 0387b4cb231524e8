"""The packages that the daemon needs, and which pin factory it uses."""

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
    """A package the daemon needs; `attribute` of `module` tells it from another package of the same name."""

    name: str
    minimum: str
    debian: str
    module: str
    attribute: str


# Versions as in pyproject.toml; a test compares.
PACKAGES = (
    Package("gpiozero", "1.6.2", "python3-gpiozero", "gpiozero", "Device"),
    Package("gpiod", "2.2", "python3-libgpiod", "gpiod", "LineSettings"),  # version 1 has another interface
    Package("pyserial", "3.5", "python3-serial", "serial", "Serial"),  # "serial" on PyPI is another package
    Package("transitions", "0.9.0", "python3-transitions", "transitions", "Machine"),
    Package("astral", "3.2", "python3-astral", "astral.sun", "sun_declination"),  # version 1 has another interface
)


@dataclass(frozen=True, slots=True)
class Installed:
    """A package as it is on this machine: its version ("" if unknown), and why it cannot be used ("" if it can)."""

    package: Package
    version: str
    fault: str


@dataclass(frozen=True, slots=True)
class Software:
    """The packages, why our pin factory cannot be loaded ("" if it can), and the factories gpiozero knows.

    `chosen` has the places that select a pin factory: ("environment" or "service", the factory's name).
    """

    packages: tuple[Installed, ...]
    factory_fault: str
    known: frozenset[str]
    chosen: tuple[tuple[str, str], ...]


def look_at_software(machine: Machine) -> Software:
    """Load the packages, and our pin factory."""
    known = frozenset(point.name for point in metadata.entry_points(group=_GROUP))
    in_service = re.search(rf"\b{VARIABLE}=(\S*)", machine.unit(DAEMON)["Environment"])
    here = machine.environment.get(VARIABLE)
    chosen = [("environment", here)] if here is not None else []
    chosen += [("service", in_service[1])] if in_service else []
    packages = tuple(_installed(package) for package in PACKAGES)
    return Software(packages, _import_fault("hardware.chip", "ChipFactory"), known, tuple(chosen))


def _installed(package: Package) -> Installed:
    try:
        version = metadata.version(package.name)
    except metadata.PackageNotFoundError:
        version = ""
    return Installed(package, version, _import_fault(package.module, package.attribute))


def _import_fault(module: str, attribute: str) -> str:
    """Return why a module cannot be used; "" if it can."""
    try:
        imported = import_module(module)
    except Exception as error:  # noqa: BLE001 - a broken package may raise anything, and is what we look for
        return f"{type(error).__name__}: {error}".partition("\n")[0]
    return "" if hasattr(imported, attribute) else f"it has no {attribute}"


def judge_packages(facts: Software) -> Iterator[Finding]:
    """Judge whether all packages are installed, and new enough."""
    problems = [finding for installed in facts.packages if (finding := _package_problem(installed))]
    yield from problems
    if not problems and facts.factory_fault:
        yield problem(
            f"backbutton's GPIO driver cannot be loaded: {facts.factory_fault}",
            "reinstall backbutton; its folders config, hardware and controller must be of one version",
        )
    elif not problems:
        yield ok(", ".join(f"{each.package.name} {each.version}".strip() for each in facts.packages))


def _package_problem(installed: Installed) -> Finding | None:
    package, version = installed.package, installed.version
    in_venv = f"pip install '{package.name}>={package.minimum}'"
    fix = f"sudo apt install {package.debian}; in a virtual environment: {in_venv}"
    if installed.fault:
        return problem(f"{f'{package.name} {version}'.strip()} cannot be used: {installed.fault}", fix)
    if version and numbers(version) < numbers(package.minimum):
        return problem(f"{package.name} {version} is too old; at least {package.minimum} is needed", fix)
    return None


def numbers(version: str) -> tuple[int, ...]:
    """Return the first three numbers of a version, for comparison."""
    parts = [int(digits) for digits in re.findall(r"\d+", version)[:3]]
    return (*parts, 0, 0, 0)[:3]


def judge_factory(facts: Software) -> Iterator[Finding]:
    """Judge whether the daemon uses our pin factory."""
    for origin, name in facts.chosen:
        is_here = origin == "environment"
        undo = f"unset {VARIABLE}" if is_here else f"sudo systemctl edit backbutton: remove {VARIABLE}"
        seen = f"{VARIABLE}={name} in {'this environment' if is_here else 'backbutton.service'}"
        if name not in facts.known:
            yield problem(f"{seen}: gpiozero has no such pin factory, so a daemon does not start", undo)
        elif name == "mock" and origin == "service":
            yield problem(f"{seen}: the daemon moves no real pin", undo)
        elif name != OURS:
            yield warning(f"{seen}: button presses get their time late, when Python hears of them", undo)
    if not facts.chosen:
        yield ok(f"{VARIABLE} is not set, so the daemon uses its own GPIO driver, libgpiod")
    elif all(name == OURS and name in facts.known for _, name in facts.chosen):
        yield ok(f"{VARIABLE}={OURS}: the daemon uses its own GPIO driver, libgpiod")
