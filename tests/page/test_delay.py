import socket

import pytest

from controller.page.listening import listeners
from controller.page.protocol import bound


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_body_does_not_wait_until_its_head_is_acknowledged(host):
    [listener] = listeners(host, 0, {})
    with listener, socket.create_connection(listener.getsockname()[:2]):
        connected, _ = listener.accept()
        with connected:
            bound(connected)
            assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
