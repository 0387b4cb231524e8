import os
import socket
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from controller.doctor.checks import CHECKS, examine
from controller.doctor.finding import Verdict, ok, problem, warning
from controller.doctor.machine import DaemonPaths, Machine, run_command
from controller.doctor.parsing import Person, is_daemon, parse_units
from controller.doctor.service import AccessFacts, RealTimeFacts, judge_access, judge_real_time
from controller.doctor.software import OURS, PACKAGES, Installed, Software, judge_factory, judge_packages, numbers
from controller.errors import CommandError
from hardware import chip

ROOT = Path(__file__).parents[2]
PI4 = "Raspberry Pi 4 Model B Rev 1.4"
GOOD_CONFIG = "dtparam=strict_gpiod\ngpio=17,27=op,dl\n"
SERVICE = {"Id": "backbutton.service", "LoadState": "loaded", "ActiveState": "active", "SubState": "running",
           "UnitFileState": "enabled", "MainPID": "100", "LimitRTPRIO": "70"}  # fmt: skip
DAEMON = {
    "proc/100/cmdline": "/usr/bin/python3\0-I\0/usr/bin/backbutton\0run\0",
    "proc/100/status": "Uid:\t7\t7\t7\t7\n",
}
USERS = {
    "etc/passwd": "root:x:0:0:::\nbackbutton:x:7:7:::\npi:x:1000:1000:::\n",
    "etc/group": "root:x:0:\ngpio:x:20:pi\nbackbutton:x:7:\npi:x:1000:\n",
}
FREE = SimpleNamespace(used=False, consumer="")


class Chip:
    """The part of gpiod.Chip that looks at lines; it cannot request any."""

    def __init__(self, lines=None, label="pinctrl-bcm2711"):
        self.lines = lines or {}
        self.label = label
        self.is_open = True

    def get_info(self):
        return SimpleNamespace(label=self.label)

    def get_line_info(self, number):
        return self.lines.get(number, FREE)

    def close(self):
        self.is_open = False


@pytest.fixture
def box(tmp_path):
    """Lays out a Pi: files by name, services, and the output of commands; returns the machine."""

    def lay_out(
        files=None,
        *,
        model=PI4,
        config=GOOD_CONFIG,
        units=(),
        answers=None,
        chip=None,
        uid=1000,
        gids=(1000, 20),
        env=None,
    ):
        root = tmp_path / "root"
        files = {"sys/firmware/devicetree/base/model": model + "\0"} | USERS | (files or {})
        if config is not None:
            files["boot/firmware/config.txt"] = config
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, Path):
                (root / name).symlink_to(content)
            else:
                (root / name).write_text(content)
        shown = "\n\n".join("\n".join(f"{key}={value}" for key, value in unit.items()) for unit in units)
        answers = {"systemctl": shown} | (answers or {})

        def open_chip(path):
            if isinstance(chip, OSError):
                raise chip
            return chip

        if chip is not None:
            (root / "dev").mkdir(exist_ok=True)
            (root / "dev/gpiochip0").touch()
        paths = DaemonPaths(root / "etc/backbutton/config.toml", root / "var/lib/backbutton", root / "control.sock")
        return Machine(
            paths, root, environment=env or {}, run=lambda command: answers.get(command[0]), open_chip=open_chip,
            identity=(uid, frozenset(gids)),
        )  # fmt: skip

    return lay_out


def found(name, machine):
    """Return the findings of one check."""
    [check] = [check for check in CHECKS if check.name == name]
    return list(check.judge(check.look(machine)))


def only(name, machine, verdict, *words):
    """Return the only finding of a check, after asserting its verdict and words in it."""
    [finding] = found(name, machine)
    assert finding.verdict is verdict, finding
    for word in words:
        assert word in f"{finding.seen} -> {finding.fix}"
    assert bool(finding.fix) is (verdict in (Verdict.WARNING, Verdict.PROBLEM))
    return finding


