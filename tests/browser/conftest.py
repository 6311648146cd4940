import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from browser import Browser  # noqa: E402
from daemon import Daemon  # noqa: E402
from process import free_port  # noqa: E402


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An office without mailbox and gateway: answers are seen on the tracking page."""
    daemon = Daemon(tmp_path_factory.mktemp("kantor"))
    daemon.site_port = free_port()  # where the office's older site is, which may hold the form in a frame
    daemon.sections["server"]["frame_origins"] = f"http://localhost:{daemon.site_port}"
    daemon.init()
    try:
        daemon.start()
        yield daemon
        daemon.stop()
    finally:
        daemon.kill()


@pytest.fixture(scope="module", params=[360, 1366], ids=["ponsel", "meja"])
def chromium(request, office):
    """A small phone and the office's screen."""
    with Browser(office.base, request.param) as made:
        yield made


@pytest.fixture()
def browser(chromium):
    """The same, with nothing left of whoever had it before."""
    return chromium.anew()
