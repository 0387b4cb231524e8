import errno
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_values import values

from config.errors import ConfigError
from config.layer import read_layer, write_layer
from config.schema import FIELDS, Settings, value_of
from config.store import KEPT, SettingsStore


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def store(state):
    return SettingsStore(None, state)


def save(store, *counts):
    for count in counts:
        store.set("interval.count", str(count))
        store.save()


def saved(folder, name="settings.toml"):
    return read_layer((folder / name).read_text())


def refusal(call, *arguments):
    with pytest.raises(ConfigError) as caught:
        call(*arguments)
    return str(caught.value)


layers = st.fixed_dictionaries({}, optional={key: values(field) for key, field in FIELDS.items()})


@given(layers)
@settings(max_examples=60)
def test_everything_written_reads_back(values):
    assert read_layer(write_layer(values)) == values


@given(st.lists(st.sampled_from(sorted(FIELDS)).flatmap(lambda k: st.tuples(st.just(k), values(FIELDS[k])))))
@settings(max_examples=30)
def test_saved_settings_survive_a_restart(changes):
    with tempfile.TemporaryDirectory() as name:
        store = SettingsStore(None, Path(name))
        for key, value in changes:
            try:
                store.set(key, FIELDS[key].format(value))
            except ConfigError:
                continue  # contradicts another; refused as a whole
        store.save()
        assert SettingsStore(None, Path(name)).load() == store.current
        assert store.unsaved() == ()


def test_only_differences_are_written_under_their_section(store, state):
    store.set("interval.every", "2s")
    store.set("focus.mode", "trim")
    store.set("camera.back_button_focus", "yes")
    store.save()
    assert (state / "settings.toml").read_text().splitlines()[1:] == [
        *("", "[focus]", 'mode = "trim"'),
        *("", "[interval]", 'every = "2s"'),
        *("", "[camera]", "back_button_focus = true"),
    ]
    assert store.origin("focus.mode") == "saved"


def test_unset_is_saved_over_a_statement_of_the_machine(tmp_path, state):
    machine = tmp_path / "config.toml"
    machine.write_text("camera.back_button_focus = true")
    store = SettingsStore(machine, state)
    store.load()
    store.set("camera.back_button_focus", "unset")
    store.save()
    assert SettingsStore(machine, state).load().camera.back_button_focus is None
    assert machine.read_text() == "camera.back_button_focus = true"


def test_saving_with_nothing_changed_writes_nothing(store, state):
    store.save()
    assert not state.exists()
    save(store, 1)
    before = (state / "settings.toml").stat().st_mtime_ns
    store.save()
    assert (state / "settings.toml").stat().st_mtime_ns == before
    assert sorted(path.name for path in state.iterdir()) == ["settings.toml"]


def test_the_last_five_saves_are_kept_the_newest_first(store, state):
    save(store, *range(1, 9))
    kept = [saved(state, f"settings.{n}.toml")["interval.count"] for n in range(1, KEPT + 1)]
    assert kept == [7, 6, 5, 4, 3]
    assert sorted(path.name for path in state.iterdir()) == [
        *(f"settings.{n}.toml" for n in range(1, KEPT + 1)),
        "settings.toml",
    ]


def test_rollback_brings_back_an_earlier_save_and_keeps_the_one_it_replaced(store, state):
    save(store, 1, 2, 3)
    store.set("focus.mode", "trim")
    assert store.rollback(2).interval.count == 1
    assert store.current.focus.mode == "single"
    assert store.unsaved() == ()
    assert SettingsStore(None, state).load().interval.count == 1
    assert store.rollback().interval.count == 3


@pytest.mark.parametrize(
    ("saves", "n", "sentence"),
    [
        (0, 1, "rollback 1: no earlier settings are kept; each save keeps the one before it"),
        (1, 1, "rollback 1: no earlier settings are kept; each save keeps the one before it"),
        (2, 2, "rollback 2: 1 earlier save is kept; choose from 1 to 1"),
        (3, 3, "rollback 3: 2 earlier saves are kept; choose from 1 to 2"),
        (3, 0, "rollback 0: 2 earlier saves are kept; choose from 1 to 2"),
        (9, 6, "rollback 6: 5 earlier saves are kept; choose from 1 to 5"),
    ],
)
def test_rollback_past_the_end_reports_how_many_saves_are_kept(store, saves, n, sentence):
    save(store, *range(1, saves + 1))
    before = store.current
    assert refusal(store.rollback, n) == sentence
    assert store.current == before


def test_rollback_to_a_damaged_save_is_refused_and_changes_nothing(store, state):
    save(store, 1, 2)
    (state / "settings.1.toml").write_text("[interval]\ncount = -1\n")
    message = refusal(store.rollback)
    assert message.startswith(f"{state}/settings.1.toml: interval.count: -1 is below 0")
    assert store.current.interval.count == saved(state)["interval.count"] == 2


