import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from servers import Town  # noqa: E402


@pytest.fixture(scope="module")
def town():
    with Town() as made:
        yield made