OK, WARNING, PROBLEM, NOT_APPLICABLE = Verdict.OK, Verdict.WARNING, Verdict.PROBLEM, Verdict.NOT_APPLICABLE


def test_checks_have_distinct_names_and_all_of_them_run(box):
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)
    assert list(dict.fromkeys(check.name for check, _ in examine(box()))) == names


def test_on_another_machine_it_reports_that_first_and_continues(box):
    findings = list(examine(box(model="QEMU", config=None)))
    check, finding = findings[0]
    assert (check.name, finding.verdict) == ("board", NOT_APPLICABLE)
    assert "QEMU is not a Raspberry Pi" in finding.seen
    verdicts = {check.name: finding.verdict for check, finding in findings}
    assert verdicts["settings"] is OK
    assert {verdicts[name] for name in ("chip", "boot", "disk", "daemon")} == {NOT_APPLICABLE}


def test_a_machine_where_nothing_can_be_read_is_still_examined(tmp_path):
    nowhere = tmp_path / "nowhere"
    machine = Machine(DaemonPaths(nowhere, nowhere, nowhere), nowhere, environment={}, run=lambda _: None)
    assert PROBLEM not in {finding.verdict for _, finding in examine(machine)}


def test_a_command_that_is_missing_or_fails_has_no_output():
    assert run_command(("no-such-command-at-all",)) is None
    assert run_command(("false",)) is None
    assert run_command(("echo", "yes")) == "yes\n"


# -- the chip and the pins ---------------------------------------------------------------------------


def test_a_pi_without_a_chip_is_a_problem(box):
    only("chip", box(), PROBLEM, "there is no GPIO chip")


def test_a_chip_with_another_label_is_not_the_headers(box):
    only("chip", box(chip=Chip(label="raspberrypi-exp-gpio")), PROBLEM, "gpiochip0 (raspberrypi-exp-gpio)")


def test_a_chip_that_may_not_be_opened_names_user_and_groups(box):
    groups = {"etc/group": "gpio:x:20:\nbackbutton:x:7:\n"}
    machine = box(groups, chip=PermissionError(13, "Permission denied"), gids=(1000,))
    only(
        "chip",
        machine,
        PROBLEM,
        "pi may not open /dev/gpiochip0",
        "sudo usermod -aG gpio,backbutton pi, then log out",
    )


def test_a_user_who_has_joined_the_groups_since_login_is_to_log_in_again(box):
    groups = {"etc/group": "gpio:x:20:pi\nbackbutton:x:7:pi\n"}
    machine = box(groups, chip=PermissionError(13, "Permission denied"), gids=(1000,))
    only("chip", machine, PROBLEM, "pi has joined the group since logging in: log out and in again")


def test_a_chip_in_another_group_needs_the_udev_rule(box):
    machine = box(chip=PermissionError(13, "Permission denied"))
    only("chip", machine, PROBLEM, "pi may not open /dev/gpiochip0, even though in group gpio", "60-backbutton.rules")


def test_while_the_daemon_runs_a_lack_of_permission_is_a_warning(box):
    machine = box(DAEMON, chip=PermissionError(13, "Permission denied"), units=[SERVICE], gids=(1000,))
    only("chip", machine, WARNING, "the running daemon has its own permission")


def test_free_pins_are_ok(box):
    header = Chip()
    machine = box(chip=header)
    only("chip", machine, OK, "pinctrl-bcm2711")
    assert not header.is_open
    only("pins", machine, OK, "GPIO 17, 27, 5, 6, 12, 22, 23, 24: free")


def test_pins_used_by_our_daemon_are_ok(box):
    ours = SimpleNamespace(used=True, consumer=OURS)
    only("pins", box(chip=Chip({17: ours, 27: ours})), OK, "used by the daemon")


def test_each_pin_used_by_another_program_is_a_problem(box):
    lines = {17: SimpleNamespace(used=True, consumer="blink"), 5: SimpleNamespace(used=True, consumer="")}
    taken, kernel = found("pins", box(chip=Chip(lines)))
    assert taken.seen == 'GPIO17 (pins.focus) is in use by "blink"'
    assert taken.verdict is kernel.verdict is PROBLEM
    assert kernel.seen == "GPIO5 (pins.back_button) is in use by the kernel for another function"


