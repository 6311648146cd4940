import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from servers import Town  # noqa: E402


@pytest.fixture(scope="module")
def town():
    """One set of real servers for a whole file of tests."""
    with Town() as made:
        yield made
