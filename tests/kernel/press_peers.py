"""Programs to compare our daemon with: `press_peers.py bare|lgpio|buttons`. Prints "ready" and runs until killed.

`bare` is the least code from a button to a line in Python, `lgpio` is what most scripts do; `buttons` has three gpiozero
buttons that nobody presses.
"""

import signal
import sys

BUTTON, LINE = 6, 27
BUTTONS = (5, 6, 12)


def bare():
    import gpiod  # noqa: PLC0415 - each program imports only what it needs
    from gpiod.line import Bias, Direction, Edge, Value  # noqa: PLC0415

    pressed = gpiod.EdgeEvent.Type.FALLING_EDGE
    button = gpiod.LineSettings(direction=Direction.INPUT, bias=Bias.PULL_UP, edge_detection=Edge.BOTH)
    line = gpiod.LineSettings(direction=Direction.OUTPUT)
    with gpiod.request_lines("/dev/gpiochip0", consumer="bare", config={BUTTON: button, LINE: line}) as request:
        print("ready", flush=True)
        while True:
            for event in request.read_edge_events():
                request.set_value(LINE, Value.ACTIVE if event.event_type is pressed else Value.INACTIVE)


def lgpio():
    from gpiozero import LED, Button  # noqa: PLC0415
    from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415

    factory = LGPIOFactory()
    button, line = Button(BUTTON, bounce_time=None, pin_factory=factory), LED(LINE, pin_factory=factory)
    button.when_pressed, button.when_released = line.on, line.off
    print("ready", flush=True)
    signal.pause()


def buttons():
    from gpiozero import Button  # noqa: PLC0415
    from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415

    factory = LGPIOFactory()
    claimed = [Button(pin, pin_factory=factory) for pin in BUTTONS]
    print("ready", flush=True)
    signal.pause()
    del claimed


if __name__ == "__main__":
    {"bare": bare, "lgpio": lgpio, "buttons": buttons}[sys.argv[1]]()