def test_an_unsuitable_pin_is_a_problem(box):
    machine = box({"etc/backbutton/config.toml": "[pins]\nfocus = 2\n"}, chip=Chip())
    [finding] = found("pins", machine)
    assert "pins.focus: GPIO2 pulls up at reset" in finding.seen
    assert "choose from 9 to 13 and 16 to 27" in finding.fix


def test_without_a_chip_pins_are_not_checked(box):
    only("pins", box(), NOT_APPLICABLE)


def test_the_consumer_of_our_lines_is_the_daemons():
    assert OURS == chip.CONSUMER


# -- config.txt and the disk -------------------------------------------------------------------------


def test_a_config_with_both_lines_is_ok(box):
    only("boot", box(), OK, "gpio=17,27=op,dl")


def test_each_missing_line_is_a_warning_and_can_be_added(box):
    strict, low = found("boot", box(config="[pi5]\n" + GOOD_CONFIG))
    assert strict.verdict is low.verdict is WARNING
    assert (*strict.lines, *low.lines) == ("dtparam=strict_gpiod", "gpio=17,27=op,dl")


def test_the_line_has_the_configured_pins(box):
    machine = box({"etc/backbutton/config.toml": "[pins]\nfocus = 20\nshutter = 16\n"})
    assert only("boot", machine, WARNING).lines == ("gpio=16,20=op,dl",)


def test_a_line_that_is_not_in_effect_yet_needs_a_restart(box):
    persists = "sys/module/pinctrl_bcm2835/parameters/persist_gpio_outputs"
    only("boot", box({persists: "Y\n"}), WARNING, "not in effect yet", "sudo reboot")


def test_without_a_config_file_the_boot_partition_is_to_be_mounted(box):
    only("boot", box(config=None), WARNING, "no config.txt", "mount the boot partition")


def test_before_pi_os_12_the_file_was_in_boot(box):
    only("boot", box({"boot/config.txt": GOOD_CONFIG}, config=None), OK, "/boot/config.txt")


def test_what_a_config_includes_counts(box):
    only("boot", box({"boot/firmware/user.txt": GOOD_CONFIG}, config="include user.txt\n"), OK)


def test_a_config_that_includes_itself_many_times_is_read_to_its_end(box):
    only("boot", box(config="include config.txt\n" * 20 + GOOD_CONFIG), OK)


