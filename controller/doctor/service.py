"""The daemon: whether it runs, alone, in real time, and can be talked to. Facts and judgements."""

import os
import resource
from collections.abc import Iterator

from config.record import dataclass
from controller.doctor.finding import Finding, left_out, ok, problem, warning
from controller.doctor.machine import DAEMON, Machine
from controller.doctor.serial import last_words
from controller.doctor.tables import Person, Process, Unit
from controller.errors import CommandError

_FIFO = "1"  # SCHED_FIFO in <linux/sched.h>
_LEAST_STAT = 40  # fields after the name in /proc/PID/stat that the policy is one of
_RUN_BY_UNIT = "sudo systemctl enable --now backbutton"
_LOG = "journalctl -u backbutton -n 30"


@dataclass(frozen=True, slots=True)
class Daemons:
    """The daemons on pins; `holder` has locked the state directory, 0 if nobody has; `said` is the log's end."""

    is_pi: bool
    running: tuple[Process, ...]
    unit: Unit
    holder: int
    said: str


def look_at_daemons(machine: Machine) -> Daemons:
    """Read which daemons run."""
    unit = machine.unit(DAEMON)
    said = last_words(machine, DAEMON) if unit.has_failed else ""
    return Daemons(machine.board.is_pi, machine.daemons, unit, _lock_holder(machine), said)


def _lock_holder(machine: Machine) -> int:
    """Return who holds the daemon's lock on the state directory, as /proc/locks tells; 0 if nobody does."""
    try:
        found = machine.places.state_dir.stat()
    except OSError:
        return 0
    mark = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    rows = [line.split() for line in (machine.text("proc/locks") or "").splitlines()]
    holders = [int(row[4]) for row in rows if "FLOCK" in row and mark in row and row[4].isdecimal()]
    return next(iter(holders), 0)


def judge_daemons(facts: Daemons) -> Iterator[Finding]:
    """Whether one daemon runs, and by its service."""
    main = int(facts.unit["MainPID"] or 0)
    by_hand = [process for process in facts.running if process.number != main]
    if len(facts.running) > 1:
        who = "; ".join(f"{process.number} of {process.user}" for process in facts.running)
        stop = " ".join(str(process.number) for process in by_hand if main or process is not by_hand[0])
        yield problem(f"{len(facts.running)} daemons run at once: {who}", f"sudo kill {stop}")
    elif facts.unit.has_failed and (facts.unit.is_again or not by_hand):
        yield _failed(facts, by_hand)
    elif by_hand:
        yield warning(
            f"the daemon was started by hand ({by_hand[0].number} of {by_hand[0].user}): "
            "nobody opens the contacts if it is killed",
            f"sudo kill {by_hand[0].number}; {_RUN_BY_UNIT}",
        )
    elif facts.running and not facts.unit.is_active:
        yield warning(f"backbutton.service is about to start ({main})", "wait a moment, then ask again")
    elif facts.running:
        yield ok(f"backbutton.service runs ({main})")
        if not facts.unit.is_enabled:
            yield warning("backbutton.service does not start by itself at boot", "sudo systemctl enable backbutton")
    else:
        yield _none(facts)


def _failed(facts: Daemons, by_hand: list[Process]) -> Finding:
    why = facts.said or facts.unit["Result"] or "see its log"
    if not facts.unit.is_again:
        return problem(f"backbutton.service ended badly ({why}) and is stopped", f"{_RUN_BY_UNIT}; {_LOG}")
    seen = f"backbutton.service does not start: {why}"
    if by_hand:
        return problem(
            f"{seen}; a daemon started by hand is in its way", f"sudo kill {by_hand[0].number}, it starts then"
        )
    return problem(seen, f"see to that, it is tried again every second; {_LOG}")


def _none(facts: Daemons) -> Finding:
    if facts.holder:
        return problem(
            f"process {facts.holder} holds the daemon's state directory, and is no daemon on pins",
            f"see what it is: ps -fp {facts.holder}; sudo kill {facts.holder}",
        )
    if facts.unit.is_there:
        return problem("no daemon runs: backbutton.service is stopped", _RUN_BY_UNIT)
    if facts.is_pi:
        return problem(
            "no daemon runs, and backbutton.service is not installed",
            f"install the package, or the files of systemd/ as its README says, then {_RUN_BY_UNIT}",
        )
    return left_out("no daemon runs here, and this is no Raspberry Pi")


