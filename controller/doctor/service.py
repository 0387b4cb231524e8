"""The daemon: whether exactly one runs, with real-time priority, and answers this person."""

import os
import resource
from collections.abc import Iterator

from config.record import dataclass
from controller.doctor.finding import Finding, not_applicable, ok, problem, warning
from controller.doctor.machine import DAEMON, Machine
from controller.doctor.parsing import Person, Process, Unit
from controller.doctor.serial import failure_reason
from controller.errors import CommandError

_FIFO = "1"  # SCHED_FIFO in <linux/sched.h>
_PRIORITY, _POLICY = 37, 38  # fields 40 and 41 of /proc/PID/stat, counted from the one after the name, field 3
_START_SERVICE = "sudo systemctl enable --now backbutton"
_SHOW_LOG = "journalctl -u backbutton -n 30"


@dataclass(frozen=True, slots=True)
class DaemonFacts:
    """The daemons on real pins. `lock_pid` has locked the state directory (0: nobody has).

    `reason` is why the service failed, "" if it did not or the log does not tell.
    """

    is_pi: bool
    running: tuple[Process, ...]
    unit: Unit
    lock_pid: int
    reason: str


def look_at_daemons(machine: Machine) -> DaemonFacts:
    """Read which daemons run."""
    unit = machine.unit(DAEMON)
    reason = failure_reason(machine, DAEMON) if unit.has_failed else ""
    return DaemonFacts(machine.board.is_pi, machine.daemons, unit, _lock_pid(machine), reason)


def _lock_pid(machine: Machine) -> int:
    """Return the process that holds the daemon's lock on the state directory, from /proc/locks; 0 if none does."""
    try:
        folder = machine.paths.state_dir.stat()
    except OSError:
        return 0
    mark = f"{os.major(folder.st_dev):02x}:{os.minor(folder.st_dev):02x}:{folder.st_ino}"
    rows = [line.split() for line in (machine.text("proc/locks") or "").splitlines()]
    pids = [int(row[4]) for row in rows if "FLOCK" in row and mark in row and row[4].isdecimal()]
    return next(iter(pids), 0)


def judge_daemons(facts: DaemonFacts) -> Iterator[Finding]:
    """Judge whether one daemon runs, and systemd started it."""
    main_pid = int(facts.unit["MainPID"] or 0)
    by_hand = [process for process in facts.running if process.pid != main_pid]
    if len(facts.running) > 1:
        owners = "; ".join(f"{process.pid} of {process.user}" for process in facts.running)
        stop = " ".join(str(process.pid) for process in by_hand if main_pid or process is not by_hand[0])
        yield problem(f"{len(facts.running)} daemons run at once: {owners}", f"sudo kill {stop}")
    elif facts.unit.has_failed and (facts.unit.is_restarting or not by_hand):
        yield _failed(facts, by_hand)
    elif by_hand:
        yield warning(
            f"the daemon was started by hand ({by_hand[0].pid} of {by_hand[0].user}): "
            "if it is killed, nothing opens the contacts",
            f"sudo kill {by_hand[0].pid}; {_START_SERVICE}",
        )
    elif facts.running and not facts.unit.is_active:
        yield warning(f"backbutton.service is starting ({main_pid})", "wait a moment, then run doctor again")
    elif facts.running:
        yield ok(f"backbutton.service is running ({main_pid})")
        if not facts.unit.is_enabled:
            yield warning("backbutton.service does not start at boot", "sudo systemctl enable backbutton")
    else:
        yield _none_running(facts)


def _failed(facts: DaemonFacts, by_hand: list[Process]) -> Finding:
    reason = facts.reason or facts.unit["Result"] or "see its log"
    if not facts.unit.is_restarting:
        return problem(f"backbutton.service failed ({reason}) and is stopped", f"{_START_SERVICE}; {_SHOW_LOG}")
    seen = f"backbutton.service does not start: {reason}"
    if by_hand:
        return problem(
            f"{seen}; a daemon started by hand blocks it", f"sudo kill {by_hand[0].pid}; the service then starts"
        )
    return problem(seen, f"fix that; systemd tries again every second; {_SHOW_LOG}")


def _none_running(facts: DaemonFacts) -> Finding:
    if facts.lock_pid:
        return problem(
            f"process {facts.lock_pid} has locked the daemon's state directory, and is not a daemon on real pins",
            f"see what it is: ps -fp {facts.lock_pid}; then sudo kill {facts.lock_pid}",
        )
    if facts.unit.is_installed:
        return problem("no daemon is running: backbutton.service is stopped", _START_SERVICE)
    if facts.is_pi:
        return problem(
            "no daemon is running, and backbutton.service is not installed",
            f"install the package, or the files in systemd/ as its README describes, then {_START_SERVICE}",
        )
    return not_applicable("no daemon is running, and this is not a Raspberry Pi")


