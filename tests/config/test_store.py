import os
import re

import pytest

from config.errors import ConfigError
from config.schema import Settings, text_of_value, value_of
from config.store import SettingsStore

S = 1_000_000_000


@pytest.fixture
def machine(tmp_path):
    return tmp_path / "config.toml"


@pytest.fixture
def state(tmp_path):
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


@pytest.fixture
def store(machine, state):
    return SettingsStore(machine, state)


def faults(call, *arguments):
    with pytest.raises(ConfigError) as caught:
        call(*arguments)
    assert str(caught.value) == "\n".join(caught.value.faults)
    return caught.value.faults


def test_without_files_everything_is_built_in(store):
    assert store.load() == store.current == Settings()
    assert store.origin("focus.mode") == "built-in"
    assert store.unsaved() == ()
    assert SettingsStore(None, store.state_dir / "absent").load() == Settings()


def test_a_saved_value_overrides_the_machines_own(store, machine, state):
    machine.write_text('[focus]\nmode = "trim"\nmin_hold = "200ms"\n')
    (state / "settings.toml").write_text('[focus]\nmode = "continuous"\n')
    assert store.load().focus.mode == "continuous"
    assert store.current.focus.min_hold_ns == S // 5
    assert [store.origin(f"focus.{tail}") for tail in ("mode", "min_hold", "expires")] == [
        *("saved", "machine", "built-in"),
    ]


def test_all_faults_of_both_files_are_reported_at_once_and_nothing_changes(store, machine, state):
    machine.write_text('[focus]\nmod = "trim"\nmin_hold = "6s"\n[focsu]\n')
    (state / "settings.toml").write_text("[interval]\nevery = 5\n")
    assert faults(store.load) == (
        f'{machine}: unknown setting "focus.mod"; did you mean focus.mode?',
        f"{machine}: focus.min_hold: 6s is above 5s; choose from 50ms to 5s",
        f'{machine}: unknown section "focsu"; did you mean focus?',
        f'{state}/settings.toml: interval.every: 5 is not text with a unit; write it like "5s"',
    )
    assert store.current == Settings()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"[focus]\nmode = \n", "this is not TOML: .*line 2"),
        (b'[focus]\nmode = "x', "this is not TOML: .*line 2"),
        (b"[focus]\nmode = 'trim'\nmode = 'trim'\n", "this is not TOML: .*line 3"),
        (b"\x00\x01\x02", "this is not TOML: .*line 1"),
        (b"[focus]\n\xff\xfe\x00", "is not UTF-8 text, line 2"),
        pytest.param(b"x = " + b"[" * 100_000, "(nested too deeply|this is not TOML)", id="deeply nested"),
        pytest.param(b"x = " + b"9" * 5_000, "this is not TOML: ", id="a long number"),
        pytest.param(b"#" * 2_000_000, "is too large to be a settings file", id="too large"),
        (b"focus = 3", '"focus" is a section, not a setting; its settings are focus.mode'),
        (b"min_hold = '300ms'", 'unknown setting "min_hold"; did you mean focus.min_hold'),
        (b"[focus.mode]\nx = 1", "focus.mode: a table is not text in quotes"),
        (b"[[focus]]", '"focus" is a section'),
        (b'["\\u001b[2J"]', r'unknown section "\\x1b\[2J"'),
        (b"pins.focus = 27", "pins.shutter: 27 is already the pin of pins.focus"),
    ],
)
def test_a_damaged_file_is_one_sentence(store, machine, content, reason):
    machine.write_bytes(content)
    (message,) = faults(store.load)
    assert re.match(re.escape(f"{machine}: ") + reason, message)
    assert message.isprintable()


def test_a_folder_or_a_pipe_in_place_of_a_file_is_refused(store, machine, state):
    machine.mkdir()
    os.mkfifo(state / "settings.toml")
    assert faults(store.load) == (f"{machine}: is not a file", f"{state}/settings.toml: is not a file")


def test_an_unreadable_file_is_reported(store, machine, monkeypatch):
    machine.write_text("")
    monkeypatch.setattr(type(machine), "read_bytes", lambda _: (_ for _ in ()).throw(PermissionError(13, "no")))
    assert faults(store.load) == (f"{machine}: cannot be read, permission denied",)


