"""Writes the kept book of a schema, before a change of it is released: make_book.py 001 (after `make`).

tests/data/books/NNN.db is the small book that tests/flow/test_upgrade.py opens with every later version;
NNN.json is what must be read in it. A kept book is never written again.
"""
import json
import shutil
import sys
from pathlib import Path

from desk import Desk, code_in, number_in
from servers import Town

BOOKS = Path(__file__).resolve().parents[1] / "data" / "books"
ANSWER = "Lampu sudah menyala kembali."


def make(name):
    with Town(mail=False, mqtt=False, whatsapp=False) as town:
        office = town.daemon()
        office.init()
        desk = Desk(office).hire()
        office.start()
        told = []
        for text in ("Lampu jalan mati di Gang Melati.", "Jalan depan pasar berlubang.", "Mohon bangku di ruang tunggu."):
            page = desk.complain_on_website(text, files=[("bukti.txt", "text/plain", text.encode())])
            told.append({"number": number_in(page.text), "code": code_in(page.text), "text": text})
        desk.walk(told[0]["number"], "Ganti lampu", "Lampu diganti.", ANSWER)
        told[0]["answer"] = ANSWER
        desk.verify(told[1]["number"])
        office.stop()
        BOOKS.mkdir(exist_ok=True)
        if (BOOKS / f"{name}.db").exists():
            raise SystemExit(f"{name}.db is kept already: never written again")
        shutil.copyfile(office.data / "buku.db", BOOKS / f"{name}.db")
        (BOOKS / f"{name}.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    make(sys.argv[1])
