import pytest
from page.screens import CHROMIUM, NAME, Phone, table_with

try:
    from playwright.sync_api import sync_playwright
except ImportError:
    sync_playwright = None


@pytest.fixture(scope="module")
def chromium():
    """Debian's chromium, without a window; ends with the module, because Playwright keeps an event loop running."""
    if sync_playwright is None:
        pytest.skip("the page is not tried in a browser: Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("the page is not tried in a browser: there is no chromium; sudo apt install chromium")
    with sync_playwright() as playwright:
        switches = ["--no-sandbox", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=switches)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def module_table(chromium, tmp_path_factory):
    with table_with(tmp_path_factory.mktemp("box"), "--camera", "D850") as table:
        yield table


@pytest.fixture
def table(module_table):
    """A box with a D850 on back-button focus, and its page; at rest."""
    module_table.rest()
    return module_table


@pytest.fixture
def open_phone(chromium):
    """Return a function that opens the page of a table on a phone."""
    phones = []

    def opened(table, **looks):
        phones.append(Phone(chromium, table, **looks))
        return phones[-1]

    yield opened
    for phone in phones:
        phone.close()


@pytest.fixture(scope="module")
def module_phone(chromium, module_table):
    phone = Phone(chromium, module_table, night=False)
    yield phone
    phone.context.close()


@pytest.fixture
def phone(module_phone, table):
    """A paired phone, by day; as new, but for the files of the page that it has already."""
    yield module_phone.as_new().pair()
    module_phone.assert_no_errors()
