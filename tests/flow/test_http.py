"""The daemon's HTTP side as strangers meet it: in whose words it refuses, and that nobody takes more than his share.

What it reads and refuses byte by byte is tests/unit/test_loop_http_server.c; the figures are in docs/RELIABILITY.md.
"""
import http.client
import json
import os
import resource
import socket
import time
from pathlib import Path

import pytest

import gateway as stand_in
from attackers import Attackers
from process import Died, await_that
from servers import Town

IDLE = 10_000
HEALTHY = 200
# What a healthy client may wait at most, at the 99th percentile, on two cores that others use too.
P99_S = 1.0
IDLE_BYTES_MOST = 16 * 1024  # of the daemon for one idle connection, with the sanitizers' red zones


@pytest.fixture(scope="module")
def web_town():
    with Town(mail=False, mqtt=False) as made:
        yield made


@pytest.fixture(scope="module")
def running(web_town):
    office = web_town.daemon()
    office.init()
    office.start()
    yield office
    office.stop()
    office.must("verify")


def raw(office, data, address="127.0.0.1"):
    """(status, headers as text, body) of the one answer to these bytes; the connection must end then."""
    with socket.create_connection(("127.0.0.1", office.port), timeout=20, source_address=(address, 0)) as made:
        made.sendall(data)
        answer = b""
        while True:
            piece = made.recv(65536)
            answer += piece
            if not piece:
                break
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode(), body.decode()


