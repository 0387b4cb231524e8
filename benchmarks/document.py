"""Writes sections of docs/benchmarks.md, each between its marks; the text around them is written by hand."""

from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
DOCUMENT = DOCS / "benchmarks.md"


def with_section(name: str, body: str, document: Path = DOCUMENT) -> str:
    """Return the document with `body` as that section; raises ValueError if its marks are missing."""
    begin, end = f"<!-- {name}: written by `make bench` -->", f"<!-- end of {name} -->"
    before, after_begin = document.read_text(encoding="utf-8").split(begin)
    _, after = after_begin.split(end)
    return f"{before}{begin}\n{body}\n{end}{after}"


def write_section(name: str, body: str, document: Path = DOCUMENT) -> None:
    """Write the document with `body` as that section; raises ValueError if its marks are missing."""
    document.write_text(with_section(name, body, document), encoding="utf-8")
