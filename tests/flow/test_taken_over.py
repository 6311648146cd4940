"""A mail that takes over the program that reads it: the real children in their real cages, with a library in front of them
(tests/support/taken_over.c) that does what the mail says. Whatever it is, the child is stopped and replaced, nothing was
got, and the mail stands in the book."""
import os
import subprocess

import pytest

from daemon import ROOT
from desk import Desk
from mail import OFFICE_ADDRESS, compose
from process import await_that
from servers import Town

BUILD = "build/walls"  # without sanitizers, which the cage would kill (channels/confine/confine.h)
DEEDS = ["berkas", "sambung", "cabang", "memori", "putar"]  # open a file, dial, fork, exhaust memory, loop
# A mailbox child that makes no progress is given 30 s, and each session after a failure waits longer.
PATIENCE_S = 180


@pytest.fixture(scope="module")
def children(tmp_path_factory):
    """make(program, times) -> (folder for PENGADUAND_LIBEXEC, path of the counts)."""
    programs = [f"{BUILD}/libexec/parser", f"{BUILD}/libexec/mailbox"]
    subprocess.run(["make", "-s", f"BUILD={BUILD}", "SANITIZE=", *programs], cwd=ROOT, check=True,
                   env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")})
    library = tmp_path_factory.mktemp("pustaka") / "taken_over.so"
    subprocess.run([os.environ.get("CC", "cc"), "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-shared", "-fPIC", "-o", library,
                    "tests/support/taken_over.c"], cwd=ROOT, check=True)

    def make(taken, times):
        folder = tmp_path_factory.mktemp("libexec")
        counts = folder / "counts"
        counts.write_bytes(bytes(4096))
        for program in ("parser", "mailbox"):
            preload = (f"LD_PRELOAD={library} TAKEN_OVER_PROGRAM={program} TAKEN_OVER_COUNTS={counts} "
                       f"TAKEN_OVER_TIMES={times} ") if program == taken else ""
            (folder / program).write_text(f'#!/bin/sh\n{preload}exec {ROOT / BUILD}/libexec/{program} "$@"\n')
            (folder / program).chmod(0o755)
        return folder, counts

    return make


class Office:
    """An office whose one child is taken over."""

    def __init__(self, children, program, times=1):
        folder, self._counts = children(program, times)
        self.program = program
        self.town = Town(mqtt=False, whatsapp=False)
        self.daemon = self.town.daemon()
        environment = self.daemon.environment
        self.daemon.environment = lambda: {**environment(), "PENGADUAND_LIBEXEC": str(folder)}
        self.daemon.init()
        self.desk = Desk(self.daemon).hire()
        self.daemon.start()

    def wait_child(self, other_than=None):
        def look():
            pid = self.daemon.children().get(self.program)
            return pid if pid != other_than else None
        return await_that(look, PATIENCE_S, f"anak {self.program} berjalan")

    def tried(self, deed):
        return self._counts.read_bytes()[2 * DEEDS.index(deed)]

    def worked(self, deed):
        return self._counts.read_bytes()[2 * DEEDS.index(deed) + 1]

    def send(self, deed, words):
        self.town.send(compose("siti@warga.example", OFFICE_ADDRESS, f"Aduan {words}",
                               f"TINGKAH {self.program}:{deed}\n\nLampu {words} padam.\n", name="Siti Rohmah"))

    def wait_text(self, words):
        def look():
            return self.daemon.book_query("SELECT count(*) FROM message WHERE text LIKE ?", f"%Lampu {words} padam%")[0][0]
        return await_that(look, PATIENCE_S, f"aduan tentang {words} di buku")

    def close(self):
        try:
            self.daemon.stop()
            assert self.daemon.must("verify")
        finally:
            self.town.close()


@pytest.fixture(params=["parser", "mailbox"])
def office(request, children):
    made = Office(children, request.param)
    yield made
    made.close()


def test_a_child_that_is_taken_over_gets_nothing_is_replaced_and_the_mail_gets_in(office):
    for deed in DEEDS:
        before = office.daemon.children().get(office.program)
        office.send(deed, deed)
        assert office.wait_text(deed) == 1
        assert (office.tried(deed), office.worked(deed)) == (1, 0), deed
        assert office.wait_child(other_than=before) != before, deed
    # Every one of them is one complaint, or a further word to it; none is there twice.
    assert office.daemon.book_query("SELECT count(*) FROM message WHERE purpose IN ('aduan', 'tambahan')")[0][0] == len(DEEDS)


def test_a_mail_that_takes_over_the_parser_each_time_is_entered_to_be_read_by_a_person(children):
    office = Office(children, "parser", times=99)
    office.send("sambung", "mawar")
    office.town.send(compose("budi@warga.example", OFFICE_ADDRESS, "Jalan", "Jalan Kenanga berlubang.\n", name="Budi"))
    office.daemon.wait_log(r"parser\.died")
    await_that(lambda: len(office.desk.numbers()) == 2, PATIENCE_S, "kedua aduan di buku")
    assert (office.tried("sambung"), office.worked("sambung")) == (2, 0)
    unread = office.daemon.book_query("SELECT must_read FROM message WHERE purpose = 'aduan' AND must_read IS NOT NULL")
    assert len(unread) == 1
    office.close()