@dataclass(frozen=True, slots=True)
class RealTimeFacts:
    """What the player was granted: its own report (None if nobody answers), its threads' priorities, and the limit.

    `budget_us` is how much of each second the kernel lets real-time threads run; None if it sets no limit.
    """

    has_daemon: bool
    player: str | None
    priorities: tuple[int, ...]
    limit: int
    budget_us: int | None


def look_at_real_time(machine: Machine) -> RealTimeFacts:
    """Ask the daemon; read its threads and the limit too, in case it does not answer."""
    report = None if isinstance(machine.status, CommandError) else machine.status.get("player")
    stats = [
        machine.text(f"proc/{process.pid}/task/{task}/stat")
        for process in machine.daemons
        for task in machine.names(f"proc/{process.pid}/task/*")
    ]
    budget = (machine.text("proc/sys/kernel/sched_rt_runtime_us") or "").strip()
    limit = machine.unit(DAEMON)["LimitRTPRIO"]
    return RealTimeFacts(
        machine.has_serving_daemon or report is not None,
        None if report is None else str(report),
        tuple(priority for stat in stats if stat and (priority := _fifo_priority(stat))),
        int(limit) if limit.isdecimal() else resource.getrlimit(resource.RLIMIT_RTPRIO)[0],
        int(budget) if budget.lstrip("-").isdecimal() else None,
    )


def _fifo_priority(stat: str) -> int:
    """Return a thread's priority under SCHED_FIFO from its /proc stat (proc_pid_stat(5)); 0 if it has none."""
    fields = stat.rpartition(")")[2].split()
    if len(fields) <= _POLICY:
        return 0
    return int(fields[_PRIORITY]) if fields[_POLICY] == _FIFO else 0


def judge_real_time(facts: RealTimeFacts) -> Iterator[Finding]:
    """Judge whether the player runs before ordinary programs."""
    if facts.budget_us == 0:
        yield warning(
            "the kernel lets no real-time thread run: kernel.sched_rt_runtime_us is 0",
            "sudo sysctl kernel.sched_rt_runtime_us=950000",
        )
    if facts.player is not None and facts.player.startswith("SCHED_FIFO"):
        yield ok(f"the player has {facts.player}")
    elif facts.priorities:
        yield ok(f"the player has SCHED_FIFO {max(facts.priorities)}")
    elif facts.has_daemon:
        yield warning(
            "the daemon has no real-time priority: frames may be late when the Pi is busy",
            f"start it with systemd, which grants it (LimitRTPRIO=70): {_START_SERVICE}",
        )
    elif facts.limit:
        yield ok("no daemon is running; LimitRTPRIO allows real-time priority")
    else:
        yield not_applicable("no daemon is running; this user may not use real-time priority, the service may")


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """How the control socket at `path` answered this person; `is_forbidden` is whether they may not open it."""

    person: Person
    has_daemon: bool
    path: str
    answer: str
    error: CommandError | None
    is_forbidden: bool = False


def look_at_access(machine: Machine) -> AccessFacts:
    """Ask the daemon for its status, as a console does."""
    status = machine.status
    path = str(machine.paths.socket)
    if isinstance(status, CommandError):
        is_forbidden = isinstance(status.__context__, PermissionError)
        return AccessFacts(machine.person, machine.has_serving_daemon, path, "", status, is_forbidden)
    answer = f"focus {status.get('focus')}, release {status.get('release')}"
    return AccessFacts(machine.person, has_daemon=True, path=path, answer=answer, error=None)


def judge_access(facts: AccessFacts) -> Iterator[Finding]:
    """Judge whether this person can talk to the daemon."""
    person = facts.person
    if facts.error is None:
        yield ok(f"{facts.path} answers {person.name}: {facts.answer}")
    elif facts.is_forbidden:
        yield problem(
            f"{person.name} has no permission to open the daemon's socket, {facts.path}", person.remedy("backbutton")
        )
    elif facts.has_daemon:
        seen, _, fix = facts.error.sentence.partition("; ")
        yield problem(seen, f"{fix}; {_SHOW_LOG}" if fix else _SHOW_LOG)
    else:
        yield not_applicable(f"no daemon is running to answer at {facts.path}")
