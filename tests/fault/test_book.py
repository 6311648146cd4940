"""Inside one process: every failing call of the book is LATER and nothing is lost; done again, the book is as it should be.

A choice of the calls; `make check-fault` fails each of them."""
import pytest

from book import story

# kind -> (every so many calls, so many in a row)
CHOICE = [("sync", 2, 1), ("name", 2, 1), ("open", 2, 1), ("read", 29, 1), ("write", 149, 1), ("sqlite", 421, 1),
          ("alloc", 4201, 1), ("alloc", 6007, 30), ("write", 257, 10)]


@pytest.mark.parametrize("kind, stride, row", CHOICE)
def test_a_failing_call_is_told_as_later_and_changes_nothing(kind, stride, row):
    faults, wrong, said = story("book_story", kind, stride, row)
    assert not wrong, said
    assert faults > 5


INDEX = [("alloc", 5, 1), ("alloc", 13, 30), ("read", 1, 1), ("read", 3, 20), ("write", 1, 1), ("sync", 1, 1), ("sqlite", 1, 1)]


@pytest.mark.parametrize("kind, stride, row", INDEX)
def test_the_full_text_is_what_the_messages_say_after_a_failing_call(kind, stride, row):
    faults, wrong, said = story("index_story", kind, stride, row)
    assert not wrong, said
    assert faults
