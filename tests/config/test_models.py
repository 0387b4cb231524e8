"""The list of camera bodies is sound, and a body is found by whatever people call it."""

from collections import Counter

import pytest

from config.cameras import Cameras
from config.errors import ConfigError
from config.model_search import find_model
from config.models import NO_PORT, UNKNOWN_PORT, all_models, models_with
from config.naming import camera_called, model_called, why_no_use

CAMERAS = Cameras()


def called(name):
    """Return the body that a name certainly stands for, as text; None if somebody has to be asked."""
    choice = find_model(name).choice
    return None if choice is None else str(choice)


def names_of(model):
    full = str(model)
    spellings = (full.lower(), full.upper(), full.replace(" ", ""), full.replace("-", " "), full.replace(" ", "-"))
    return {model.name, full, *model.aliases, *spellings}


def test_every_body_is_complete_and_has_a_port_that_is_described():
    models = all_models()
    assert len(models) == 545
    assert max(Counter(map(str, models)).values()) == 1
    assert {model.port for model in models} - {NO_PORT, UNKNOWN_PORT} <= set(CAMERAS.ids())
    assert {model.behaviour for model in models} - {""} <= set(CAMERAS.ids())
    assert {model.confidence for model in models} == {"confirmed", "single", "inferred", "unknown"}
    assert [model for model in models if (model.port == UNKNOWN_PORT) != (model.confidence == "unknown")] == []
    assert [model for model in models if not model.source or bool(model.bbf) != bool(model.bbf_source)] == []


def test_every_body_is_found_by_each_of_its_names_and_never_with_another_port():
    wrong = []
    for model in all_models():
        for name in names_of(model):
            found = find_model(name)
            is_other = found.choice is not None and found.choice.port != model.port
            if model not in found.fitting or is_other:
                wrong.append((str(model), name, str(found.choice)))
    assert wrong == []


@pytest.mark.parametrize(
    ("names", "model"),
    [
        ("d850, Nikon D850, nikon d 850, D850 body, NIKOND850, D-850", "Nikon D850"),
        ("nikon d7100, D7100", "Nikon D7100"),
        ("r5, EOS R5, canon eos r5, EOSR5, Canon R5 mirrorless", "Canon EOS R5"),
        ("r6 mark ii, R6 II, R6II, eos r6 mk2, R6 mkii, R6 Mark 2", "Canon EOS R6 Mark II"),
        ("a7iii, A7 III, a7-iii, α7 III, sony alpha 7 iii, a7m3, ILCE-7M3, a7 mark iii, a7 3", "Sony α7 III"),
        ("a7r5, A7RV, α7R V, ILCE-7RM5, sony a7r mark 5", "Sony α7R V"),
        ("ILCE-6400, a6400, alpha 6400, Sony Alpha 6400", "Sony α6400"),
        ("Sony A7C, a7c", "Sony α7C"),
        ("sony a7", "Sony α7"),
        ("x-t5, xt5, X T5, fuji xt5, Fujifilm X-T5", "Fujifilm X-T5"),
        ("x100 vi, X100VI", "Fujifilm X100VI"),
        ("5d mark iv, 5D4, 5d mk 4, EOS 5D Mark IV, 5DIV", "Canon EOS 5D Mark IV"),
        ("5d mk iii, 5D3, 5D Mark III", "Canon EOS 5D Mark III"),
        ("T7i, Kiss X9i, 800D, Rebel T7i, EOS Rebel T7i", "Canon EOS 800D"),
        ("rebel sl2, Kiss X9, 200D, canon sl2", "Canon EOS 200D"),
        ("leica sl2", "Leica SL2"),
        ("z 8, Z8, nikon z-8", "Nikon Z8"),
        ("z6 2, z6ii, Z6 mark II, Nikon Z6 II", "Nikon Z6II"),
        ("zfc, Z fc, nikon z fc", "Nikon Z fc"),
        ("om1, OM-1, om system om-1, Olympus OM-1", "OM System OM-1"),
        ("omd em5 iii, E-M5 Mark III, e-m5 mk3", "Olympus E-M5 Mark III"),
        ("pen f, PEN-F", "Olympus PEN-F"),
        ("k-70, Pentax K70", "Pentax K-70"),
        ("gh5, DC-GH5, lumix gh5", "Panasonic DC-GH5"),
        ("S5IIX, lumix s5 iix", "Panasonic DC-S5 IIX"),
        ("x-pro1, xpro1", "Fujifilm X-Pro1"),
        ("1d, EOS-1D", "Canon EOS-1D"),
        ("canon d60, EOS D60", "Canon EOS D60"),
        ("nikon d60", "Nikon D60"),
        ("m50 mark ii, EOS M50 II", "Canon EOS M50 Mark II"),
        ("90d, EOS 90D", "Canon EOS 90D"),
        ("hasselblad x2d", "Hasselblad X2D"),
    ],
)
def test_a_body_is_found_by_whatever_people_call_it(names, model):
    assert {name: called(name) for name in names.split(", ")} == dict.fromkeys(names.split(", "), model)


