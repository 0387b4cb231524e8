import pytest
from page.browser import Browser, box_and_page


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A box and the page's server, for all tests of a module."""
    with box_and_page(tmp_path_factory.mktemp("box")) as page:
        yield page


@pytest.fixture
def stranger(server):
    return Browser(server)


@pytest.fixture
def phone(server):
    """A browser that is paired."""
    return Browser(server).pair()