def test_rollback_to_a_save_that_contradicts_the_current_machine_file_is_refused(tmp_path, state):
    machine = tmp_path / "config.toml"
    store = SettingsStore(machine, state)
    store.set("interval.tolerance", "2s")
    store.save()
    store.reset("interval.tolerance")
    store.save()
    machine.write_text('interval.every = "1s"')
    assert refusal(store.rollback).startswith(f"{state}/settings.1.toml: interval.tolerance: 2s must be below")


def test_rollback_repairs_a_damaged_settings_file_and_keeps_the_old_one(store, state):
    save(store, 1, 2)
    (state / "settings.toml").write_bytes(b"\x00" * 100)
    fresh = SettingsStore(None, state)
    refusal(fresh.load)
    assert fresh.rollback().interval.count == 1
    assert SettingsStore(None, state).load().interval.count == 1
    assert (state / "settings.1.toml").read_bytes() == b"\x00" * 100


def test_a_missing_save_in_the_history_leaves_no_gap(store, state):
    save(store, 1, 2, 3, 4)
    (state / "settings.2.toml").unlink()
    save(store, 5)
    kept = [saved(state, f"settings.{n}.toml")["interval.count"] for n in (1, 2, 3)]
    assert kept == [4, 3, 1]
    (state / "settings.1.toml").unlink()
    assert store.rollback(2).interval.count == 1


def test_a_crash_between_any_two_steps_leaves_a_file_that_loads(store, state, tmp_path, monkeypatch):
    save(store, *range(1, 8))
    snapshots = []

    def snapshot():
        snapshots.append(shutil.copytree(state, tmp_path / f"{len(snapshots)}"))

    def watched(step):
        def wrapper(*arguments, **options):
            snapshot()
            result = step(*arguments, **options)
            snapshot()
            return result

        return wrapper

    for name in ("replace", "rename", "fsync", "unlink"):
        monkeypatch.setattr(os, name, watched(getattr(os, name)))
    save(store, 8)
    monkeypatch.undo()
    assert len(snapshots) >= 16
    counts = [SettingsStore(None, copy).load().interval.count for copy in snapshots]
    assert counts == sorted(counts)
    assert set(counts) == {7, 8}
    for copy in snapshots:
        assert {3, 4, 5, 6, 7} <= {saved(copy, path.name)["interval.count"] for path in copy.glob("*.toml")}
        restarted = SettingsStore(None, copy)
        restarted.load()
        restarted.set("focus.mode", "trim")
        restarted.save()
        assert restarted.rollback().focus.mode == "single"


@pytest.mark.parametrize("step", ["fsync", "replace", "open"])
@pytest.mark.parametrize(
    "trouble",
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the disk is read-only"),
        (errno.EIO, "input/output error"),
    ],
)
def test_a_failing_disk_is_reported_and_nothing_is_lost(store, state, monkeypatch, step, trouble):
    number, reason = trouble
    save(store, 1, 2)

    def failing(*_arguments, **_options):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, step, failing)
    if step == "replace":
        monkeypatch.setattr(Path, "replace", failing)
    store.set("interval.count", "3")
    message = refusal(store.save)
    monkeypatch.undo()
    assert message == (
        f"{state}/settings.toml: cannot be saved, {reason}; the settings stay in force until a restart"
    )
    assert store.current.interval.count == 3
    assert store.unsaved() == ("interval.count",)
    assert SettingsStore(None, state).load().interval.count == (3 if step == "open" else 2)
    store.save()
    assert SettingsStore(None, state).load().interval.count == 3
    assert saved(state, "settings.1.toml")["interval.count"] == 2
    assert not list(state.glob("*.new"))


def test_a_file_in_place_of_the_folder_is_reported(tmp_path):
    (tmp_path / "file").write_text("")
    store = SettingsStore(None, tmp_path / "file" / "state")
    store.set("interval.count", "1")
    assert "cannot be saved, not a directory" in refusal(store.save)
    assert store.current.interval.count == 1


def test_a_save_that_does_not_read_back_is_not_put_in_place(store, state, monkeypatch):
    save(store, 1)
    monkeypatch.setattr("config.store.write_layer", lambda _: "[interval]\ncount = 7\n")
    store.set("interval.count", "2")
    assert "does not read back as written" in refusal(store.save)
    assert saved(state)["interval.count"] == 1
    assert [path.name for path in state.iterdir()] == ["settings.toml"]


def test_a_file_left_by_a_crash_is_overwritten(store, state):
    state.mkdir()
    (state / "settings.toml.new").write_text("half a fi")
    save(store, 1)
    assert [path.name for path in state.iterdir()] == ["settings.toml"]


def test_a_value_equal_to_the_layer_below_is_not_written(tmp_path, state):
    machine = tmp_path / "config.toml"
    machine.write_text('focus.mode = "trim"')
    store = SettingsStore(machine, state)
    store.load()
    store.set("interval.count", "4")
    store.set("focus.mode", "single")
    store.set("focus.mode", "trim")
    store.save()
    assert saved(state) == {"interval.count": 4}
    assert value_of(Settings(), "focus.mode") == "single"
