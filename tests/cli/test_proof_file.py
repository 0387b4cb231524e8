"""Proofs as files: what is proven of random bodies is sent in, checked, and changed at random."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_proofs import LAYERS, PROFILES, proved

from config.cameras import Cameras
from config.errors import ConfigError
from config.models import all_models
from config.profile_keys import flattened
from config.profile_write import profile_text
from controller.cli.proof_file import LARGEST_BYTES, NOT_NAMED, is_sent, read_sent, share
from controller.cli.proof_text import sent_lines, sent_reply
from controller.prove.careful import RULES

HEAD = "Written by a proof."
BODY = "D850"
SEEDS = range(9)


@pytest.fixture(scope="module")
def overlays():
    """What proofs of random bodies yield, as documents, some with every third answer wrong or not known."""
    results = [proved(seed, wrong=0.3 * (seed % 3 == 0), unknown=0.3 * (seed % 3 == 1)) for seed in SEEDS]
    named = [(each.profile, each.overlay._replace(body=BODY)) for each in results if each.overlay is not None]
    return [(profile, above.document(LAYERS[profile])) for profile, above in named]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("box")


def box(folder, profile, document):
    """A box on which this was proven."""
    folder.mkdir(exist_ok=True)
    (folder / f"{profile}.toml").write_text(profile_text(document, HEAD))
    return Cameras(proven=folder)


def sent_in(folder, document):
    path = folder / "my.toml"
    path.write_text(document if isinstance(document, str) else profile_text(document, HEAD))
    return path


def faults_of(path):
    with pytest.raises(ConfigError) as caught:
        read_sent(path)
    return caught.value.faults


def a_proof(**changed):
    """A proof of nikon-10pin with a longer gap."""
    document = {
        "extends": "nikon-10pin",
        "min_gap_ms": 500,
        "proven": ["min_gap_ms (gaps of 500 ms work, of 330 ms not)"],
        "proof": {"body": BODY, "date": "2026-06-21"},
        **changed,
    }
    return {key: value for key, value in document.items() if value is not None}


def test_what_a_proof_yields_is_shared_and_checked_unchanged(place, overlays):
    assert len(overlays) > len(SEEDS) / 2
    for profile, document in overlays:
        cameras = box(place, profile, document)
        shared = share(cameras, profile)
        assert shared.left_out == (), "a proof says it with words that --share knows"
        assert tomllib.loads(shared.text) == document
        path = sent_in(place, shared.text)
        assert is_sent(path)
        sent = read_sent(path)
        flat = flattened(document)
        assert {change.key: change.value for change in sent.changes} == {
            key: flat[key] for key in flat if key in RULES
        }
        assert [f"{change.key} ({change.how})" for change in sorted(sent.changes)] == sorted(document["proven"])
        assert (sent.extends, sent.body, sent.date) == (profile, BODY, "2026-06-21")
        assert sent.left_out == tuple(document.get("without", ()))
        lines = sent_lines(path.relative_to(place), sent, place.relative_to(place))
        assert max(map(len, lines)) < 80
        assert sum(line.startswith(f"  {key} ") for key in RULES for line in lines) == len(sent.changes)
        assert len(sent_reply(sent)["changes"]) == len(sent.changes)


def test_the_table_says_what_is_more_careful_and_why(tmp_path):
    sent = read_sent(sent_in(tmp_path, a_proof()))
    (change,) = sent.changes
    assert (change.key, change.value, change.care, change.how) == (
        "min_gap_ms",
        500,
        (1, 330),
        "gaps of 500 ms work, of 330 ms not",
    )
    lines = sent_lines(tmp_path / "my.toml", sent, tmp_path)
    assert "  min_gap_ms                   330ms           500ms           more careful" in lines
    assert "    Found: gaps of 500 ms work, of 330 ms not." in lines
    assert RULES["min_gap_ms"].why in " ".join(" ".join(lines).split())
    assert f"  {tmp_path}/nikon-10pin.toml" in lines
    (tmp_path / "nikon-10pin.toml").touch()
    there = f"  {tmp_path}/nikon-10pin.toml, in place of the file that is there"
    assert there in sent_lines(tmp_path / "my.toml", sent, tmp_path)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"extends": None}, "extends: is missing; a proof extends the shipped profile of which it is"),
        ({"extends": "nikon-10pins"}, 'extends: "nikon-10pins" is no shipped profile; did you mean nikon-10pin?'),
        ({"extends": "panasonic-rsl1"}, "extends: panasonic-rsl1 does not work with two plain contacts"),
        (
            {"extends": "olympus-rm-cb1", "without": ["bulb_max_s"]},
            'without: a proof leaves out "bulb_max_s" only if',
        ),
        ({"notes": "call 555"}, "notes: no proof finds this, and a file with the table proof holds nothing else"),
        ({"pins": {"focus": 7}}, "pins: no proof finds this"),
        ({"aeb": {}}, "aeb: no proof finds this"),
        ({"min_gap_m": 3}, 'unknown key "min_gap_m"; did you mean min_gap_ms?'),
        ({"min_gap_ms": 10**9}, "min_gap_ms: 1000000000 is not a whole number from 1 to 60000"),
        ({"min_gap_ms": 5}, "min_gap_ms: 5 is too short"),
        ({"proven": None}, "min_gap_ms: is not listed under proven"),
        ({"proven": ["min_gap_ms", "everything"]}, 'proven: "everything" names no key that this file has'),
        ({"proven": ["min_gap_ms", "bulb (x)"]}, 'proven: "bulb (x)" names no key that this file has'),
        ({"proven": [f"min_gap_ms ({'x' * 200})"]}, "proven: how min_gap_ms was proven is one line of at most 160"),
        ({"proven": ["min_gap_ms (\x1b[2J)"]}, 'proven: contains "\\x1b", which a terminal would act on; remove it'),
        ({"proven": ["min_gap_ms (\u202eoops)"]}, 'proven: contains "\\u202e", which a terminal would act on'),
        ({"proof": {"body": "x" * 61, "date": "2026-06-21"}}, 'proof.body: "xxxx'),
        ({"proof": {"body": "D850\nD5", "date": "2026-06-21"}}, 'proof.body: "D850\\nD5" is no camera\'s name'),
        ({"proof": {"body": "D850", "date": "2026-13-21"}}, 'proof.date: "2026-13-21" is no day like 2026-06-21'),
        ({"proof": {"body": "D850", "date": "2026-06-21", "serial": "6012345"}}, "proof.serial: no proof finds this"),
        ({"without": ["pins"]}, 'without: a proof leaves out "pins" only if'),
        (
            {"focus_held_during_release": False, "shutter_alone_fires": True}
            | {"proven": ["min_gap_ms", "focus_held_during_release", "shutter_alone_fires"]},
            "focus_held_during_release: false is less careful than the shipped true, which no proof makes it; remove it",
        ),
    ],
)
def test_what_no_proof_yields_is_refused_in_one_sentence_with_file_and_rule(place, changed, fault):
    path = sent_in(place, a_proof(**changed))
    faults = faults_of(path)
    assert any(each.startswith(f"{path}: {fault}") for each in faults), faults
    assert all(len(each.splitlines()) == 1 for each in faults)


def test_a_file_that_is_too_large_or_cannot_be_read_is_refused(place):
    path = sent_in(place, profile_text(a_proof(), HEAD) + "#" * LARGEST_BYTES)
    assert faults_of(path) == (f"{path}: is too large for a proof, which has at most {LARGEST_BYTES} bytes",)
    assert faults_of(place / "none.toml") == (f"{place}/none.toml: cannot be read, no such file or directory",)
    assert faults_of(sent_in(place, "[" * 20_000))[0].startswith(f"{path}: is too large")
    assert faults_of(sent_in(place, "[" * 9_000))[0].startswith(f"{path}: this is not TOML")


@pytest.mark.parametrize(
    ("written", "kept", "note"),
    [
        ("D850", "D850", ""),
        ("Nikon D850", "Nikon D850", ""),
        ("d-850", "Nikon D850", ""),
        ("", NOT_NAMED, ""),
        ("D850 6012345", NOT_NAMED, 'the body\'s name, "D850 6012345", is no camera that backbutton knows'),
        ("Anna's D850", NOT_NAMED, "the body's name, \"Anna's D850\", is no camera"),
        ("D850 /home/anna", NOT_NAMED, "the body's name,"),
    ],
)
def test_a_body_is_named_only_as_a_camera_is(tmp_path, written, kept, note):
    document = a_proof(proof={"body": written, "date": "2026-06-21"})
    shared = share(box(tmp_path, "nikon-10pin", document), "nikon-10pin")
    assert tomllib.loads(shared.text)["proof"]["body"] == kept
    assert [each.startswith(note) for each in shared.left_out] == ([True] if note else [])


def test_nothing_that_somebody_wrote_into_the_file_is_shared(tmp_path):
    document = a_proof(
        notes="Anna, 555 1234",
        half_press_lead_ms=250,
        proven=["min_gap_ms (Anna said so at 21:04)", "everything (on /dev/sda)"],
        proof={"body": BODY, "date": "2026-06-21T21:04:05", "serial": "6012345"},
    )
    shared = share(box(tmp_path, "nikon-10pin", document), "nikon-10pin")
    assert tomllib.loads(shared.text) == a_proof(proven=["min_gap_ms"], proof={"body": BODY, "date": "unknown"})
    assert "Anna" not in shared.text
    assert str(tmp_path) not in shared.text
    assert len(shared.left_out) == 3
    assert shared.left_out[-1] == "not proven, and so left out: notes, half_press_lead_ms, proof.serial"


def test_what_has_no_meaning_without_bulb_is_left_out(tmp_path):
    document = a_proof(extends="olympus-rm-cb1", bulb="none", without=["bulb_max_s"], proven=["min_gap_ms", "bulb"])
    shared = share(box(tmp_path, "olympus-rm-cb1", document), "olympus-rm-cb1")
    assert tomllib.loads(shared.text) == document
    sent = read_sent(sent_in(tmp_path, shared.text))
    assert sent.left_out == ("bulb_max_s",)
    assert "  bulb_max_s: left out, as it has no meaning without bulb" in sent_lines(
        tmp_path / "my.toml", sent, tmp_path
    )


def test_a_camera_that_is_not_proven_here_is_not_shared(tmp_path):
    for cameras in (Cameras(), Cameras(proven=tmp_path / "none"), box(tmp_path, "canon-e3", {"extends": "canon-e3"})):
        with pytest.raises(ConfigError, match="nikon-10pin is not proven on this box; prove it at the console"):
            share(cameras, "nikon-10pin")
    with pytest.raises(ConfigError, match="lists nothing as proven; prove the camera"):
        share(cameras, "canon-e3")
    with pytest.raises(ConfigError, match="shutter_default_ms: 1 is less careful than the shipped 100"):
        bold = a_proof(shutter_default_ms=1, shutter_min_ms=1, proven=["shutter_default_ms", "shutter_min_ms"])
        share(box(tmp_path, "nikon-10pin", bold), "nikon-10pin")


NAMES = st.one_of(
    st.sampled_from(["extends", "without", "proven", "proof", "pins", "wake", "notes", "aeb", *RULES]),
    st.text(max_size=6),
)
PLAIN = st.one_of(
    st.booleans(),
    st.integers(),
    st.integers(-1, 70_000),
    st.text(max_size=12),
    st.sampled_from(["none", "hold", "toggle", "press-press", *PROFILES, *(f"{key} (x)" for key in RULES)]),
)
VALUES = st.one_of(PLAIN, st.lists(PLAIN, max_size=4), st.dictionaries(st.text(max_size=6), PLAIN, max_size=3))


@given(number=st.integers(0, 999), name=NAMES, value=VALUES, is_removed=st.booleans())
def test_a_file_with_a_key_changed_at_random_is_refused_in_sentences_or_understood(
    place, overlays, number, name, value, is_removed
):
    _, document = overlays[number % len(overlays)]
    table, _, tail = name.partition(".")
    changed = {key: {**raw} if isinstance(raw, dict) else raw for key, raw in document.items()}
    inside = changed.setdefault(table, {}) if tail else changed
    if isinstance(inside, dict):
        inside.pop(tail or table, None)
        if not is_removed:
            inside[tail or table] = value
    check(sent_in(place, toml_of(changed)))


@given(number=st.integers(0, 999), at=st.integers(0, 2_000), length=st.integers(0, 40), new=st.binary(max_size=8))
def test_a_file_with_bytes_changed_at_random_is_refused_in_sentences_or_understood(
    place, overlays, number, at, length, new
):
    _, document = overlays[number % len(overlays)]
    content = profile_text(document, HEAD).encode()
    at %= len(content)
    path = place / "my.toml"
    path.write_bytes(content[:at] + new + content[at + length :])
    check(path)


def check(path):
    """Everything that `--check` does, with any file."""
    try:
        sent = read_sent(path) if is_sent(path) else Cameras().check(path)
    except ConfigError as error:
        assert error.faults
        assert all(fault.startswith(f"{path}: ") and len(fault.split("\n")) == 1 for fault in error.faults)
        return
    if is_sent(path):
        lines = sent_lines(path.relative_to(path.parent), sent, path.parent.relative_to(path.parent))
        assert max(map(len, lines)) < 80
        assert all(change.care.sign != -1 or RULES[change.key].may_loosen for change in sent.changes)


def toml_of(document):
    """A document as TOML, with any keys."""

    def written(raw):
        match raw:
            case bool():
                return str(raw).lower()
            case list():
                return f"[{', '.join(map(written, raw))}]"
            case dict():
                return f"{{{', '.join(f'{quoted(key)} = {written(each)}' for key, each in raw.items())}}}"
            case str():
                return quoted(raw)
        return str(raw)

    return "\n".join(f"{quoted(key)} = {written(raw)}" for key, raw in document.items())


def quoted(text):
    return '"' + "".join(f"\\U{ord(char):08x}" for char in text) + '"'


def test_every_body_that_backbutton_knows_may_be_named(tmp_path):
    for model in all_models()[::97]:
        document = a_proof(proof={"body": str(model), "date": "unknown"})
        assert share(box(tmp_path, "nikon-10pin", document), "nikon-10pin").left_out == ()
