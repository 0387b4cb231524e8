"""What the walk of a proof shows: a question, what the answers say so far, and what comes of them.

Knows the shape of the replies of `proof` and its methods; decides nothing.
"""

from collections.abc import Iterable
from typing import Any

from controller.cameras.setup_guide import paragraph
from controller.console.prove.answers import choices
from controller.console.report import two_columns

Reply = dict[str, Any]

INTRO = """\
A proof shows what your camera really does: you set it as each question says, the box closes its contacts for a
moment, and you say what you saw. About twenty questions, ten minutes. Needed: the camera on a tripod with its picture
review on, a card with room for 100 pictures, and a lens that can focus here. Nothing is closed before you press
Enter."""
HINT = """\
? is "I don't know", b goes back, q leaves it for later; Ctrl-C opens the contacts at once. parts lists what
can be asked alone, or again."""
LEFT = "the answers are kept, and used only once you finish; prove goes on with them"
FORGOTTEN = "the proof is forgotten; the box goes by what it went by before"
WAS_CUT = "The press was cut, so it does not count."
_OPEN = "it is not proven"  # so begins what is not known yet, which is no news
_COUNT_LATE = "Wait until nothing more comes before you count: a self-timer takes 10 s."


def question(reply: Reply) -> list[str]:
    """Return what to set, what will be closed, and what to look for."""
    asked = reply["question"]
    head = f"Question {reply['number']}: {reply['text'].partition(';')[0]}"
    items = [*asked["set"], asked["closes"], *looks_for(asked)]
    return [head, *(line for item in items for line in paragraph(item, "-"))]


def looks_for(asked: Reply) -> list[str]:
    """Return what will be asked about a press, before it begins."""
    texts = " ".join(asked["looks_for"])
    if not asked["asks"]:
        return [texts]
    counts = asked["closes_contacts"] and asked["asks"][0]["most"] is not None
    return [f"Then: {texts}{f' {_COUNT_LATE}' if counts else ''}"]


def ask(row: Reply) -> str:
    """Return one question about a press, with its answers."""
    most = "" if row["most"] is None else f" ({row['most']} is {row['most']} or more)"
    return f"{row['text']}{most}"


def prompt(row: Reply) -> str:
    """Return the prompt for one answer."""
    return f"{choices(row)}> "


def closing(seconds: int) -> str:
    """Return that the contacts are being closed, and for how long."""
    return f"The box closes its contacts now; all is open again in {seconds} s."


def news(before: Reply, now: Reply) -> list[str]:
    """Return what the last answer has added: conclusions and contradictions."""
    new = [each for each in now["said"] if each not in before["said"] and not each.lower().startswith(_OPEN)]
    doubts = [sentence for sentence in now["contradictions"] if sentence not in before["contradictions"]]
    return [*_marked("So far:", new), *_marked("This contradicts:", doubts)]


def over(reply: Reply) -> list[str]:
    """Return what all answers say, and what contradicts."""
    nothing = [] if reply["said"] else ["The answers prove nothing."]
    return [*nothing, *_marked("The answers say:", reply["said"]), *contradictions(reply)]


def parts(reply: Reply) -> list[str]:
    """Return the parts of a proof, and how to ask one alone or again."""
    rows = [(each["name"], f"{each['text']}: {_answers(each['answers'])}") for each in reply["parts"]]
    now = "all are asked" if reply["part"] == "all" else f"only {reply['part']} is asked"
    how = "part NAME asks one alone, redo NAME asks it again from the start, part all asks all"
    return [f"The parts ({now}):", *two_columns(rows), *paragraph(f"{how}.")]


def _answers(count: int) -> str:
    return {0: "not asked yet", 1: "1 answer"}.get(count, f"{count} answers")


def contradictions(reply: Reply) -> list[str]:
    """Return which answers contradict each other."""
    return _marked("What contradicts, and so changes nothing:", reply["contradictions"])


def outcome(reply: Reply) -> list[str]:
    """Return what is taken into the profile, and what is not."""
    taken: list[tuple[str, str]] = []
    left: list[tuple[str, str]] = []
    for row in reply["judged"]:
        is_same = row["value"] == row["before"]
        change = f"{row['value']}, as before" if is_same else f"{row['value']}, before {row['before']}"
        (taken if row["is_taken"] else left).append((row["key"], f"{change}: {row['how']}"))
    return [
        *_table("Proven, and used from now on:", taken),
        *_table("Seen, but not enough to be used:", left),
        *_stated(reply["states"]),
    ]


def _stated(states: list[Reply]) -> list[str]:
    """Return what was found of the set-up, for the owner to state."""
    lines = [f"  set {each['key']} {each['value']}" for each in states]
    return ["Found of the set-up, and yours to state:", *lines, "  save"] if lines else []


def _marked(head: str, sentences: Iterable[str]) -> list[str]:
    lines = [
        line for sentence in dict.fromkeys(sentences) for line in paragraph(sentence[:1].upper() + sentence[1:], "-")
    ]
    return [head, *lines] if lines else []


def _table(head: str, rows: list[tuple[str, str]]) -> list[str]:
    return [head, *two_columns(rows)] if rows else []