def head(line, **headers):
    lines = [line, "Host: x", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@pytest.mark.parametrize("data,status,words", [
    (head("POST /masuk HTTP/1.1", Content_Length=70_000), 413, "Kiriman terlalu besar"),
    (head("POST /aduan HTTP/1.1", Content_Length=30_000_000), 413, "Kiriman terlalu besar"),
    (head("POST /aduan HTTP/1.1", Content_Length="+5"), 400, "Permintaan tidak dapat dibaca"),
    (head("GET / HTTP/1.1", X="a" * 17_000), 431, "Hapus kuki"),
    (head("GET /" + "a" * 17_000 + " HTTP/1.1"), 414, "Alamat terlalu panjang"),
    (head("BREW / HTTP/1.1"), 501, "peramban"),
    (head("GET / HTTP/2.0"), 505, "peramban"),
    (head("CONNECT lain.example:443 HTTP/1.1"), 501, "peramban"),
    (b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", 400, "Permintaan tidak dapat dibaca"),
], ids=["long form", "long form with files", "length", "long header", "long target", "method", "version", "CONNECT", "TLS"])
def test_what_cannot_be_read_is_refused_in_the_words_of_the_house(running, data, status, words):
    got, headers, body = raw(running, data)
    assert got == status
    assert "text/html; charset=utf-8" in headers and "Content-Security-Policy" in headers and "Connection: close" in headers
    assert words in body and "Kecamatan Kedopok" in body


@pytest.mark.parametrize("line,headers,status", [
    ("POST /hook/web/lama HTTP/1.1", {"Content_Length": 28_000_000}, 413),
    ("POST /hook/web/lama HTTP/1.1", {"Content_Length": 5, "Transfer_Encoding": "chunked"}, 400),
    ("BREW /hook/web/lama HTTP/1.1", {}, 501),
])
def test_the_signed_form_is_refused_in_json(running, line, headers, status):
    got, headers, body = raw(running, head(line, **headers))
    assert got == status
    assert "Content-Type: application/json" in headers
    assert json.loads(body)["kesalahan"]


def test_a_gateway_is_refused_without_words_that_it_could_send_on(running):
    for line, status in ("POST /hook/gateway/wa HTTP/1.1", 413), ("BREW /hook/gateway/wa/x HTTP/1.1", 501):
        got, _, body = raw(running, head(line, Content_Length=30_000_000))
        assert (got, body) == (status, "")


def test_a_form_that_is_too_large_is_refused_before_it_is_sent(running):
    """The bytes never come: the answer does not wait for them."""
    began = time.monotonic()
    assert raw(running, head("POST /masuk HTTP/1.1", Content_Length=5_000_000))[0] == 413
    chunks = head("POST /masuk HTTP/1.1", Transfer_Encoding="chunked") + b"10000\r\n" + b"a" * 65536 + b"\r\n1\r\n"
    assert raw(running, chunks)[0] == 413
    assert time.monotonic() - began < 10


# ---- one bad client never slows another beyond its share


def healthy(office, count):
    """Seconds of each of `count` pages and signed callbacks, every second on a new connection. All must be right."""
    kept = http.client.HTTPConnection("127.0.0.1", office.port, timeout=20)
    took = []
    for number in range(count):
        connection = kept if number % 2 else http.client.HTTPConnection("127.0.0.1", office.port, timeout=20)
        began = time.monotonic()
        if number % 4 < 2:
            status = ask(connection, "GET", "/")
        else:
            raw_body = json.dumps(stand_in.gowa_text(f"62812{number:08d}", f"Lampu padam {number}.",
                                                     message_id=f"3EB0{number:012X}{time.monotonic_ns() % 65536:04X}")).encode()
            status = ask(connection, "POST", "/hook/gateway/wa", raw_body, {
                "Content-Type": "application/json",
                "X-Hub-Signature-256": stand_in.signature(office.secrets["GOWA_SECRET"], raw_body)})
        took.append(time.monotonic() - began)
        assert status == 200
        if connection is not kept:
            connection.close()
    kept.close()
    return sorted(took)


def ask(connection, *request):
    """The status. A kept connection that the server has closed meanwhile is opened anew, as every client does."""
    try:
        connection.request(*request)
        answer = connection.getresponse()
    except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
        connection.close()
        connection.request(*request)
        answer = connection.getresponse()
    answer.read()
    return answer.status


def p99(took):
    return took[len(took) * 99 // 100]


def say(record_property, **figures):
    for name, value in figures.items():
        record_property(name, value)
    print("; ".join(f"{name} {value}" for name, value in figures.items()))


def pss_kib(pid):
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise AssertionError("no Pss")


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def test_attackers_of_every_kind_slow_a_healthy_client_little(running, record_property):
    pid = running.process.pid
    calm = p99(healthy(running, HEALTHY))
    before = descriptors(pid)
    with Attackers(running.port) as attackers:
        await_that(lambda: descriptors(pid) > 200, 30, "penyerang bekerja")
        under = p99(healthy(running, HEALTHY))
        at_work, held = attackers.at_work(), descriptors(pid)
    assert at_work
    assert under < P99_S, f"p99 {under:.3f} s, tanpa penyerang {calm:.3f} s"
    await_that(lambda: descriptors(pid) <= before + 2, 30, "semua sambungan penyerang dilepas")
    say(record_property, calm_p99_ms=round(calm * 1000, 1), attacked_p99_ms=round(under * 1000, 1), descriptors=held,
        pss_kib=pss_kib(pid))


@pytest.mark.parametrize("kind", ["idle", "slow", "slow_body"])
def test_connections_that_are_only_held_give_way(running, kind):
    """From 127.0.0.1, where a proxy could be, so that no share of an address helps: 600 of them, 512 places."""
    pid = running.process.pid
    held = []
    first = {"idle": b"", "slow": b"GET / HTTP/1.1\r\n",
             "slow_body": head("POST /aduan HTTP/1.1", Content_Length=1000)}[kind]
    try:
        for _ in range(600):
            made = socket.create_connection(("127.0.0.1", running.port), timeout=20)
            made.sendall(first)
            held.append(made)
        await_that(lambda: descriptors(pid) > 500, 20, "tempat yang ada terisi")
        assert p99(healthy(running, 40)) < P99_S
    finally:
        for made in held:
            made.close()


def test_ten_thousand_idle_connections_cost_little_and_others_are_served(web_town, record_property):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < IDLE + 2000:
        pytest.fail(f"uji ini butuh ulimit -Hn {IDLE + 2000}, ada {hard}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    office = web_town.daemon()
    office.sections["server"].update(connections=IDLE + 500, idle_seconds=600)
    office.init()
    office.start()
    held = []
    try:
        pid = office.process.pid
        healthy(office, 8)
        before = pss_kib(pid)
        for _ in range(IDLE):
            held.append(socket.create_connection(("127.0.0.1", office.port), timeout=20))
        await_that(lambda: descriptors(pid) >= IDLE, 30, "semua sambungan diterima")
        each = (pss_kib(pid) - before) * 1024 / IDLE
        took = healthy(office, HEALTHY)
        # Those that stay below the numbers select() can wait for are the daemon's own.
        assert sum(1 for name in os.listdir(f"/proc/{pid}/fd") if int(name) < 1024) < 100
        assert each < IDLE_BYTES_MOST
        assert p99(took) < P99_S
        for made in held[::97]:  # they are alive still
            made.sendall(head("GET /healthz HTTP/1.1"))
        for made in held[::97]:
            assert made.recv(65536).startswith(b"HTTP/1.1 200 ")
        say(record_property, bytes_each=round(each), p99_ms=round(p99(took) * 1000, 1))
    finally:
        for made in held:
            made.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    await_that(lambda: descriptors(pid) < 200, 30, "semua sambungan dilepas")
    office.stop()


def test_too_few_descriptors_are_told_at_the_start(web_town):
    office = web_town.daemon()
    office.sections["server"]["connections"] = 60_000
    office.init()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard > 60_000:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 50_000), hard))
        office.argv = lambda argv=office.argv: ["prlimit", "--nofile=50000:50000", *argv()]
    with pytest.raises(Died) as died:
        office.start()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert died.value.status == 69
    assert "60000 sambungan" in died.value.output and "LimitNOFILE" in died.value.output


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_out_of_descriptors_it_rests_says_so_once_and_recovers(running):
    pid = running.process.pid
    limits = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    said = len(running.output())
    held = []
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (descriptors(pid) + 10, limits[1]))
    try:
        for _ in range(40):
            held.append(socket.create_connection(("127.0.0.1", running.port), timeout=20))
            held[-1].sendall(b"POST /aduan HTTP/1.1\r\n")
        running.wait_log(r"http\.accept_failed", after=said)
        began, cpu = time.monotonic(), cpu_seconds(pid)
        assert ask(http.client.HTTPConnection("127.0.0.1", running.port, timeout=30), "GET", "/healthz") == 200
        spent, passed = cpu_seconds(pid) - cpu, time.monotonic() - began
        assert spent < 0.5 * passed + 0.5
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
        for made in held:
            made.close()
    assert p99(healthy(running, 8)) < P99_S
    assert running.output()[said:].count("http.accept_failed") <= 3
