"""libexec/parser in its cage: what the sanitized build of the other tests cannot have (channels/confine/confine.h).

Builds the program once without sanitizers and speaks channels/parser/parser_protocol.h with it."""
import base64
import hashlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

import pytest

from papers import Sheet, pdf_text

ROOT = Path(__file__).resolve().parents[2]
BUILD = "build/walls"
MAIL, TYPE = 1, 2
PATIENCE_S = 20  # for a shared machine; the parser itself stops after 2 s of processor time

HEAD = b"From: a@x.example\r\nSubject: x\r\n"
TEXT = HEAD + b"Content-Type: text/plain; charset=%s\r\n\r\n%s"


class Died(Exception):
    pass


TEXTS = ("text", "reply")  # PARSER_TEXTS of channels/parser/parser_protocol.h


class Parser:
    """One serving process. A request that kills it raises Died with the signal."""

    def __init__(self, program):
        ours, theirs = socket.socketpair()
        self.process = subprocess.Popen([program, str(theirs.fileno())], pass_fds=[theirs.fileno()], cwd=ROOT,
                                        stderr=subprocess.PIPE)
        theirs.close()
        ours.settimeout(PATIENCE_S)
        self.socket = ours

    def _read(self, count):
        read = bytearray()
        while len(read) < count:
            piece = self.socket.recv(min(count - len(read), 1 << 20))
            if not piece:
                raise Died(-self.process.wait(PATIENCE_S))
            read += piece
        return bytes(read)

    def _write(self, frame):
        try:
            self.socket.sendall(frame)
        except OSError:
            pass  # the reader sees the death

    def ask(self, kind, body, number=1):
        writer = threading.Thread(target=self._write, args=(struct.pack("III", kind, number, len(body)) + body,))
        writer.start()
        try:
            answer, echoed, length = struct.unpack("III", self._read(12))
            assert (answer, echoed) == (kind + 100, number)
            return self._read(length)
        except ConnectionError as error:
            raise Died(-self.process.wait(PATIENCE_S)) from error
        finally:
            writer.join()

    def mail(self, raw):
        """(JSON, attachments)."""
        body = self.ask(MAIL, raw)
        at, parts = 0, []
        while at < len(body):
            size, = struct.unpack_from("I", body, at)
            parts.append(body[at + 4:at + 4 + size])
            at += 4 + size
        parsed = json.loads(parts[0])
        for name, text in zip(TEXTS, parts[1:]):
            assert parsed[name] == ""
            parsed[name] = text.decode()
        return parsed, parts[1 + len(TEXTS):]

    def close(self):
        self.socket.close()
        status = self.process.wait(PATIENCE_S)
        self.process.stderr.close()
        return status


def _built(folder, *settings, name="parser"):
    subprocess.run(["make", "-s", f"BUILD={folder}", "SANITIZE=", *settings, f"{folder}/libexec/{name}"], cwd=ROOT, check=True,
                   env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")})
    return str(ROOT / folder / "libexec" / name)


@pytest.fixture(scope="module")
def program():
    return _built(BUILD)


@pytest.fixture(scope="module")
def hasty(program):
    """The same with a hundredth of the time: no mail is known that needs the whole."""
    folder = ROOT / f"{BUILD}-hasty"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / BUILD, folder)  # with its times: all but what names the limit is up to date
    for source in (ROOT / "channels" / "parser" / "program").glob("*.c"):
        if "PARSER_TIME_PERCENT" in source.read_text():
            (folder / "parser-objects" / source.relative_to(ROOT)).with_suffix(".o").unlink()
    return _built(f"{BUILD}-hasty", "OPTIMISE=-O2 -g -DPARSER_TIME_PERCENT=1")


@pytest.fixture()
def parser(program):
    made = Parser(program)
    yield made
    made.socket.close()
    made.process.kill()
    made.process.wait()
    made.process.stderr.close()


def test_every_collected_mail_is_answered_by_one_process(parser):
    mails = [path for folder in ("mail-gem", "cpython-email", "mime4j", "flufl-bounce", "indonesia")
             for path in sorted((ROOT / "tests/data" / folder).rglob("*")) if path.is_file()]
    assert len(mails) > 500
    for path in mails:
        parsed, attachments = parser.mail(path.read_bytes())
        assert [a["sha256"] for a in parsed["attachments"]] == [hashlib.sha256(a).hexdigest() for a in attachments], path
    assert parser.close() == 0


def test_walls_are_up(parser):
    parser.mail(b"Subject: x\r\n\r\ny")
    status = Path(f"/proc/{parser.process.pid}/status").read_text()
    fields = dict(line.split(":", 1) for line in status.splitlines())
    assert fields["NoNewPrivs"].strip() == "1"
    assert fields["Seccomp"].strip() == "2"
    limits = Path(f"/proc/{parser.process.pid}/limits").read_text()
    assert "Max address space         805306368" in limits


