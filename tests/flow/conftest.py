import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from desk import Desk  # noqa: E402
from servers import Town  # noqa: E402


@pytest.fixture(scope="module")
def town():
    """One set of real servers for a whole file of tests."""
    with Town() as made:
        yield made


@pytest.fixture(scope="module")
def desk(town):
    """A running office with everybody hired. At the end it must leave with 0 and an unbroken history."""
    office = town.daemon()
    office.init()
    made = Desk(office).hire()
    office.start()
    yield made
    office.stop()
    office.must("verify")


@pytest.fixture()
def office(desk):
    return desk.daemon