def test_a_pipe_in_place_of_an_included_file_hangs_nothing(box, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    only("boot", box({"boot/firmware/pipe.txt": tmp_path / "pipe"}, config="include pipe.txt\n" + GOOD_CONFIG), OK)


@pytest.mark.parametrize(
    ("mounts", "verdict", "words"),
    [
        ("/dev/root / ext4 rw,noatime 0 0\n/dev/sda1 /boot/firmware vfat rw 0 0\n", OK, "ext4"),
        ("overlayroot / overlay rw,lowerdir=/lower 0 0\n", WARNING, "do_overlayfs 1"),
        ("/dev/root / ext4 ro 0 0\n", PROBLEM, "/ is read-only"),
        ("/dev/root / ext4 rw 0 0\n/dev/sda1 /boot/firmware vfat ro,fmask=22 0 0\n", WARNING, "config.txt cannot be changed"),
        ("none / rootfs rw 0 0\n/dev/root / ext4 rw 0 0\n", OK, "ext4"),
        ("", NOT_APPLICABLE, "disk"),
    ],
)  # fmt: skip
def test_a_disk_that_loses_or_refuses_settings_is_reported(box, mounts, verdict, words):
    only("disk", box({"proc/mounts": mounts}), verdict, words)


def test_a_partition_for_the_state_alone_is_enough(box):
    machine = box()
    state = machine.paths.state_dir
    only("disk", box({"proc/mounts": f"overlay / overlay rw 0 0\n/dev/sda3 {state} ext4 rw 0 0\n"}), OK)


# -- serial ports ------------------------------------------------------------------------------------


WANTS = "etc/systemd/system/dev-{}.device.wants/backbutton-console@{}.service"
GETTY = "run/systemd/generator/getty.target.wants/serial-getty@{}.service"


def console(port):
    return {WANTS.format(port, port): ""}


def test_without_a_console_logins_do_not_matter(box):
    only("login", box({GETTY.format("ttyAMA0"): ""}), NOT_APPLICABLE)


def test_a_login_on_our_port_is_a_problem_under_any_name(box):
    files = console("serial0") | {GETTY.format("ttyAMA0"): "", "dev/serial0": Path("ttyAMA0"), "dev/ttyAMA0": ""}
    files["boot/firmware/cmdline.txt"] = "console=serial0,115200 console=tty1 root=x"
    finding = only(
        "login", box(files), PROBLEM, "a login uses /dev/ttyAMA0", "remove console=serial0 from cmdline.txt"
    )
    assert "serial-getty@ttyAMA0" in finding.fix


def test_a_login_that_runs_on_our_port_is_a_problem(box):
    getty = {"Id": "serial-getty@ttyGS0.service", "ActiveState": "active"}
    only("login", box(console("ttyGS0"), units=[getty]), PROBLEM, "a login uses /dev/ttyGS0")


def test_kernel_messages_on_our_port_are_a_warning(box):
    only("login", box(console("ttyS0") | {"proc/cmdline": "console=ttyS0,115200"}), WARNING, "the kernel writes")


def test_a_port_without_a_login_is_ok(box):
    only("login", box(console("ttyGS0") | {GETTY.format("ttyAMA0"): ""}), OK, "ttyGS0")


@pytest.mark.parametrize(
    ("model", "config", "verdict", "line"),
    [
        (PI4, "", PROBLEM, ("enable_uart=1",)),
        (PI4, "enable_uart=0\n", PROBLEM, ("enable_uart=1",)),
        (PI4, "enable_uart=1\n", PROBLEM, ()),  # and a restart
        ("Raspberry Pi 5 Model B Rev 1.0", "", PROBLEM, ("dtparam=uart0",)),
        ("Raspberry Pi 5 Model B Rev 1.0", "dtparam=uart0=on\n", PROBLEM, ()),
        (PI4, None, PROBLEM, ()),
    ],
)
def test_a_missing_uart_is_to_be_switched_on(box, model, config, verdict, line):
    assert only("uart", box(console("ttyAMA0"), model=model, config=config), verdict).lines == line


def test_an_existing_uart_is_ok(box):
    only("uart", box(console("ttyAMA0") | {"dev/ttyAMA0": ""}), OK)


def test_bluetooths_uart_is_not_the_headers(box):
    files = console("ttyAMA0") | {"dev/ttyAMA0": "", "dev/serial1": Path("ttyAMA0")}
    only("uart", box(files), PROBLEM, "Bluetooth uses /dev/ttyAMA0", "backbutton-console@serial0")


def test_without_a_console_on_it_the_uart_does_not_matter(box):
    only("uart", box(console("ttyUSB0")), NOT_APPLICABLE)


GADGET = {
    "Id": "backbutton-gadget.service",
    "LoadState": "loaded",
    "ActiveState": "active",
    "UnitFileState": "enabled",
}


@pytest.mark.parametrize(
    ("files", "config", "unit", "verdict", "words", "lines"),
    [
        ({}, "", {"UnitFileState": "disabled", "ActiveState": "inactive"}, NOT_APPLICABLE, "no console over USB", ()),
        ({"dev/ttyGS0": ""}, "", {}, OK, "/dev/ttyGS0 exists", ()),
        ({}, "", {}, PROBLEM, "lacks dtoverlay=dwc2", ("dtoverlay=dwc2,dr_mode=peripheral",)),
        ({}, "dtoverlay=dwc2,dr_mode=host\n", {}, PROBLEM, "config.txt lacks", ("dtoverlay=dwc2,dr_mode=peripheral",)),
        ({}, "[cm5]\ndtoverlay=dwc2\n", {}, PROBLEM, "config.txt lacks", ("dtoverlay=dwc2,dr_mode=peripheral",)),
        ({}, "dtoverlay=dwc2\n", {}, PROBLEM, "although config.txt has", ()),
        ({}, None, {}, PROBLEM, "to config.txt and restart", ()),
        ({"sys/class/udc/fe980000.usb/function": ""}, "", {}, PROBLEM, "libcomposite", ()),
        (
            {"sys/class/udc/x/function": "", "sys/kernel/config/usb_gadget/.": None}, "", {"ActiveState": "inactive"},
            PROBLEM, "backbutton-gadget is not running", (),
        ),
        (
            {"sys/class/udc/x/function": ""}, "", {"ActiveState": "failed"},
            PROBLEM, 'in use by the gadget "g1"', (),
        ),
    ],
)  # fmt: skip
def test_the_step_at_which_the_usb_console_fails_is_reported(
    box, tmp_path, files, config, unit, verdict, words, lines
):
    if files.pop("sys/kernel/config/usb_gadget/.", "") is None:
        (tmp_path / "root/sys/kernel/config/usb_gadget").mkdir(parents=True)
    answers = {"journalctl": 'Starting\nbackbutton-gadget: the USB port is in use by the gadget "g1"; remove\nFailed'}
    machine = box(files, config=config, units=[GADGET | unit], answers=answers)
    assert only("gadget", machine, verdict, words).lines == lines


def test_a_pi_3b_has_no_usb_device_port(box):
    machine = box(console("ttyGS0"), model="Raspberry Pi 3 Model B Rev 1.2")
    only(
        "gadget", machine, PROBLEM, "Raspberry Pi 3 Model B Rev 1.2 has no USB port that can act as a device", "UART"
    )


# -- the daemon --------------------------------------------------------------------------------------


def by_hand(number):
    return {f"proc/{number}/cmdline": "backbutton\0run\0", f"proc/{number}/status": "Uid:\t1000\t1000\t1000\t1000\n"}


def test_one_daemon_started_by_its_service_is_ok(box):
    only("daemon", box(DAEMON, units=[SERVICE]), OK, "backbutton.service is running (100)")


def test_a_service_that_does_not_start_at_boot_is_a_warning(box):
    _, finding = found("daemon", box(DAEMON, units=[SERVICE | {"UnitFileState": "disabled"}]))
    assert (finding.verdict, finding.fix) == (WARNING, "sudo systemctl enable backbutton")


def test_a_second_daemon_beside_the_service_is_the_one_to_stop(box):
    machine = box(DAEMON | by_hand(200), units=[SERVICE])
    only("daemon", machine, PROBLEM, "2 daemons run at once: 100 of backbutton; 200 of pi", "sudo kill 200")


def test_of_two_daemons_started_by_hand_one_may_stay(box):
    only("daemon", box(by_hand(200) | by_hand(300)), PROBLEM, "2 daemons", "sudo kill 300")


def test_a_daemon_started_by_hand_is_a_warning(box):
    only("daemon", box(by_hand(200)), WARNING, "by hand (200 of pi)", "sudo kill 200; sudo systemctl enable --now")


def test_a_service_that_fails_says_why(box):
    unit = SERVICE | {"ActiveState": "activating", "SubState": "auto-restart", "MainPID": "0"}
    log = (
        "Starting backbutton.service - ...\nbackbutton: of an earlier start\nbackbutton.service: Failed\n"
        "Starting backbutton.service - ...\nbackbutton: GPIO17 is in use\nbackbutton.service: Main process exited\n"
        "backbutton: of ExecStopPost\nbackbutton.service: Failed with result 'exit-code'.\n"
        "Starting backbutton.service - ...\n"
    )
    answers = {"journalctl": log}
    only(
        "daemon",
        box(units=[unit], answers=answers),
        PROBLEM,
        "does not start: backbutton: GPIO17 is in use",
        "journalctl",
    )


@pytest.mark.parametrize(
    ("unit", "log", "verdict", "words"),
    [
        ({"ActiveState": "activating", "SubState": "start", "NRestarts": "7"}, "backbutton: no", PROBLEM, "does not start"),
        ({"ActiveState": "activating", "SubState": "start"}, "", WARNING, "is starting (100) -> wait"),
        ({"ActiveState": "failed", "SubState": "failed", "Result": "timeout"}, "", PROBLEM, "failed (timeout)"),
        (
            {"ActiveState": "failed", "Result": "signal"},
            "backbutton: old\nbackbutton is ready: /run/x\nbackbutton: the player has SCHED_FIFO 70",
            PROBLEM, "failed (signal) and is stopped -> sudo systemctl enable --now",
        ),
    ],
)  # fmt: skip
def test_a_service_that_keeps_restarting_is_distinguished_from_one_that_failed(box, unit, log, verdict, words):
    machine = box(DAEMON, units=[SERVICE | unit], answers={"journalctl": log})
    only("daemon", machine, verdict, words)
    only("access", machine, NOT_APPLICABLE)


def test_a_daemon_started_by_hand_is_named_as_the_reason_why_the_service_fails(box):
    unit = SERVICE | {"ActiveState": "activating", "SubState": "auto-restart", "MainPID": "0", "Result": "exit-code"}
    only("daemon", box(by_hand(200), units=[unit]), PROBLEM, "a daemon started by hand blocks it", "sudo kill 200")


def test_a_service_that_is_stopped_is_a_problem(box):
    unit = SERVICE | {"ActiveState": "inactive", "SubState": "dead", "MainPID": "0"}
    only("daemon", box(units=[unit]), PROBLEM, "is stopped", "sudo systemctl enable --now backbutton")


def test_a_service_that_is_not_installed_is_a_problem(box):
    only("daemon", box(), PROBLEM, "is not installed", "systemd/")


def test_another_process_that_locks_the_state_directory_is_named(box):
    machine = box()
    machine.paths.state_dir.mkdir(parents=True)
    inode = machine.paths.state_dir.stat()
    where = f"{os.major(inode.st_dev):02x}:{os.minor(inode.st_dev):02x}:{inode.st_ino}"
    machine = box(
        {"proc/locks": f"1: POSIX ADVISORY WRITE 5 {where} 0 EOF\n2: FLOCK ADVISORY WRITE 77 {where} 0 EOF\n"}
    )
    only("daemon", machine, PROBLEM, "process 77 has locked the daemon's state directory", "ps -fp 77")


@pytest.mark.parametrize(
    ("words", "is_it"),
    [
        ("/opt/venv/bin/python -I /usr/bin/backbutton run", True),
        ("/usr/bin/python3 -m controller.cli run --config x", True),
        ("backbutton run", True),
        ("backbutton run --bench", False),
        ("backbutton console --port run", False),
        ("sudo backbutton run", False),
        ("vim backbutton run", False),
        ("", False),
    ],
)
def test_a_daemon_is_recognised_by_its_command_line(words, is_it):
    assert is_daemon(words.split()) is is_it


def stat_of(policy, priority):
    return f"7 (a ) b) S {'0 ' * 36}{priority} {policy} 0 0 0\n"


@pytest.mark.parametrize(
    ("files", "verdict", "words"),
    [
        ({"proc/100/task/100/stat": stat_of(0, 0), "proc/100/task/101/stat": stat_of(1, 70)}, OK, "SCHED_FIFO 70"),
        ({"proc/100/task/100/stat": stat_of(0, 0)}, WARNING, "no real-time priority"),
        ({"proc/100/task/100/stat": "7 (x) S"}, WARNING, "no real-time priority"),
    ],
)
def test_real_time_is_read_from_the_daemons_threads(box, files, verdict, words):
    only("real time", box(DAEMON | files, units=[SERVICE]), verdict, words)


def test_a_kernel_without_time_for_real_time_threads_is_a_warning(box):
    files = DAEMON | {"proc/100/task/1/stat": stat_of(1, 70), "proc/sys/kernel/sched_rt_runtime_us": "0\n"}
    finding, _ = found("real time", box(files))
    assert finding.fix == "sudo sysctl kernel.sched_rt_runtime_us=950000"


@pytest.mark.parametrize(
    ("player", "limit", "verdict"),
    [
        ("SCHED_FIFO 70, memory locked", 0, OK),
        ("no real time (LimitRTPRIO), memory not locked (LimitMEMLOCK)", 70, WARNING),
        (None, 70, OK),
        (None, 0, NOT_APPLICABLE),
    ],
)
def test_the_players_report_takes_precedence_over_the_limit(player, limit, verdict):
    [finding] = judge_real_time(RealTimeFacts(player is not None, player, (), limit, 950_000))
    assert finding.verdict is verdict


PI = Person("pi", listed=frozenset({"gpio"}), active=frozenset({"gpio"}))
CLOSED = CommandError(
    "offline", "/run/x may not be opened; join the group: sudo usermod -aG backbutton $USER, then log in"
)
DEAF = CommandError("offline", "no daemon at /run/x: nothing is listening; is the daemon running?")


@pytest.mark.parametrize(
    ("facts", "verdict", "words"),
    [
        (AccessFacts(PI, True, "/run/x", "focus UNFOCUSED", None), OK, "answers pi: focus UNFOCUSED"),
        (AccessFacts(PI, True, "/run/x", "", CLOSED, is_forbidden=True), PROBLEM, "sudo usermod -aG backbutton pi"),
        (AccessFacts(replace(PI, listed=frozenset({"backbutton"})), True, "/run/x", "", CLOSED, is_forbidden=True), PROBLEM, "log out and in again"),
        (AccessFacts(replace(PI, active=frozenset({"backbutton"})), True, "/run/x", "", CLOSED, is_forbidden=True), PROBLEM, "already in backbutton; check"),
        (AccessFacts(PI, True, "/run/x", "", DEAF), PROBLEM, "nothing is listening"),
        (AccessFacts(PI, False, "/run/x", "", DEAF), NOT_APPLICABLE, "no daemon is running"),
    ],
)  # fmt: skip
def test_the_reason_why_the_daemon_cannot_be_reached_is_reported(facts, verdict, words):
    [finding] = judge_access(facts)
    assert finding.verdict is verdict
    assert words in f"{finding.seen} {finding.fix}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_real_socket_without_permission_is_recognised(box):
    machine = box()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(machine.paths.socket))
        machine.paths.socket.chmod(0)
        only("access", machine, PROBLEM, "pi has no permission to open the daemon's socket")


