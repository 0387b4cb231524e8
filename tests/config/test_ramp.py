import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_values import ramps

from config.errors import ConfigError
from config.moments import FORMS, Height, Share
from config.ramp import EXAMPLE, FEWEST, MOST, Key, format_ramp, parse_ramp
from config.when import When

MS = 1_000_000
S = 1_000 * MS
SUNSET = When("sun", event="sunset")
USUAL = (Key(SUNSET, 100 * MS), Key(Height(-6_000_000), 2 * S))


def refusal(text):
    with pytest.raises(ConfigError) as caught:
        parse_ramp(text)
    return str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "sunset 1/10s, -6deg 2s",
        "  Sunset   1/10 s ,-6 DEG 2 S",
        "SUNSET 100MS,-6° 2sec",
        "sunset\u00a01/10s, \u22126deg\u00a02s",
        "sunset 1\u204410s\uff0c \u20136º 2s",
    ],
)
def test_keys_are_read_as_people_write_them(text):
    assert parse_ramp(text) == USUAL


def test_the_moment_of_a_key_takes_as_many_words_as_it_can():
    assert parse_ramp("dusk - 10m 5s, +1h 30m 2s") == (
        Key(When("sun", -600 * S, event="dusk"), 5 * S),
        Key(When("delay", 5400 * S), 2 * S),
    )
    assert parse_ramp("+1h 30m, 100% 40m") == (  # one word has to remain
        Key(When("delay", 3600 * S), 1800 * S),
        Key(Share(1_000_000), 2400 * S),
    )


@pytest.mark.parametrize("text", ["none", "", "  NONE "])
def test_a_ramp_may_have_no_keys(text):
    assert parse_ramp(text) == ()
    assert format_ramp(()) == "none"


def test_the_example_is_valid():
    assert format_ramp(parse_ramp(EXAMPLE)) == "sunset 100ms, -6deg 2s, -9deg 20s"


@given(ramps(MOST))
def test_every_ramp_reads_back_from_its_text(keys):
    text = format_ramp(keys)
    assert parse_ramp(text) == keys
    assert parse_ramp(text.upper().replace("-", "\u2212").replace(" ", "\u00a0")) == keys


NO_MOMENT = f"is not a moment of a run; write it like {FORMS}"
NO_KEY = f"is not a key; write a moment and an exposure, like {EXAMPLE} ({FORMS})"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("-6 2s, -9 20s", f'"-6" {NO_MOMENT}; did you mean -6deg?'),
        ("50 2s, 100% 3s", f'"50" {NO_MOMENT}; did you mean 50% or 50deg?'),
        ("dusk10m 2s, -9deg 3s", f'"dusk10m" {NO_MOMENT}; did you mean dusk-10m or dusk+10m?'),
        ("sunsett 1/10s, -6deg 2s", f'"sunsett" {NO_MOMENT}; did you mean sunset?'),
        ("blue hour 1m 30s, dusk 3m", f'"blue hour" {NO_MOMENT}'),
        ("now 2s, 100% 4s", f'"now" {NO_MOMENT}; did you mean 0%?'),
        ("f/8 2s, f/4 3s", f'"f/8" {NO_MOMENT}'),
        ("25:00 2s, 26:00 3s", '"25:00" is not a time of day; choose from 00:00 to 23:59'),
        ("-91deg 2s, 5deg 3s", '"-91deg" is out of range; choose from -90deg to 90deg'),
        ("sunset 1/10, -6deg 2s", '"1/10" has no unit; write 1/10s for seconds'),
        ("-6deg 2, -9deg 3", '"2" has no unit; write 2s for seconds, or 2m for minutes'),
        ("-6°, -9° 3s", '"-6°" has no exposure; write it like -6deg 2s'),
        ("sunset - 10m, dusk 3s", '"sunset - 10m" has no exposure; write it like sunset-10m 2s'),
        ("sunset, -6deg 2s", '"sunset" has no exposure; write it like sunset 2s'),
        ("2s, 3s", '"2s" has no moment; write one before it, like -6deg 2s'),
        ("1m 30s, 3m", '"1m 30s" has no moment; write one before it, like -6deg 1m 30s'),
        ("-6deg2s, -9deg3s", f'"-6deg2s" {NO_KEY}'),
        ("none, none", f'"none" {NO_KEY}'),
        ("-6deg 0s, -9deg 3s", "the exposure 0s is out of range; choose from 1ms to 24h"),
        ("-6deg 1s, -9deg 25h", "the exposure 25h is out of range; choose from 1ms to 24h"),
        ("-6deg 2s 3s, -9deg 3s", '"2s 3s" is not a duration; write it like 250ms, 1.5s, 1/60s or 2h'),
        ("sunset 1/10s", f"a ramp takes 2 to 12 keys, and this has 1; write it like {EXAMPLE}"),
        (
            ", ".join(f"{k}% 1s" for k in range(13)),
            f"a ramp takes 2 to 12 keys, and this has 13; write it like {EXAMPLE}",
        ),
        ("50% 2s, 20% 4s", "20% does not come after 50%; write the keys in their order"),
        ("0% 1s, sunset 2s, 0% 3s", "0% does not come after 0%; write the keys in their order"),
        ("sunset 1/10s, -6deg 2s,", 'a key is missing after "-6deg 2s"; write it there, or remove the comma'),
        ("sunset 1/10s,, -6deg 2s", 'a key is missing after "sunset 1/10s"; write it there, or remove the comma'),
        (", sunset 1/10s", 'a key is missing before "sunset 1/10s"; write it there, or remove the comma'),
        (",", None),
        ("-6.5deg 1,5s, -9deg 3s", '"1,5s" has a comma in the number; write 1.5s'),
        ("-6,5deg 1,5s, -9deg 3s", '"6,5deg" has a comma in the number; write 6.5deg'),
        ("sunset 1/10s; -6deg 2s", '"sunset 1/10s; -6deg 2s" has semicolons; write commas instead'),
        (
            "sunset 1/10s -6deg 2s\n-9deg 20s",
            '"sunset 1/10s -6deg 2s -9deg 20s" is more than one key; write commas between: sunset 1/10s, -6deg 2s, -9deg 20s',
        ),
        ("x\x1b[2J, y", None),
        ("x" * 10_000, None),
        ("sunset " * 5_000, None),
        ("1," * 5_000, None),
    ],
)
def test_what_is_no_ramp_is_refused_with_what_was_meant(text, sentence):
    message = refusal(text)
    assert message == (sentence or message)
    assert message.isprintable()
    assert len(message) < 400


@given(
    st.lists(
        st.sampled_from(["sunset", "-6deg", "-", "10m", "2s", ",", "50%", "21:30", "x", ";", "1,5s"]), max_size=14
    )
)
def test_any_text_is_a_ramp_or_refused(words):
    try:
        keys = parse_ramp(" ".join(words))
    except ConfigError as error:
        assert str(error).isprintable()
        return
    assert parse_ramp(format_ramp(keys)) == keys
    assert not keys or FEWEST <= len(keys) <= MOST
