"""`backbutton doctor`: finds what commonly goes wrong on a Raspberry Pi, and says how to fix each fault.

Knows files, services and processes. It only looks: it requests no GPIO line, and the one file it may change, if the
user agrees, is config.txt. Gathering facts (from a `Machine`), judging them (facts to findings) and printing are kept
apart, so that every judgement can be tested without a Pi. It knows nothing of runs, frames and the controller's core.
"""
