import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


@pytest.mark.parametrize("name", generate.DOCUMENTS)
def test_a_generated_document_is_current(name):
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written == generate.DOCUMENTS[name](), f"{name} is stale; run: make docs"
