#!/usr/bin/env python3
"""Takes a run of frames over a serial port: python3 timelapse.py /dev/ttyACM0 5s 300

That is a frame every five seconds, 300 in all. Dial focus in on the box first. Ctrl-C finishes the frame and ends the
run. It needs pyserial; what the box understands stands in ../console.md.
"""

import json
import sys

import serial


class Box:
    """A box at a serial port, in line mode."""

    def __init__(self, port):
        self.port = serial.Serial(port, 115200, timeout=5)
        self.catch_up()

    def catch_up(self):
        """Go to line mode from wherever the line was; once the version is told, all that is old has been read."""
        self.port.write(b"plain\nplain\nversion\n")
        while not self.read().startswith("ok backbutton"):
            pass

    def read(self):
        """The next line; the end of the script if none comes."""
        return self.heard() or sys.exit("the box does not answer")

    def heard(self):
        """The next line, or nothing if none comes for a while."""
        return self.port.readline().decode(errors="replace").rstrip("\r\n")

    def ask(self, command):
        """Send a command; what it puts out, and what is said after ok. An error ends the script."""
        self.port.write(f"{command}\n".encode())
        output = []
        while True:
            line = self.read()
            if line.startswith("*"):  # not asked for
                print(line)
            elif line.startswith(" "):
                output.append(line)
            elif line.startswith("ok"):
                return output, line[3:]
            elif line.startswith("error"):
                sys.exit(f"{command}: {line}")

    def asked(self, command):
        """Send a command; its reply as Python has it."""
        (line,), _ = self.ask(f"{command} --json")
        return json.loads(line)


def follow(box):
    """Print what the box tells until the run is over, and how things are then."""
    while box.asked("status")["run"] is not None:
        line = box.heard()
        if line:
            print(line, flush=True)
    print(box.ask("status")[1])


def main(port, every, count):
    """Take `count` frames, one `every` so often."""
    box = Box(port)
    if box.asked("version")["protocol"] != 1:
        print("the box speaks a newer protocol than this script; look at its answers with care")
    if box.asked("status")["focus"] != "DIALLED_IN":
        sys.exit("focus is not dialled in: hold back while you focus, let go, and start this again")
    box.ask(f"set interval.every {every}")
    box.ask(f"set interval.count {count}")
    print(box.ask("start")[1])
    try:
        follow(box)
    except KeyboardInterrupt:
        box.catch_up()  # an answer may be half read
        print(box.ask("stop")[1])
        follow(box)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
