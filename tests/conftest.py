import signal

import pytest
from booked import close_journals
from hypothesis import settings

# The same examples every time, and no stopwatch: a slow machine is no fault.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.load_profile("steady")

# A shell that runs this in the background has children ignore SIGINT, and some of them are sent one here.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def closed_journals():
    """Close the journals in memory that a test has opened."""
    yield
    close_journals()


def pytest_sessionstart(session):
    """Print the random seed, also with -q."""
    seed = getattr(session.config.option, "randomly_seed", None)
    if seed is not None:
        repeat = f".venv/bin/python -m pytest --randomly-seed={seed}"
        session.config.get_terminal_writer().line(f"random seed {seed}; to repeat this run: {repeat}")


def pytest_collection_modifyitems(items):
    """Begin with the browser's files, which take the longest, so that no processor waits for one at the end."""
    items.sort(key=lambda item: "chromium" not in item.path.parts)