def test_types_are_told_by_content(parser):
    assert parser.ask(TYPE, b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01") == b"image/jpeg"
    assert parser.ask(TYPE, b"MZ" + bytes(100)) != b"image/jpeg"
    assert parser.ask(TYPE, b"") != b""


def test_a_charset_that_was_not_loaded_does_not_kill(parser):
    parsed, _ = parser.mail(TEXT % (b"EBCDIC-US", b"caf\xe9"))
    assert parsed["text"] == "café"
    assert "charset" in parsed["defects"]
    parsed, _ = parser.mail(b"Subject: =?EBCDIC-AT-DE?Q?=C1?=\r\n\r\nx")
    assert parsed["text"] == "x"


PARAMETERS = b"; ".join(b"a%d=b" % i for i in range(200000))
HOSTILE = {
    "deep multiparts": HEAD + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (i, i)
                                       for i in range(20000)),
    "nested mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 50000,
    "a million parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 1000000,
    "a million parts in base64": HEAD + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                                 base64.encodebytes(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 1000000),
    "a header of a megabyte": HEAD + b"X: " + b"a" * 1000000 + b"\r\n\r\nx",
    "encoded words": b"Subject: " + b"=?utf-8?B?YWI=?= " * 60000 + b"\r\n\r\nx",
    "parameters": HEAD + b"Content-Type: text/plain; " + PARAMETERS + b"\r\n\r\nx",
    "parameters in a mail in base64": HEAD + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
                                      base64.encodebytes(b"Content-Type: text/plain; " + PARAMETERS + b"\r\n\r\nx"),
    "parameters of many parts": HEAD + b"Content-Type: multipart/mixed; boundary=q\r\n\r\n" +
                                (b"--q\r\nContent-Type: text/html; " + PARAMETERS[:480] + b"\r\n\r\nx\r\n") * 49000,
    "addresses": b"To: " + b"a <a@x.example>, " * 60000 + b"\r\n\r\nx",
    "comments in an address": b"To: " + b"(" * 1000000 + b"\r\n\r\nx",
    "header fields": b"X: y\r\n" * 100000 + b"\r\nx",
    "accents": TEXT % (b"utf-8", "é".encode() * 500000),
    "marks on one letter": TEXT % (b"utf-8", "e".encode() + "\u0301".encode() * 500000),
    "bad UTF-8": TEXT % (b"utf-8", b"\xff" * 1000000),
    "control characters": TEXT % (b"utf-8", b"\x01" * 1000000),
    "signature marks": TEXT % (b"utf-8", b"--\n\n" * 250000),
    "attributions": TEXT % (b"utf-8", b"wrote:\n" * 140000),
    "header blocks": TEXT % (b"utf-8", b"From: a\nx\nx\nDate: x\n" * 50000),
    "25 MB of text": TEXT % (b"utf-8", b"jalan rusak\n" * 2200000),
    "a file of 30 MB": HEAD + b"Content-Type: application/pdf\r\n\r\n" + b"x" * 30000000,
    "divs": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200000,
    "tables": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<table>" * 140000,
    "attributes": HEAD + b"Content-Type: text/html\r\n\r\n<a " + b"a=b " * 250000,
    "unclosed formatting": HEAD + b"Content-Type: text/html\r\n\r\n" +
                           b"".join(b"<font color=%d><p>x" % i for i in range(400)) + b"<p>x" * 200000,
    "random bytes": hashlib.shake_128(b"seed").digest(1000000),
    "nothing": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_mail_is_answered(parser, name):
    parsed, _ = parser.mail(HOSTILE[name])
    assert len(parsed) == 17  # parse-mail's, and "report" for the desk
    assert parser.close() == 0


def test_too_much_computing_kills_the_process_and_no_more(hasty):
    began = time.monotonic()
    slow = Parser(hasty)
    with pytest.raises(Died) as died:
        slow.mail(HOSTILE["25 MB of text"])
    assert died.value.args[0] == signal.SIGPROF
    assert time.monotonic() - began < PATIENCE_S
    slow.socket.close()
    slow.process.stderr.close()
    again = Parser(hasty)
    assert again.mail(b"Subject: x\r\n\r\ny")[0]["text"] == "y"
    assert again.close() == 0


def test_once_answers_whatever_the_bytes(program, hasty):
    for built, raw, defect in ((program, b"Subject: x\r\n\r\ny", None), (program, b"", "no-header"),
                               (hasty, HOSTILE["25 MB of text"], "unreadable")):
        ran = subprocess.run([built, "--once"], input=raw, stdout=subprocess.PIPE, timeout=PATIENCE_S, check=True)
        parsed = json.loads(ran.stdout)
        assert ran.stdout.count(b"\n") == 1
        assert len(parsed) == 16
        assert defect is None or defect in parsed["defects"]


def test_wrong_arguments_are_a_usage_error(program):
    for arguments in ([], ["x"], ["3", "4"], ["-1"]):
        assert subprocess.run([program, *arguments], stderr=subprocess.DEVNULL, timeout=PATIENCE_S).returncode == 64


@pytest.fixture(scope="module")
def walls(tmp_path_factory):
    """tests/support/walls.c: does one deed in the cage of a child."""
    built = str(tmp_path_factory.mktemp("walls") / "walls")
    subprocess.run([os.environ.get("CC", "cc"), "-std=gnu11", "-D_GNU_SOURCE", "-O1", "-I.", "-o", built,
                    "tests/support/walls.c", "channels/confine/confine.c", "daemon/base/fault.c", "-lseccomp"],
                   cwd=ROOT, check=True)
    return lambda cage, deed: subprocess.run([built, cage, deed], timeout=PATIENCE_S).returncode


KILLED, REFUSED = -signal.SIGSYS, 10


@pytest.mark.parametrize("cage, deed, end", [
    ("parser", "work", 0), ("parser", "open", REFUSED), ("parser", "memory", REFUSED),
    ("parser", "abort", -signal.SIGABRT), ("parser", "dial", KILLED), ("parser", "fork", KILLED),
    ("parser", "code", KILLED), ("parser", "elsewhere", KILLED), ("parser", "kill", KILLED), ("parser", "talk", KILLED),
    ("mailbox", "work", 0), ("mailbox", "talk", 0), ("mailbox", "memory", REFUSED),
    ("mailbox", "abort", -signal.SIGABRT), ("mailbox", "open", KILLED), ("mailbox", "dial", KILLED),
    ("mailbox", "fork", KILLED), ("mailbox", "code", KILLED), ("mailbox", "elsewhere", KILLED), ("mailbox", "kill", KILLED),
])
def test_a_caged_child_can_do_its_work_and_nothing_else(walls, cage, deed, end):
    assert walls(cage, deed) == end


# ---- libexec/printer in the same cage

STRANGE = "=cmd|'/c calc'!A1 \u202egnp.exe\u202c \u0007 \ua98f\ua9a4\ua9b1\ua9ab \u0622\u062f\u0645 \u5e9c \U0001F600 " + "Panjang" * 1500


def _document(kind, rows):
    table = [{"label": name, "width": 10} for name in ("Nomor", "Nama")]
    lines = [{"block": "head", "office": "Kecamatan Kedopok", "text": "Buku", "serif": True},
             {"block": "title", "text": STRANGE}, {"block": "text", "text": STRANGE, "style": "justify"},
             {"block": "facts", "rows": [["Nama", STRANGE, "bold"]]},
             {"block": "code", "text": "Kode", "code": "7KQM-X2R9-4T", "qr": "http://x.example/lacak"},
             {"block": "table", "columns": table, "of": rows, "tallies": ["Selesai"]},
             {"block": "rows", "rows": [[f"nomor{i:04}", STRANGE if i == 7 else "Siti", 0] for i in range(rows)]},
             {"block": "signature", "rows": [["Camat", "Bambang", "NIP"]]}, {"block": "end"}]
    done = subprocess.run([_built(BUILD, name="printer"), kind, "--once"], capture_output=True, timeout=60,
                          input="".join(json.dumps(line) + "\n" for line in lines).encode())
    assert done.returncode == 0, done
    return done.stdout


def test_the_printer_makes_paper_without_opening_anything():
    text = pdf_text(_document("pdf", 200))
    assert "7KQM-X2R9-4T" in text and "nomor0000" in text and "nomor0199" in text and "\f" in text
    assert "=cmd|" in text and "\ua98f" in text and "\u202e" not in text


def test_the_printer_makes_a_spreadsheet_without_opening_anything():
    sheet = Sheet(_document("xlsx", 200))
    long = sheet.row_with("nomor0007")[1]
    assert sheet.formulas == [] and long.startswith("=cmd|") and len(long) > 10000 and sheet.row_with("nomor0199")


def test_a_job_that_is_none_is_refused():
    for wrong in (b"{}", b"[]", b"\xff", b'{"block":"end"}', b'{"block":"head"}\n{"block":"head"}'):
        done = subprocess.run([_built(BUILD, name="printer"), "pdf", "--once"], input=wrong, capture_output=True, timeout=60)
        assert done.returncode == 65 and done.stderr.startswith(b"printer: "), (wrong, done)
