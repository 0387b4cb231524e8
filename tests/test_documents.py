import importlib
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # docs/ is installed nowhere; last, so that it hides nothing
generate = importlib.import_module("docs.generate")


@pytest.mark.parametrize("name", generate.DOCUMENTS)
def test_a_generated_document_is_current(name):
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written == generate.DOCUMENTS[name](), f"{name} is stale; run: make docs"
