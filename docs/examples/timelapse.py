#!/usr/bin/env python3
"""Take a run of frames over a serial port: python3 timelapse.py /dev/ttyACM0 5s 300

This takes a frame every five seconds, 300 in all. Dial focus in on the box first. Ctrl-C finishes the frame and ends
the run. It needs pyserial; ../console.md lists the commands of the box.
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
        """Switch to line mode; once the version arrives, all older output has been read."""
        self.port.write(b"plain\nplain\nversion\n")
        while not self.read().startswith("ok backbutton"):
            pass

    def read(self):
        """Return the next line; end the script if none arrives."""
        return self.poll() or sys.exit("the box does not answer")

    def poll(self):
        """Return the next line, or "" if none arrives within 5 s."""
        return self.port.readline().decode(errors="replace").rstrip("\r\n")

    def ask(self, command):
        """Send a command; return its output lines and the sentence after ok. An error ends the script."""
        self.port.write(f"{command}\n".encode())
        output = []
        while True:
            line = self.read()
            if line.startswith("*"):  # an event
                print(line)
            elif line.startswith(" "):
                output.append(line)
            elif line.startswith("ok"):
                return output, line[3:]
            elif line.startswith("error"):
                sys.exit(f"{command}: {line}")

    def ask_json(self, command):
        """Send a command; return its reply as a Python object."""
        (line,), _ = self.ask(f"{command} --json")
        return json.loads(line)


def follow(box):
    """Print the events until the run has ended, then the state of the box."""
    while box.ask_json("status")["run"] is not None:
        line = box.poll()
        if line:
            print(line, flush=True)
    print(box.ask("status")[1])


def main(port, every, count):
    """Take `count` frames, one every `every`."""
    box = Box(port)
    if box.ask_json("version")["protocol"] != 1:
        print("the box speaks another version of the protocol than this script; check its answers")
    if box.ask_json("status")["focus"] != "DIALLED_IN":
        sys.exit("focus is not dialled in: hold back while you focus, let go, and start this again")
    box.ask(f"set interval.every {every}")
    box.ask(f"set interval.count {count}")
    print(box.ask("start")[1])
    try:
        follow(box)
    except KeyboardInterrupt:
        box.catch_up()  # an answer may be incomplete
        print(box.ask("stop")[1])
        follow(box)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
