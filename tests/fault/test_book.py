"""Inside one process: every failing call of the book is LATER and nothing is lost; done again, the book is as it should be.

A choice of the calls; `make check-fault` fails each of them."""
import pytest

from book import book_story

# kind -> (every so many calls, so many in a row)
CHOICE = [("sync", 2, 1), ("name", 2, 1), ("open", 2, 1), ("read", 13, 1), ("write", 61, 1), ("sqlite", 127, 1),
          ("alloc", 1009, 1), ("alloc", 2003, 30), ("write", 131, 10)]


@pytest.mark.parametrize("kind, stride, row", CHOICE)
def test_a_failing_call_is_told_as_later_and_changes_nothing(kind, stride, row):
    faults, wrong, said = book_story(kind, stride, row)
    assert not wrong, said
    assert faults > 5