def test_a_stale_socket_is_a_problem_while_a_daemon_runs(box):
    machine = box(DAEMON)
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(machine.paths.socket))
    only("access", machine, PROBLEM, "nothing is listening")


# -- software, settings, clock -----------------------------------------------------------------------


def software(*, packages=(), fault="", known=("lgpio", "mock"), chosen=()):
    return Software(tuple(packages), fault, frozenset(known), tuple(chosen))


def test_the_packages_are_those_of_the_project():
    text = (ROOT / "pyproject.toml").read_text()
    for package in PACKAGES:
        assert f'"{package.name}>={package.minimum}' in text


def test_the_packages_installed_here_are_ok(box):
    only("packages", box(), OK, "gpiozero ", "transitions")


@pytest.mark.parametrize(
    ("version", "fault", "words"),
    [
        ("1.6.1", "", "gpiozero 1.6.1 is too old; at least 1.6.2 is needed"),
        ("", "ModuleNotFoundError: No module named 'gpiozero'", "gpiozero cannot be used: ModuleNotFoundError"),
    ],
)
def test_a_package_that_is_missing_or_too_old_is_a_problem(version, fault, words):
    [finding] = judge_packages(software(packages=[Installed(PACKAGES[0], version, fault)], fault="consequence"))
    assert finding.verdict is PROBLEM
    assert words in finding.seen
    assert "sudo apt install python3-gpiozero" in finding.fix


