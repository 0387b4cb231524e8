import ast
import re
from pathlib import Path

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
    places = (ROOT, ROOT / "hardware", ROOT / "controller", ROOT / "controller/core", ROOT / "controller/console")
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
