"""Nothing from a file, a client or a database reaches a terminal raw: control characters are shown as escapes."""

import json
import unicodedata

import pytest
from journals import Told, begun, changed, fired, intent, writing

from controller.cli import main

NASTY = "\x1b]0;mine\x07\x1b[2J\x90\u202e\u2066"
HEAD = 'supported = "yes"\nconfidence = "low"\npins = { focus = "half", shutter = "full", ground = "common" }\n'


@pytest.fixture
def run(capsys):
    """Run a command; return its status and what it printed, which holds nothing that a terminal acts on."""

    def run(*arguments):
        status = main([*map(str, arguments)])
        printed = capsys.readouterr()
        assert [*filter(acts_on_a_terminal, printed.out + printed.err)] == []
        return status, printed.out, printed.err

    return run


def acts_on_a_terminal(char):
    return unicodedata.category(char) in ("Cc", "Cf") and char not in "\n\t"


@pytest.fixture
def box(tmp_path):
    """A folder with a profile whose texts control a terminal; JSON's escapes are TOML's too."""
    (tmp_path / "cameras").mkdir()
    nasty = json.dumps(NASTY)
    text = f'brand = {nasty}\nconnector = "any"\nnotes = {nasty}\nbbf_setup = [{nasty}]\n'
    (tmp_path / "cameras" / "mine.toml").write_text(text + HEAD)
    (tmp_path / "config.toml").write_text('[camera]\nprofile = "generic"\n')
    return tmp_path


def test_the_check_of_a_profile_reports_control_characters(box, run):
    status, _, errors = run("cameras", "--check", box / "cameras" / "mine.toml")
    faults = errors.splitlines()
    keys = [fault.rpartition(": contains ")[0].rpartition(": ")[2] for fault in faults]
    assert (status, keys) == (1, ["brand", "notes", "bbf_setup"])
    assert faults[0].endswith(r'brand: contains "\x1b", which a terminal would act on; remove it')


@pytest.mark.parametrize("command", ["cameras", "setup"])
def test_a_profile_reaches_no_terminal_raw(box, run, command):
    assert run(command, "mine", "--config", box / "config.toml")[0] == 1


def test_a_list_of_profiles_reaches_no_terminal_raw(box, run):
    run("cameras", "--config", box / "config.toml")


def test_spaces_that_do_not_break_tabs_and_several_lines_are_no_faults(tmp_path, run):
    path = tmp_path / "mine.toml"
    path.write_text('brand = "Appareil\u00a0: un"\nconnector = "a\\tb"\nnotes = """a\nb"""\n' + HEAD)
    assert run("cameras", "--check", path)[0] == 0


def test_names_of_files_and_keys_of_settings_reach_no_terminal_raw(box, run):
    nasty = json.dumps(NASTY)
    path = box / f"mine{NASTY}.toml"
    path.write_text(f"[{nasty}]\na = 1\n[pins]\n{nasty} = {nasty}\n")
    status, _, errors = run("config", "--check", path)
    assert status == 1
    assert r"mine\x1b]0;mine\x07" in errors


@pytest.fixture
def journal(tmp_path):
    """A journal whose texts control a terminal, as a damaged disk or another program might leave them."""
    path = tmp_path / "journal.db"
    with writing(path, told := Told()) as writer:
        number = begun(writer, told)
        writer.advance(number, (fired(0),), intent(1))
        writer.note("fault", f"a{NASTY}b")
    changed(path, f"UPDATE run SET camera = '{NASTY}', outcome = '{NASTY}', reason = '{NASTY}'")
    changed(path, f"UPDATE frame SET reason = '{NASTY}'")
    return tmp_path


@pytest.mark.parametrize("options", [(), ("1",), ("1", "--csv"), ("1", "--json")])
def test_a_journal_reaches_no_terminal_raw(journal, run, options):
    assert run("log", *options, "--state-dir", journal)[0] == 0


def test_what_a_client_sends_reaches_no_terminal_raw(tmp_path, run):
    script = tmp_path / "nasty.session"
    script.write_text(f"at 0s > set camera.profile {NASTY}\nat 1s > {NASTY}\n")
    _, out, errors = run("simulate", "--fast", "--script", script)
    assert "]0;mine" in out + errors
