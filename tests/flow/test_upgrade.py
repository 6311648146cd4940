"""Books that older versions wrote: opened by this one, brought up to date, whole, and every complaint readable."""
import json
import shutil
from pathlib import Path

import pytest

from desk import Desk
from servers import Town

BOOKS = sorted((Path(__file__).resolve().parents[1] / "data" / "books").glob("*.db"))
SCHEMA = Path(__file__).resolve().parents[2] / "daemon" / "book" / "schema"


def test_every_schema_but_the_newest_has_its_kept_book():
    """Before the next step is added, tests/support/make_book.py keeps a book of the newest one."""
    steps = sorted(path.name[:3] for path in SCHEMA.glob("*.sql"))
    assert BOOKS and [path.stem for path in BOOKS] in (steps, steps[:-1])


@pytest.mark.parametrize("book", BOOKS, ids=[path.stem for path in BOOKS])
def test_old_book_is_read_and_written_by_this_version(book):
    told = json.loads(book.with_suffix(".json").read_text())
    with Town(mail=False, mqtt=False, whatsapp=False) as town:
        office = town.daemon()
        office.data.mkdir(mode=0o700)
        shutil.copyfile(book, office.data / "buku.db")
        office.must("verify")
        office.start()
        desk = Desk(office)
        for one in told:
            desk.complaint("petugas", one["number"]).must(one["text"])
            desk.track(one["code"]).must(one["number"])
        answered = [one for one in told if "answer" in one]
        assert answered and all(desk.track(one["code"]).must(one["answer"]) for one in answered)
        found = desk.session("petugas").get("/buku?q=berlubang").must(told[1]["number"])
        assert told[0]["number"] not in found.text
        desk.forward(told[1]["number"])
        office.stop()
        office.must("verify")