@pytest.mark.parametrize(
    ("name", "first", "others"),
    [
        ("a7", "Sony α7", {"α7 III", "α7C", "α7C II", "α7CR", "α7 V", "α7R V", "α7S III"}),
        ("d60", "Canon EOS D60", {"D60"}),
        ("g10", "Canon PowerShot G10", {"DMC-G10"}),
        ("em1", "Olympus E-M1", {"E-M1 Mark II", "E-M1 Mark III", "E-M1X"}),
        ("d70", "Nikon D70", {"D70s"}),
        ("a77", "Sony α77", {"α77 II"}),
        ("5d", "Canon EOS 5D", {"EOS 5D Mark IV", "Dynax 5D"}),
        ("sl2", "Canon EOS 200D", {"SL2", "SL2-S"}),
    ],
)
def test_a_name_of_several_bodies_with_different_ports_is_asked_about(name, first, others):
    found = find_model(name)
    assert found.choice is None
    assert str(found.fitting[0]) == first
    assert others <= {model.name for model in found.fitting}


def test_a_short_name_is_taken_for_the_body_itself_where_its_relatives_have_the_same_port():
    assert {model.name for model in find_model("1d").related} >= {"EOS-1Ds", "EOS-1D X Mark III"}
    assert {model.name for model in find_model("gh5").related} == {"DC-GH5 II", "DC-GH5S"}
    years = [model.year for model in find_model("1d").related]
    assert years == sorted(years, reverse=True)


@pytest.mark.parametrize(("name", "relative"), [("r6ii", "EOS R6 Mark III"), ("x100v", "X100VI"), ("d80", "D800")])
def test_a_name_does_not_go_on_within_a_number(name, relative):
    assert relative not in {model.name for model in find_model(name).fitting}


def test_the_beginning_of_a_name_lists_what_begins_with_it():
    assert {model.brand for model in find_model("nikon").related} == {"Nikon"}
    assert {model.name for model in find_model("nikon z").related} >= {"Z8", "Z fc", "Z6III"}
    assert find_model("5d mark").fitting[0].name == "EOS 5D"


@pytest.mark.parametrize(
    ("name", "meant"),
    [("D805", "Nikon D850"), ("d85", "Nikon D850"), ("x-t55", "Fujifilm X-T5"), ("nikon 5d", "Nikon D5")],
)
def test_a_near_miss_is_offered(name, meant):
    found = find_model(name)
    assert found.fitting == ()
    assert str(found.near[0]) == meant


@pytest.mark.parametrize("name", ["", " ", "frobnicate", "iphone", "-", "α", "\N{SNOWMAN}", "x" * 10_000])
def test_a_name_that_is_none_finds_nothing(name):
    assert find_model(name).fitting == ()
    with pytest.raises(ConfigError, match="no camera is called"):
        model_called(CAMERAS, name)


def test_a_profile_is_called_by_its_id_or_by_a_body():
    assert camera_called(CAMERAS, "Nikon-10pin") == ("nikon-10pin", "")
    assert camera_called(CAMERAS, "D850") == ("nikon-10pin", "Nikon D850")
    assert camera_called(CAMERAS, "r5") == ("canon-r", "Canon EOS R5")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("d60", ('"d60" fits cameras that have different ports: Canon EOS D60 (canon-n3) and Nikon D60 (none); type the'
                " whole name, like Canon EOS D60")),
        ("D805", 'no camera is called "D805"; did you mean Nikon D850?'),
        ("canon-e4", 'no camera is called "canon-e4"; did you mean canon-e3?'),
        ("frobnicate", ('no camera is called "frobnicate"; the command cameras lists the ports: choose one by its plug,'
                       " like nikon-10pin")),
        ("zfc", ("the Nikon Z fc has no port for a wired remote (USB-C / Bluetooth only); use its maker's wireless"
                " remote or app, or its own interval timer")),
        ("a7 v", ("no text says which port the Sony α7 V has; look at the camera, and if its port is one of those that"
                 " the command cameras lists, choose that one, like: set camera.profile canon-e3")),
        ("gh5", ("the Panasonic DC-GH5 cannot be used: its port panasonic-rsl1 does not work with two plain contacts:"
                " the port is a resistor ladder; two plain contacts to ground do not work")),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_used_is_answered_with_what_to_do(name, sentence):
    with pytest.raises(ConfigError) as caught:
        camera_called(CAMERAS, name)
    assert str(caught.value) == sentence


def test_every_body_is_usable_or_has_a_reason():
    usable = [model for model in all_models() if not why_no_use(model, CAMERAS)]
    assert len(usable) > 250
    assert all(CAMERAS.load(model.profile).is_usable for model in usable)


def test_the_bodies_of_a_profile_come_from_the_list_of_bodies():
    assert {"D850", "Z8"} <= {model.name for model in models_with("nikon-10pin")}
    assert "D850" not in {model.name for model in models_with("nikon-mc-dc2")}
    assert "EOS R5" in {model.name for model in models_with("canon-r")}
    assert "EOS R5" in {model.name for model in models_with("canon-n3")}
