"""What the daemon does about errors that asyncio reports."""

import errno
import logging

import pytest

from controller.daemon.faults import FaultHandler

ERRORS = [OSError(errno.EMFILE, "too many"), OSError(errno.ENFILE, "too many")]


class Loop:
    """An event loop as far as the handler asks it."""

    now_s = 1000.0

    def time(self):
        return self.now_s

    def default_exception_handler(self, context):
        pytest.fail(f"reported: {context}")


@pytest.fixture
def take():
    """Give a handler what asyncio reports; it has no box, as none of this concerns one."""
    handler, loop = FaultHandler(None, None), Loop()

    def take(error, message="", after_s=0.0):
        loop.now_s += after_s
        handler.take_from_asyncio(loop, {"exception": error, "message": message})

    return take


@pytest.mark.parametrize("error", ERRORS)
def test_running_out_of_files_is_one_line_a_minute(take, caplog, error):
    with caplog.at_level(logging.WARNING):
        for after_s in (0, 0, 59, 1, 0):
            take(error, "socket.accept() out of system resource", after_s)
    assert len(caplog.records) == 2
    assert caplog.records[0].exc_info is None
    assert "no client can connect" in caplog.text


def test_a_server_that_is_closed_before_asyncio_accepts_again_is_no_fault(take, caplog):
    take(ValueError("Invalid file descriptor: -1"), "Exception in callback BaseSelectorEventLoop._start_serving(...)")
    assert caplog.records == []
