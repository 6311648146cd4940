"""Starting and stopping with a failing call: a choice of them; `make check-fault` takes more."""
import pytest

from start import Starts

CHOICE = [("start", "open", 3), ("start", "read", 7), ("start", "task", 1), ("start", "sqlite", 61), ("start", "alloc", 1201),
          ("start", "name", 1), ("start", "socket", 1), ("stop", "write", 7), ("stop", "sync", 1), ("stop", "alloc", 3)]


@pytest.fixture(scope="module")
def starts(town):
    return Starts(town)


@pytest.mark.parametrize("act, kind, stride", CHOICE)
def test_start_and_stop_bear_a_failing_call(starts, act, kind, stride):
    faults, bad = starts.sweep(act, kind, stride)
    assert not bad, "\n".join(f"{act} {kind} {number}: {text}" for number, wrong in bad.items() for text in wrong)
    assert faults