def test_an_unknown_version_is_accepted():
    assert judge_packages_of("") == [ok("gpiozero")]
    assert judge_packages_of("2.0.1.post3") == [ok("gpiozero 2.0.1.post3")]


def judge_packages_of(version):
    return list(judge_packages(software(packages=[Installed(PACKAGES[0], version, "")])))


def test_a_pin_factory_that_cannot_be_loaded_is_a_problem():
    [finding] = judge_packages(software(fault="ImportError: no"))
    assert "backbutton's GPIO driver cannot be loaded: ImportError: no" in finding.seen


def test_versions_are_compared_by_their_numbers():
    assert numbers("1.10") > numbers("1.9.9") > numbers("1.6.2") > numbers("1.6") == (1, 6, 0)


@pytest.mark.parametrize(
    ("chosen", "known", "verdict", "words"),
    [
        ((), (), OK, "is not set"),
        ((("environment", "lgpio"),), ("lgpio",), WARNING, "unset GPIOZERO_PIN_FACTORY"),
        ((("environment", "wiringpi"),), ("lgpio",), PROBLEM, "no such pin factory"),
        ((("service", "mock"),), ("mock",), PROBLEM, "moves no real pin -> sudo systemctl edit backbutton"),
        ((("service", "backbutton"),), ("backbutton",), OK, "its own GPIO driver"),
        ((("service", "backbutton"),), (), PROBLEM, "no such pin factory"),
    ],
)
def test_another_pin_factory_is_reported(chosen, known, verdict, words):
    [finding] = judge_factory(software(chosen=chosen, known=known))
    assert finding.verdict is verdict
    assert words in f"{finding.seen} -> {finding.fix}"


