"""The journal of runs: what was planned, what the contacts did, what became of each frame. Knows no state machine."""
