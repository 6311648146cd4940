"""Inside one process: every failing call of the book is LATER and nothing is lost; done again, the book is as it should be.

A choice of the calls; `make check-fault` fails each of them."""
import pytest

from book import book_story

# kind -> (every so many calls, so many in a row)
CHOICE = [("sync", 1, 1), ("name", 1, 1), ("open", 1, 1), ("read", 7, 1), ("write", 29, 1), ("sqlite", 37, 1),
          ("alloc", 307, 1), ("alloc", 701, 30), ("write", 61, 10)]


@pytest.mark.parametrize("kind, stride, row", CHOICE)
def test_a_failing_call_is_told_as_later_and_changes_nothing(kind, stride, row):
    faults, wrong, said = book_story(kind, stride, row)
    assert not wrong, said
    assert faults > 5
