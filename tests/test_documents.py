from pathlib import Path

import pytest

from docs import generate

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", generate.DOCUMENTS)
def test_a_generated_document_is_current(name):
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written == generate.DOCUMENTS[name](), f"{name} is stale; run: make docs"