def test_a_file_in_place_of_the_folder_is_reported(machine):
    machine.write_text("")
    assert faults(SettingsStore(None, machine).load) == (f"{machine}/settings.toml: cannot be read, not a directory",)


def test_a_byte_order_mark_and_foreign_line_ends_are_accepted(store, machine):
    machine.write_bytes(b'\xef\xbb\xbf[focus]\r\nmode = "trim"\r\n')
    assert store.load().focus.mode == "trim"


def test_a_saved_value_that_contradicts_the_machines_own_names_the_saved_file(store, machine, state):
    machine.write_text('interval.every = "1s"')
    (state / "settings.toml").write_text('interval.tolerance = "2s"')
    (message,) = faults(store.load)
    assert message.startswith(f"{state}/settings.toml: interval.tolerance: 2s must be below interval.every")


def test_set_changes_memory_only_and_the_origin_is_set(store, state):
    assert store.set("interval.every", "2s").interval.every_ns == 2 * S
    assert store.current.interval.every_ns == 2 * S
    assert store.origin("interval.every") == "set"
    assert store.unsaved() == ("interval.every",)
    assert store.diff() == [("interval.every", "5s", "2s")]
    assert list(state.iterdir()) == []


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [
        ("interval.evry", "2s", 'unknown setting "interval.evry"; did you mean interval.every?'),
        ("interval.every", "50ms", "interval.every: 50ms is below 100ms"),
        ("interval.tolerance", "5s", "interval.tolerance: 5s must be below interval.every"),
        ("pins.focus", "27", "pins.focus: 27 is already the pin of pins.shutter"),
    ],
)
def test_a_refused_set_changes_nothing(store, key, text, reason):
    (message,) = faults(store.set, key, text)
    assert message.startswith(reason)
    assert store.current == Settings()


def test_the_value_below_is_the_one_that_was_set_over(store):
    store.set("focus.mode", "trim")
    assert store.value_below("focus.mode") == "single"
    assert store.current.focus.mode == "trim"


def test_setting_the_same_value_changes_nothing(store):
    store.set("focus.mode", "single")
    assert store.unsaved() == ()
    assert store.origin("focus.mode") == "built-in"


def test_reset_goes_back_to_the_machines_own_value_and_is_unsaved_until_saved(store, machine, state):
    machine.write_text('focus.mode = "trim"')
    (state / "settings.toml").write_text('focus.mode = "continuous"')
    store.load()
    assert store.reset("focus.mode").focus.mode == "trim"
    assert store.origin("focus.mode") == "set"
    assert store.diff() == [("focus.mode", "continuous", "trim")]
    store.save()
    assert store.origin("focus.mode") == "machine"
    assert "mode" not in (state / "settings.toml").read_text()


@pytest.mark.parametrize("key", ["Interval.Every", "INTERVAL.EVERY", " interval.every "])
def test_a_key_may_be_in_any_case_wherever_one_is_named(store, machine, key):
    machine.write_text('[interval]\nevery = "20s"\n')
    store.load()
    usual = store.current.interval.every_ns
    assert store.set(key, "7s").interval.every_ns == 7_000_000_000
    assert store.set_all(store.parsed(key, "8s")).interval.every_ns == 8_000_000_000
    assert store.origin(key) == "set"
    assert value_of(store.current, key) == 8_000_000_000
    assert text_of_value(store.current, key) == "8s"
    assert store.value_below(key) == usual
    assert store.reset(key).interval.every_ns == usual
    assert store.origin(key) == "machine"


def test_a_reset_that_would_contradict_another_value_is_refused(store):
    store.set("interval.every", "20s")
    store.set("interval.tolerance", "6s")
    (message,) = faults(store.reset, "interval.every")
    assert message.startswith("interval.every: 5s must be above interval.tolerance, which is 6s; raise it")
    assert store.current.interval.every_ns == 20 * S


def test_an_unknown_key_has_no_origin_and_cannot_be_reset(store):
    assert faults(store.origin, "focus.mod") == faults(store.reset, "focus.mod")
