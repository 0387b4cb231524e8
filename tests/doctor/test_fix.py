import errno
import io
import os

import pytest

from controller.doctor.amend import amend, difference
from controller.doctor.command import Options, examine_and_report
from controller.doctor.machine import Boot, DaemonPaths, Machine
from controller.errors import DaemonError

BEFORE = b"arm_64bit=1\n[cm5]\ndtoverlay=dwc2,dr_mode=host\n"
AFTER = BEFORE + b"[all]\n# added by backbutton doctor\ndtparam=strict_gpiod\ngpio=17,27=op,dl\n"
LINES = ("dtparam=strict_gpiod", "gpio=17,27=op,dl")
FIX = Options(fix=True)


@pytest.fixture
def pi(tmp_path):
    """Lays out a Pi's files; returns a function that makes a new machine, as each run of the program does."""
    tree, boot = tmp_path / "sys/firmware/devicetree/base", tmp_path / "boot/firmware"
    tree.mkdir(parents=True)
    boot.mkdir(parents=True)
    (tree / "model").write_text("Raspberry Pi 4 Model B Rev 1.4\0")
    (boot / "config.txt").write_bytes(BEFORE)
    paths = DaemonPaths(tmp_path / "config.toml", tmp_path / "state", tmp_path / "control.sock")
    return lambda: Machine(paths, tmp_path, environment={}, run=lambda _: None)


@pytest.fixture
def config(tmp_path, pi):
    return tmp_path / "boot/firmware/config.txt"


def untouched(config):
    return config.read_bytes() == BEFORE and list(config.parent.iterdir()) == [config]


def test_without_fix_the_difference_is_shown_and_nothing_written(pi, config, capsys):
    examine_and_report(pi(), Options())
    shown = capsys.readouterr().out
    assert shown.endswith(
        f"--- {config}\n+++ {config}\n@@ -1,3 +1,7 @@\n arm_64bit=1\n [cm5]\n dtoverlay=dwc2,dr_mode=host\n"
        "+[all]\n+# added by backbutton doctor\n+dtparam=strict_gpiod\n+gpio=17,27=op,dl\n"
    )
    assert untouched(config)


@pytest.mark.parametrize("answer", ["y", "Y", " yes "])
def test_what_is_agreed_to_is_written_and_the_old_file_kept(pi, config, capsys, mocker, answer):
    ask = mocker.Mock(return_value=answer)
    examine_and_report(pi(), FIX, ask)
    ask.assert_called_once_with(f"Change {config}? [y/N] ")
    assert config.read_bytes() == AFTER
    [kept] = config.parent.glob("config.txt.backbutton-*")
    assert kept.read_bytes() == BEFORE
    assert len(kept.name) == len("config.txt.backbutton-20260501-210000")
    assert "sudo reboot" in capsys.readouterr().out
    examine_and_report(pi(), FIX, lambda _: pytest.fail("there is nothing to ask"))
    assert "There is nothing to change in config.txt." in capsys.readouterr().out
    assert config.read_bytes() == AFTER


@pytest.mark.parametrize("answer", ["", "n", "no", "yesterday", "ja"])
def test_anything_but_yes_changes_nothing(pi, config, capsys, answer):
    examine_and_report(pi(), FIX, lambda _: answer)
    assert untouched(config)
    assert capsys.readouterr().out.endswith("Nothing was changed.\n")


def test_the_end_of_input_is_no(pi, config, mocker):
    examine_and_report(pi(), FIX, mocker.Mock(side_effect=EOFError))
    assert untouched(config)


def test_without_a_terminal_it_refuses_unless_yes_was_given(pi, config, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(DaemonError, match="there is no terminal; use --fix --yes"):
        examine_and_report(pi(), FIX)
    assert untouched(config)
    examine_and_report(pi(), Options(fix=True, yes=True))
    assert config.read_bytes() == AFTER


def test_the_exit_status_follows_the_findings(pi):
    assert examine_and_report(pi(), Options(fix=True, yes=True)) == 1  # a Pi without a chip


def test_bytes_that_are_not_text_are_kept(pi, config):
    config.write_bytes(b"# caf\xe9\r\nx=1\r\n")
    examine_and_report(pi(), Options(fix=True, yes=True))
    assert config.read_bytes() == (
        b"# caf\xe9\r\nx=1\r\n# added by backbutton doctor\r\ndtparam=strict_gpiod\r\ngpio=17,27=op,dl\r\n"
    )


def test_a_file_that_changes_during_the_question_is_not_overwritten(pi, config):
    def ask(_):
        config.write_bytes(BEFORE + b"new=1\n")
        return "y"

    with pytest.raises(DaemonError, match="has just been changed by something else; nothing was written"):
        examine_and_report(pi(), FIX, ask)
    assert config.read_bytes() == BEFORE + b"new=1\n"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EROFS, "the boot partition is read-only; remount it (sudo mount -o remount,rw /boot/firmware)"),
        (errno.EACCES, "run it as root: sudo backbutton doctor --fix"),
        (errno.ENOSPC, "the boot partition is full"),
        (errno.EIO, "input/output error"),
    ],
)
@pytest.mark.parametrize("step", ["open", "replace"])
def test_a_disk_error_is_reported_in_a_sentence_and_the_file_stays(pi, config, monkeypatch, number, words, step):
    kind = type(config)
    real = getattr(kind, step)

    def refuse(path, *arguments, **options):
        if step == "replace" or arguments[:1] in (("xb",), ("wb",)):
            raise OSError(number, os.strerror(number))
        return real(path, *arguments, **options)

    monkeypatch.setattr(kind, step, refuse)
    with pytest.raises(DaemonError) as caught:
        amend(pi().boot, LINES, "20260501-210000")
    assert str(caught.value).startswith(f"{config} was not changed: ")
    assert words in str(caught.value)
    assert config.read_bytes() == BEFORE
    assert not config.with_name("config.txt.new").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_without_permission_to_write_it_asks_for_root(pi, config):
    config.parent.chmod(0o555)
    with pytest.raises(DaemonError, match="run it as root"):
        amend(pi().boot, LINES, "20260501-210000")
    assert config.read_bytes() == BEFORE


def test_a_backup_of_the_same_second_is_never_overwritten(pi, config):
    kept = config.with_name("config.txt.backbutton-20260501-210000")
    kept.write_bytes(b"precious")
    with pytest.raises(DaemonError, match="file exists"):
        amend(pi().boot, LINES, "20260501-210000")
    assert (kept.read_bytes(), config.read_bytes()) == (b"precious", BEFORE)


def test_there_is_no_difference_without_a_file_or_lines(pi):
    assert difference(Boot(), LINES) == ""
    assert difference(pi().boot, ()) == ""
