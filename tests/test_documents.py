import ast
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from docs import generate

ROOT = Path(__file__).parent.parent
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
PATH = re.compile(r"`([\w./-]+/|[\w./-]+\.(?:py|md|toml))`")
NAME = re.compile(r"`([A-Z]\w+|_\w+|[A-Z]\w+\.\w+)(?:\([\w, ]*\))?`")


@pytest.mark.parametrize("name", generate.DOCUMENTS)
def test_a_generated_document_is_current(name):
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written == generate.DOCUMENTS[name](), f"{name} is stale; run: make docs"


def names_in_the_code():
    names = set()
    for package in ("config", "hardware", "controller"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    names |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
                if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                    names.add(node.name)
    return names


def test_the_names_in_the_architecture_exist():
    named = set(NAME.findall(ARCHITECTURE))
    assert len(named) > 50
    assert sorted(named - names_in_the_code()) == []


def test_the_paths_in_the_architecture_exist():
    places = (
        ROOT,
        ROOT / "hardware",
        ROOT / "controller",
        ROOT / "controller/core",
        ROOT / "controller/console",
        ROOT / "controller/page",
    )
    named = set(PATH.findall(ARCHITECTURE))
    assert len(named) > 20
    assert [name for name in sorted(named) if not any((place / name).exists() for place in places)] == []


def test_the_architecture_names_functions_in_the_files_that_hold_them():
    named = re.findall(r"`(\w+)`\s+in\s+`([\w/]+\.py)`", ARCHITECTURE)
    assert len(named) > 4
    sources = {path: (ROOT / path).read_text(encoding="utf-8") for _, path in named}
    assert [
        name for name, path in named if not re.search(rf"^(def|class) {name}\b", sources[path], re.MULTILINE)
    ] == []


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.svg")), ids=lambda path: path.name)
def test_a_picture_has_a_white_background_and_shows_on_a_dark_page(path):
    picture = ET.parse(path).getroot()
    x, y, width, height = picture.get("viewBox").split()
    first = next(shape for shape in picture.iter() if shape.tag.endswith("}rect"))
    assert (first.get("x", "0"), first.get("y", "0")) == (x, y)
    assert (first.get("width"), first.get("height"), first.get("fill")) == (width, height, "#ffffff")
