"""Presets in their files: names, what they hold, and what a crash, a bad disk or a stranger leaves there."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.presets import BUILT_IN, KEYS, MOST, MOST_MARKED, PresetStore, check_name, values_to_save
from config.schema import FIELDS, Settings, build

DUSK = values_to_save(build({"shot.drive": "bulb", "shot.exposure": 20_000_000_000, "interval.count": 7}))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state" / "presets"


@pytest.fixture
def store(folder):
    return PresetStore(folder)


def loaded(folder):
    store = PresetStore(folder)
    store.load()
    return store.files


def refusal(call, *arguments, **options):
    with pytest.raises(ConfigError) as caught:
        call(*arguments, **options)
    return str(caught.value)


def test_a_preset_holds_what_shapes_a_frame_or_a_run_but_neither_the_body_nor_the_place():
    shaping = {key for key, field in FIELDS.items() if field.in_run} | {"focus.mode"}
    assert set(KEYS) == {key for key in shaping if not key.startswith(("camera.", "site."))}
    assert {"shot.drive", "interval.every", "focus.mode", "safety.max_exposure"} <= set(KEYS)


@pytest.mark.parametrize("name", ["dusk", "a", "night-2", "2", "a" * 20, "0-", "savee", "markt"])
def test_these_are_names(name):
    check_name(name)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", '"" is not a name for a preset; use at most 20 lower-case letters, digits and dashes, like dusk or'),
        ("Dusk", '"Dusk" is not a name for a preset; did you mean dusk?'),
        ("my dusk", '"my dusk" is not a name for a preset; did you mean my-dusk?'),
        ("a" * 21, "is not a name for a preset; use at most 20"),
        ("-dusk", '"-dusk" is not a name for a preset; use at most'),
        ("../dusk", '"../dusk" is not a name'),
        ("d\xfcster", "is not a name"),
        ("dusk\n", "is not a name"),
        ("\x1b[2J", '"\\x1b[2J" is not a name'),
        ("stars", "stars is a built-in preset; choose another name"),
        ("save", "preset save would mean preset save NAME; choose another name"),
        ("un", "preset un would mean preset unmark NAME; choose another name"),
        ("d", "preset d would mean preset delete NAME; choose another name"),
    ],
)
def test_these_are_not_and_one_sentence_says_why(store, folder, name, sentence):
    message = refusal(check_name, name)
    assert sentence in message
    assert "\n" not in message
    assert message.isprintable()
    assert refusal(store.write, name, DUSK) == message
    assert not folder.exists()


def test_what_is_written_is_read_back_by_the_next_start(store, folder):
    files = store.write("dusk", DUSK)
    assert files == loaded(folder)
    assert files.own == {"dusk": DUSK}
    assert (files.marked, files.faults) == ((), ())


def test_saving_again_replaces_it(store, folder):
    store.write("dusk", DUSK)
    other = values_to_save(Settings())
    assert store.write("dusk", other).own == loaded(folder).own == {"dusk": other}
    assert [path.name for path in folder.iterdir()] == ["dusk.toml"]


def test_a_box_without_the_folder_has_the_built_in_ones(store):
    store.load()
    assert store.names == BUILT_IN
    assert store.files.faults == ()


def test_a_preset_may_name_a_few_settings_only(store, folder):
    folder.mkdir(parents=True)
    (folder / "few.toml").write_text('[interval]\nevery = "10s"\n')
    assert loaded(folder).own == {"few": {"interval.every": 10_000_000_000}}


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("bad", b"[shot]\ndrive = \x1b]0;x\x07", "is not used: this is not TOML"),
        ("bad", b"\xff\xfe", "is not used: is not UTF-8 text, line 1"),
        ("bad", b'[shot]\ndrive = "bul\\u001b[2Jb"', "is not one of single, burst, bulb, bracket"),
        ("bad", b"[shot]\nexposure = 3\n", "is not used: shot.exposure: 3 is not text with a unit"),
        ("bad", b'[camera]\nprofile = "canon-e3"\n', "is not used: camera.profile does not belong in a preset"),
        ("bad", b"[pins]\nfocus = 4\n", "is not used: pins.focus does not belong in a preset"),
        ("bad", b'[site]\nlatitude = "47"\n', "is not used: site.latitude does not belong in a preset"),
        ("bad", b"", "is not used: it sets nothing"),
        ("bad", b"x" * 2_000_000, "is not used: is too large to be a preset"),
        ("Bad", b'[shot]\ndrive = "bulb"\n', 'preset "Bad" is not used: "Bad" is not a name for a preset'),
        ("stars", b'[shot]\ndrive = "bulb"\n', 'preset "stars" is not used: stars is a built-in preset'),
        ("b\x1b[2Jad", b'[shot]\ndrive = "bulb"\n', 'preset "b\\x1b[2Jad" is not used'),
    ],
)
def test_a_file_that_is_none_is_reported_and_skipped(store, folder, name, content, fault):
    store.write("dusk", DUSK)
    (folder / f"{name}.toml").write_bytes(content)
    files = loaded(folder)
    assert list(files.own) == ["dusk"]
    assert any(fault in each for each in files.faults)
    assert all(each.isprintable() for each in files.faults)


def test_what_is_no_file_stops_no_start(store, folder):
    store.write("dusk", DUSK)
    (folder / "folder.toml").mkdir()
    os.mkfifo(folder / "pipe.toml")
    (folder / "gone.toml").symlink_to("nowhere")
    (folder / "notes.txt").write_text("not ours")
    files = loaded(folder)
    assert list(files.own) == ["dusk"]
    assert len(files.faults) == 3


def test_a_file_in_place_of_the_folder_is_reported_and_cannot_be_written_to(tmp_path):
    (tmp_path / "presets").write_text("")
    store = PresetStore(tmp_path / "presets")
    store.load()
    assert store.files.faults == (f"{tmp_path}/presets: the presets cannot be read, not a directory",)
    assert "preset dusk cannot be saved, " in refusal(store.write, "dusk", DUSK)


def test_a_damaged_preset_is_named_when_somebody_asks_for_it(store, folder):
    folder.mkdir(parents=True)
    (folder / "dusk.toml").write_text("[shot]\nwhisper = 3\n")
    store.load()
    assert refusal(store.find, "dusk").startswith('preset "dusk" is not used: unknown setting "shot.whisper"')


def test_a_damaged_preset_is_kept_beside_the_one_that_replaces_it(store, folder):
    folder.mkdir(parents=True)
    (folder / "dusk.toml").write_text("[shot]\nwhisper = 3\n")
    assert store.write("dusk", DUSK).faults == ()
    assert (folder / "dusk.toml.damaged").read_text() == "[shot]\nwhisper = 3\n"
    assert loaded(folder).own == {"dusk": DUSK}


def test_a_damaged_preset_can_be_deleted(store, folder):
    folder.mkdir(parents=True)
    (folder / "dusk.toml").write_text("")
    assert store.remove("dusk").faults == ()


def test_a_name_is_found_in_any_case_and_a_near_miss_is_offered(store):
    store.use(store.write("dusk", DUSK))
    assert store.find(" DUSK ") == "dusk"
    assert store.find("Stars") == "stars"
    assert refusal(store.find, "star") == 'there is no preset "star"; did you mean stars?'
    assert refusal(store.find, "\x1b") == 'there is no preset "\\x1b"; preset lists them all'


def test_marks_keep_their_order_and_survive(store, folder):
    store.write("dusk", DUSK)
    for name in ("stars", "dusk", "action", "dusk"):
        store.mark(name, is_marked=True)
    assert loaded(folder).marked == ("stars", "dusk", "action")
    assert store.mark("dusk", is_marked=False).marked == loaded(folder).marked == ("stars", "action")
    assert store.mark("dusk", is_marked=False).marked == ("stars", "action")


def test_a_deleted_preset_is_not_marked(store, folder):
    store.write("dusk", DUSK)
    store.mark("dusk", is_marked=True)
    store.mark("stars", is_marked=True)
    assert store.remove("dusk") == loaded(folder)
    assert loaded(folder).marked == ("stars",)
    assert refusal(store.remove, "dusk") == 'there is no preset "dusk"; preset lists them all'
    assert refusal(store.remove, "stars") == "stars is a built-in preset and cannot be deleted"
    assert refusal(store.remove, "../settings") == 'there is no preset "../settings"; preset lists them all'


def test_no_more_are_marked_than_anybody_counts(store):
    for number in range(MOST_MARKED):
        store.write(f"p{number}", DUSK)
        store.mark(f"p{number}", is_marked=True)
    assert "at most 9 presets can be marked" in refusal(store.mark, "stars", is_marked=True)


def test_no_more_are_kept_than_fit_into_a_reply(store, folder):
    for number in range(MOST):
        store.write(f"p{number}", DUSK)
    assert "a box keeps at most 30 presets of its own; delete one first" in refusal(store.write, "dusk", DUSK)
    store.write("p7", values_to_save(Settings()))
    shutil.copy(folder / "p7.toml", folder / "z.toml")
    assert len(loaded(folder).own) == MOST
    assert loaded(folder).faults == (f"{folder}: only the first 30 of 31 presets are used",)


@pytest.mark.parametrize("content", [b"\xff\x00\xfe", b"nix\n\x1b[2J\n", b"", b"stars\nstars\nnix\n"])
def test_a_damaged_list_of_marks_stops_no_start(store, folder, content):
    store.write("dusk", DUSK)
    (folder / "marked").write_bytes(content)
    files = loaded(folder)
    assert set(files.marked) <= {"stars"}
    assert len(files.marked) <= 1
    assert all(fault.isprintable() for fault in files.faults)


def test_a_crash_between_any_two_steps_leaves_the_old_preset_or_the_new_one(store, folder, tmp_path, monkeypatch):
    before, after = DUSK, values_to_save(Settings())
    store.write("dusk", before)
    store.mark("dusk", is_marked=True)
    copies = []

    def watched(step):
        def wrapper(*arguments, **options):
            copies.append(shutil.copytree(folder, tmp_path / f"{len(copies)}"))
            return step(*arguments, **options)

        return wrapper

    for name in ("fsync", "replace", "unlink", "rename"):
        monkeypatch.setattr(os, name, watched(getattr(os, name)))
    store.write("dusk", after)
    monkeypatch.undo()
    assert len(copies) >= 3
    found = [loaded(copy).own["dusk"] for copy in copies]
    assert found[0] == before
    assert all(values in (before, after) for values in found)
    assert all(loaded(copy).marked == ("dusk",) and not loaded(copy).faults for copy in copies)


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize(
    ("number", "reason"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "the disk is read-only")]
)
def test_a_failing_disk_is_reported_and_the_old_preset_stays(store, folder, monkeypatch, step, number, reason):
    store.write("dusk", DUSK)

    def failing(*_arguments, **_options):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, step, failing)
    if step == "replace":
        monkeypatch.setattr(Path, "replace", failing)
    other = values_to_save(Settings())
    assert refusal(store.write, "dusk", other) == f"preset dusk cannot be saved, {reason}"
    assert f"the mark of preset dusk cannot be saved, {reason}" == refusal(store.mark, "dusk", is_marked=True)
    monkeypatch.undo()
    assert loaded(folder).own == {"dusk": DUSK}
    assert not list(folder.glob("*.new"))