@dataclass(frozen=True, slots=True)
class RealTime:
    """What is granted: what the player told (None: nothing), the priorities of the daemon's threads, the limit.

    `budget_us` is the kernel's limit for all real time together, of each second; None where it has none.
    """

    has_daemon: bool
    player: str | None
    priorities: tuple[int, ...]
    limit: int
    budget_us: int | None


def look_at_real_time(machine: Machine) -> RealTime:
    """Ask the daemon, else read its threads, else this user's limit."""
    told = None if isinstance(machine.status, CommandError) else machine.status.get("player")
    tasks = [
        machine.text(f"proc/{process.number}/task/{task}/stat")
        for process in machine.daemons
        for task in machine.names(f"proc/{process.number}/task/*")
    ]
    budget = (machine.text("proc/sys/kernel/sched_rt_runtime_us") or "").strip()
    limit = machine.unit(DAEMON)["LimitRTPRIO"]
    return RealTime(
        machine.serves or told is not None,
        None if told is None else str(told),
        tuple(priority for text in tasks if text and (priority := _fifo_priority(text))),
        int(limit) if limit.isdecimal() else resource.getrlimit(resource.RLIMIT_RTPRIO)[0],
        int(budget) if budget.lstrip("-").isdecimal() else None,
    )


def _fifo_priority(stat: str) -> int:
    """Return a thread's priority under SCHED_FIFO, from its /proc stat (proc_pid_stat(5)); 0 if it has none."""
    fields = stat.rpartition(")")[2].split()  # the first is field 3
    if len(fields) < _LEAST_STAT - 1:
        return 0
    priority, policy = fields[37], fields[38]  # fields 40 and 41
    return int(priority) if policy == _FIFO else 0


def judge_real_time(facts: RealTime) -> Iterator[Finding]:
    """Whether the player gets its turn before ordinary programs."""
    if facts.budget_us == 0:
        yield warning(
            "the kernel gives no time to real time: kernel.sched_rt_runtime_us is 0",
            "sudo sysctl kernel.sched_rt_runtime_us=950000",
        )
    if facts.player is not None and "no real time" not in facts.player:
        yield ok(f"the player has {facts.player}")
    elif facts.priorities:
        yield ok(f"the player has SCHED_FIFO {max(facts.priorities)}")
    elif facts.has_daemon:
        yield warning(
            "the daemon's player has no real time: frames may be late when the Pi is busy",
            f"let systemd run it, whose LimitRTPRIO=70 grants it: {_RUN_BY_UNIT}",
        )
    elif facts.limit:
        yield ok("no daemon runs to ask; it may have real time, by LimitRTPRIO")
    else:
        yield left_out("no daemon runs to ask; this user has no real time, the service has")


@dataclass(frozen=True, slots=True)
class Access:
    """How the control socket answered this person."""

    person: Person
    has_daemon: bool
    path: str
    answer: str
    error: CommandError | None


def look_at_access(machine: Machine) -> Access:
    """Ask the daemon for its status, as a console does."""
    status = machine.status
    path = str(machine.places.socket)
    if isinstance(status, CommandError):
        return Access(machine.person, machine.serves, path, "", status)
    states = f"focus {status.get('focus')}, release {status.get('release')}"
    return Access(machine.person, has_daemon=True, path=path, answer=states, error=None)


def judge_access(facts: Access) -> Iterator[Finding]:
    """Whether this person can talk to the daemon."""
    who = facts.person
    if facts.error is None:
        yield ok(f"{facts.path} answers {who.name}: {facts.answer}")
        return
    seen, _, fix = facts.error.sentence.partition("; ")
    if "may not be opened" in seen:
        yield problem(
            f"{who.name} may not talk to the daemon: {facts.path} may not be opened", who.remedy("backbutton")
        )
    elif facts.has_daemon:
        yield problem(seen, f"{fix}; {_LOG}")
    else:
        yield left_out(f"no daemon runs that could answer at {facts.path}")
