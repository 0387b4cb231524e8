"""Names of cameras as owners and shops write them."""

import pytest

from config.cameras import Cameras
from config.model_search import find_model
from config.models import all_models
from config.naming import camera_called, why_no_use

NAMES = """
Canon EOS Rebel T6 -> Canon EOS 1300D
Canon EOS Kiss X80 -> Canon EOS 1300D
EOS Rebel SL3 -> Canon EOS 250D
Canon 250D -> Canon EOS 250D
Canon EOS M50 Mark II -> Canon EOS M50 Mark II
Canon R6 -> Canon EOS R6
Canon EOS R8 -> Canon EOS R8
Canon R100 -> Canon EOS R100
Canon EOS R10 body only -> Canon EOS R10
canon 7d mk2 -> Canon EOS 7D Mark II
Canon EOS 7D MK II -> Canon EOS 7D Mark II
canon eos 80d -> Canon EOS 80D
Canon EOS 1DX Mark III -> Canon EOS-1D X Mark III
1dx mk iii -> Canon EOS-1D X Mark III
EOS-1Dx III -> Canon EOS-1D X Mark III
Canon G16 -> Canon PowerShot G16
Powershot G1X Mark II -> Canon PowerShot G1 X Mark II
Nikon D3s -> Nikon D3S
nikon d4s -> Nikon D4S
NIKON D 750 -> Nikon D750
Nikon Df -> Nikon Df
Nikon Z 6II -> Nikon Z6II
Nikon Z6 III -> Nikon Z6III
Nikon Z 7 II -> Nikon Z7II
Nikon Z5 II -> Nikon Z5II
Nikon Z50 II -> Nikon Z50II
nikon z f -> Nikon Z f
Nikon Zf -> Nikon Z f
Coolpix P1000 -> Nikon COOLPIX P1000
Sony a6000 -> Sony α6000
Sony Alpha a6000 -> Sony α6000
Sony A6700 -> Sony α6700
sony alpha 7R IV -> Sony α7R IV
Sony A7R4 -> Sony α7R IV
Sony a7S III -> Sony α7S III
Sony A7S3 -> Sony α7S III
Sony ZV-E10 -> Sony ZV-E10
zve10 -> Sony ZV-E10
Sony a9 II -> Sony α9 II
Sony RX100 VII -> Sony RX100 VII
RX100M7 -> Sony RX100 VII
Sony RX10 IV -> Sony RX10 IV
Sony a99 II -> Sony α99 II
SLT-A77V -> Sony α77
DSLR-A900 -> Sony α900
Sony NEX-7 -> Sony NEX-7
NEX 6 -> Sony NEX-6
Sony HX99 -> Sony HX99
Fuji X-T3 -> Fujifilm X-T3
Fujifilm XT30 II -> Fujifilm X-T30 II
X-T30II -> Fujifilm X-T30 II
Fuji X-H2S -> Fujifilm X-H2S
X-E4 -> Fujifilm X-E4
Fujifilm X100F -> Fujifilm X100F
GFX 100S -> Fujifilm GFX100S
Fujifilm GFX 50R -> Fujifilm GFX 50R
X-Pro3 -> Fujifilm X-Pro3
Fujifilm X-S10 -> Fujifilm X-S10
FinePix S5 Pro -> Fujifilm FinePix S5 Pro
Olympus OM-D E-M10 Mark II -> Olympus E-M10 Mark II
E-M1X -> Olympus E-M1X
Olympus PEN E-PL8 -> Olympus E-PL8
OM System OM-5 -> OM System OM-5
OM1 mark ii -> OM System OM-1 Mark II
Panasonic Lumix G9 -> Panasonic DC-G9
Lumix DMC-GH4 -> Panasonic DMC-GH4
DMC-FZ1000 -> Panasonic DMC-FZ1000
Lumix S1R -> Panasonic DC-S1R
Panasonic GX85 -> Panasonic DMC-GX85
Pentax K-1 Mark II -> Pentax K-1 Mark II
pentax k3 iii -> Pentax K-3 Mark III
Pentax K-3 Mark III -> Pentax K-3 Mark III
Pentax 645Z -> Pentax 645Z
Pentax KP -> Pentax KP
Samsung NX1 -> Samsung NX1
Samsung NX500 -> Samsung NX500
Leica Q2 -> Leica Q2
Leica SL2-S -> Leica SL2-S
Leica V-Lux 5 -> Leica V-LUX 5
Sigma fp -> Sigma fp
Sigma SD1 Merrill -> Sigma SD1
Hasselblad H6D-100c -> Hasselblad H6D
Hasselblad X1D II -> Hasselblad X1D II
Phase One XF -> Phase One XF
Minolta Maxxum 7D -> Minolta Dynax 7D
Konica Minolta Dynax 5D -> Minolta Dynax 5D
Contax N Digital -> Contax N Digital
Kodak DCS Pro 14n -> Kodak DCS Pro 14n
D7500 -> Nikon D7500
d780 -> Nikon D780
Nikon D6 -> Nikon D6
d5600 -> Nikon D5600
D3300 -> Nikon D3300
Canon 6D2 -> Canon EOS 6D Mark II
5dsr -> Canon EOS 5DS R
5DS R -> Canon EOS 5DS R
1100D -> Canon EOS 1100D
Canon EOS 2000D -> Canon EOS 2000D
Rebel T100 -> Canon EOS 4000D
Kiss M -> Canon EOS M50
Canon EOS Ra -> Canon EOS Ra
EOS R5C -> Canon EOS R5 C
"""
ROWS = [tuple(line.split(" -> ")) for line in NAMES.strip().splitlines()]


def test_there_are_a_hundred_of_them():
    assert len(ROWS) >= 100


@pytest.mark.parametrize(("name", "model"), ROWS)
def test_a_name_in_the_wild_finds_its_camera(name, model):
    assert str(find_model(name).choice) == model


def test_the_full_name_of_a_body_chooses_that_body():
    cameras = Cameras(None)
    usable = [model for model in all_models() if not why_no_use(model, cameras)]
    assert len(usable) > 300
    assert [(str(model), camera_called(cameras, str(model)).model) for model in usable] == [
        (str(model), str(model)) for model in usable
    ]
