"""A minimal terminal emulator: the xterm controls that readline and `watch` use; any other control is an error."""

import re

_CONTROL = re.compile(r"\x1b\[(\??)(\d*)([A-Za-z@])|[\r\n\b\a]|[^\x00-\x1f\x7f]")
_MODES = ("1034", "2004")  # a meta key, bracketed paste: nothing to see


class FakeTerminal:
    """Interprets terminal output. `lines` are all lines to the last visible one, with those that have scrolled away."""

    def __init__(self, text="", columns=80, rows=24):
        self.columns, self.height = columns, rows
        self.rows = [[]]
        self.row = self.column = 0
        self.feed(text)

    @property
    def lines(self):
        return "\n".join("".join(row).rstrip() for row in self.rows).rstrip("\n").split("\n")

    @property
    def top(self):
        return max(0, len(self.rows) - self.height)

    def feed(self, text):
        place = 0
        while place < len(text):
            match = _CONTROL.match(text, place)
            assert match, f"not known here: {text[place : place + 20]!r}"
            place = match.end()
            if match[3] is None:
                self.put(match[0])
            elif match[1]:
                assert match[2] in _MODES, match[0]
            else:
                self.control(match[3], int(match[2] or 0))

    def put(self, char):
        match char:
            case "\r":
                self.column = 0
            case "\n":
                self.go_down()
            case "\b":
                self.column = max(0, self.column - 1)
            case "\a":
                pass
            case _:
                if self.column == self.columns:  # only now: a terminal wraps with the next character
                    self.column = 0
                    self.go_down()
                row = self.cells()
                row[self.column : self.column + 1] = char
                self.column += 1

    def control(self, name, number):
        row = self.cells()
        match name:
            case "A":
                self.row = max(self.top, self.row - (number or 1))
            case "C":
                self.column = min(self.columns - 1, self.column + (number or 1))
            case "D":
                self.column = max(0, self.column - (number or 1))
            case "K":
                assert self.column < self.columns, "erasing in the last column takes what stands there"
                del row[self.column :]
            case "J":
                del row[self.column :]
                self.rows[self.row + 1 :] = [[] for _ in self.rows[self.row + 1 :]]
            case "P":
                del row[self.column : self.column + (number or 1)]
            case "@":
                row[self.column : self.column] = " " * (number or 1)
            case _:
                raise AssertionError(f"not known here: {name}")

    def cells(self):
        """Return the cursor's row, padded to the cursor."""
        row = self.rows[self.row]
        row += " " * (self.column - len(row))
        return row

    def go_down(self):
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append([])