def test_the_variable_is_found_in_the_environment_and_in_the_service(box):
    unit = SERVICE | {"Environment": "PYTHONFAULTHANDLER=1 GPIOZERO_PIN_FACTORY=mock"}
    here, there = found("factory", box(units=[unit], env={"GPIOZERO_PIN_FACTORY": "wiringpi"}))
    assert "wiringpi in this environment" in here.seen
    assert "mock in backbutton.service" in there.seen


def test_every_mistake_in_the_settings_is_reported(box):
    faults = found(
        "settings", box({"etc/backbutton/config.toml": '[focus]\nmod = "single"\n[interval]\nevery = 5\n'})
    )
    assert [finding.verdict for finding in faults] == [PROBLEM, PROBLEM]
    assert "did you mean focus.mode" in faults[0].seen


def test_settings_without_mistakes_are_ok(box):
    only("settings", box(), OK)


@pytest.mark.parametrize(
    ("files", "answer", "verdict"),
    [
        ({"run/systemd/timesync/synchronized": ""}, None, OK),
        ({}, "yes\n", OK),
        ({}, "no\n", WARNING),
        ({}, None, NOT_APPLICABLE),
        ({"sys/class/rtc/rtc0/since_epoch": "1790000000\n"}, "no\n", OK),
        ({"sys/class/rtc/rtc0/since_epoch": "86400\n"}, None, WARNING),
    ],
)
def test_the_clock_is_trusted_if_something_keeps_it_right(box, files, answer, verdict):
    only("clock", box(files, answers={} if answer is None else {"timedatectl": answer}), verdict)


def test_what_systemd_prints_is_read_block_by_block():
    units = parse_units("Id=a.service\nEnvironment=A=1 B=2\n\nId=b.service\nActiveState=active\n\nnonsense\n")
    assert units["a.service"]["Environment"] == "A=1 B=2"
    assert units["b.service"].is_active
    assert list(units) == ["a.service", "b.service"]


def test_findings_without_a_problem_need_no_fix():
    assert ok("x").fix == ""
    assert (warning("x", "y").fix, problem("x", "y", "z").lines) == ("y", ("z",))
