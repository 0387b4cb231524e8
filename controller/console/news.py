"""What a console tells of events. Pure."""

from collections.abc import Iterable

from controller.console import report
from controller.console.report import Reply


def sentences(events: Iterable[Reply], known: str = "") -> list[str]:
    """A sentence for each event, but for what `known`, an answer, has said already."""
    told = [report.event(event) for event in events if not known or event.get("reason") != known]
    return [sentence for sentence in told if not known or sentence != known]
