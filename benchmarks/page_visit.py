"""What a browser's first visit to the page costs over the air: each file that the page loads, as the server sends it.

The files are found as a browser finds them: from the first page by its links and scripts, from a script by what it
imports, from a style sheet by its addresses. What a box in the field is never asked for unless somebody opens it does
not count.
"""

import gzip
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from benchmarks.page_wire import Answer, Connection

_FIRST = "/"
# Fetched only on a virtual bench, in a run of bulbs, or when somebody opens it (browser tests look at all of them).
_LATER = tuple(f"/static/views/{name}.js" for name in ("bench", "by_hand", "camera", "prove"))
_COMMENTS = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.DOTALL | re.MULTILINE)
_REFERENCES = {
    "text/html": re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="([^"#]+)"'),
    "text/javascript": re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']"""),
    "text/css": re.compile(r"""url\(\s*["']?([^"')#]+)"""),
}


@dataclass(frozen=True, slots=True)
class Visit:
    """A first visit: what was asked for, and what it took."""

    answers: dict[str, Answer]

    @property
    def requests(self) -> int:
        """How many requests there were."""
        return len(self.answers)

    @property
    def body_bytes(self) -> int:
        """The files, as they were sent."""
        return sum(len(answer.body) for answer in self.answers.values())

    @property
    def received_bytes(self) -> int:
        """The files and the heads of all answers."""
        return sum(answer.came for answer in self.answers.values())

    @property
    def sent_bytes(self) -> int:
        """The requests."""
        return sum(answer.asked for answer in self.answers.values())


def visit(port: int) -> Visit:
    """Load the page from the server at `port`; ValueError if a file that the page names is not there."""
    answers: dict[str, Answer] = {}
    waiting = deque([_FIRST])
    with Connection(port) as connection:
        while waiting:
            path = waiting.popleft()
            if path in answers or path in _LATER:
                continue
            answer = answers[path] = connection.get(path)
            if answer.status != 200:  # noqa: PLR2004 - a status of HTTP
                raise ValueError(f"{path} is answered with {answer.status}")
            waiting.extend(urljoin(path, reference) for reference in references(answer))
    return Visit(answers)


def references(answer: Answer) -> Iterator[str]:
    """Yield what a file names: files that the browser loads next."""
    heads = dict(line.lower().split(": ", 1) for line in answer.head.decode("latin-1").splitlines() if ": " in line)
    pattern = _REFERENCES.get(heads.get("content-type", "").partition(";")[0])
    if pattern is None:
        return
    body = gzip.decompress(answer.body) if heads.get("content-encoding") == "gzip" else answer.body
    for reference in pattern.findall(_COMMENTS.sub("", body.decode())):
        if not reference.startswith(("data:", "http:", "https:")):
            yield reference
