"""The servers the other tests lean on, without the daemon: a test that fails here says nothing about pengaduand."""
import json
import os
import smtplib
import ssl
import subprocess
import threading
import urllib.request
from pathlib import Path

import pytest

import gateway as stand_in
from mail import OFFICE_ADDRESS, compose, send, text_of
from process import Missed, await_that
from servers import GOWA_BASIC

SITI = "siti@warga.example"


def test_mail_from_a_citizen_reaches_the_office_mailbox_whole(town):
    photo = bytes(range(256)) * 40
    sent = town.send(compose(SITI, OFFICE_ADDRESS, "Lampu jalan padam: Jalan Mastrip", "Selamat pagi,\nlampu padam.\n",
                             [("lampu.jpg", "image/jpeg", photo)], name="Siti Aminah"))
    seen = town.mailbox(OFFICE_ADDRESS).wait(lambda mail: mail["Message-ID"] == sent["Message-ID"])
    assert seen["Subject"] == "Lampu jalan padam: Jalan Mastrip"
    assert text_of(seen) == "Selamat pagi,\nlampu padam.\n"
    assert [part.get_content() for part in seen.iter_attachments()] == [photo]


def test_office_answers_over_tls_with_login(town):
    context = ssl.create_default_context(cafile=str(town.certificates.ca))
    with smtplib.SMTP_SSL("localhost", town.exim.tls_port, context=context, timeout=20) as smtp:
        smtp.login(*town.maildirs.accounts[OFFICE_ADDRESS])
        smtp.send_message(compose(OFFICE_ADDRESS, SITI, "Jawaban", "Sudah diperbaiki."))
    assert town.mailbox(SITI).wait(lambda mail: mail["Subject"] == "Jawaban")["From"] == OFFICE_ADDRESS


def test_tls_port_refuses_mail_without_login_and_a_wrong_password(town):
    context = ssl.create_default_context(cafile=str(town.certificates.ca))
    with smtplib.SMTP_SSL("localhost", town.exim.tls_port, context=context, timeout=20) as smtp:
        with pytest.raises(smtplib.SMTPAuthenticationError):
            smtp.login("kantor", "salah")
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            smtp.send_message(compose(OFFICE_ADDRESS, SITI, "Tanpa masuk", "x"))


def test_server_certificate_is_refused_by_a_client_that_does_not_know_the_authority(town):
    with pytest.raises(ssl.SSLCertVerificationError):
        smtplib.SMTP_SSL("localhost", town.exim.tls_port, context=ssl.create_default_context(), timeout=20)


def test_unknown_address_is_refused(town):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(town.exim, compose(SITI, "tidak-ada@kedopok.example", "x", "x"))


@pytest.mark.parametrize("knob,code", [("defer", 451), ("refuse", 550)])
def test_knobs_turn_the_answer_of_the_mail_server(town, knob, code):
    town.exim.knob(knob)
    try:
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(town.exim, compose(SITI, OFFICE_ADDRESS, "x", "x"))
        assert refused.value.recipients[OFFICE_ADDRESS][0] == code
    finally:
        town.exim.knob(knob, on=False)
    send(town.exim, compose(SITI, OFFICE_ADDRESS, "sesudah itu", "x"))


def test_slow_knob_holds_back_the_answer_to_the_final_dot(town):
    town.exim.knob("slow", value="60s")
    try:
        with smtplib.SMTP("127.0.0.1", town.exim.port, timeout=20) as smtp:
            smtp.ehlo()
            smtp.mail(SITI)
            smtp.rcpt(OFFICE_ADDRESS)
            smtp.docmd("DATA")
            smtp.send("Subject: lambat\r\n\r\nx\r\n.\r\n")
            smtp.sock.settimeout(0.5)
            with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
                smtp.getreply()
            smtp.close()
    finally:
        town.exim.knob("slow", on=False)


def test_paused_mail_server_hangs_and_goes_on(town):
    town.dovecot.pause()
    done = threading.Event()

    def read():
        town.mailbox(OFFICE_ADDRESS).messages()
        done.set()

    threading.Thread(target=read, daemon=True).start()
    assert not done.wait(0.3)
    town.dovecot.resume()
    assert done.wait(20)


def test_stopped_mail_server_refuses_and_comes_back_on_the_same_port(town):
    town.exim.stop()
    with pytest.raises(ConnectionRefusedError):
        send(town.exim, compose(SITI, OFFICE_ADDRESS, "x", "x"))
    town.exim.start()
    sent = town.send(compose(SITI, OFFICE_ADDRESS, "kembali", "x"))
    town.mailbox(OFFICE_ADDRESS).wait(lambda mail: mail["Message-ID"] == sent["Message-ID"])


def test_missing_mail_is_reported_with_what_was_there(town):
    with pytest.raises(Missed, match="tidak datang"):
        town.mailbox(SITI).wait(lambda mail: mail["Subject"] == "tidak pernah dikirim", seconds=0.2)


def test_subscriber_sees_messages_in_order(town):
    subscriber = town.subscriber("pengaduan/kedopok/#")
    for number in range(3):
        town.broker.publish("pengaduan/kedopok/event/uji", json.dumps({"n": number}))
    subscriber.wait(lambda message: json.loads(message["payload"])["n"] == 2)
    assert [json.loads(message["payload"])["n"] for message in subscriber.messages] == [0, 1, 2]


def _send_gowa(town, phone, text):
    return _call(f"{town.gateway.base}/send/message", {"phone": phone, "message": text}, basic=GOWA_BASIC)


def _call(url, body, basic=None):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    if basic:
        import base64
        request.add_header("Authorization", "Basic " + base64.b64encode(":".join(basic).encode()).decode())
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_gateway_accepts_gowa_and_meta_sends(town):
    status, body = _send_gowa(town, "6281234567890@s.whatsapp.net", "Halo")
    assert (status, body["code"]) == (200, "SUCCESS")
    assert town.gateway.wait_sent(lambda sent: sent.text == "Halo").message_id == body["results"]["message_id"]
    status, body = _call(f"{town.gateway.base}/v23.0/106540352242922/messages",
                         {"messaging_product": "whatsapp", "to": "6281234567890", "type": "text",
                          "text": {"body": "Hai"}})
    assert status == 200
    assert town.gateway.wait_sent(lambda sent: sent.api == "meta").message_id == body["messages"][0]["id"]


def test_gateway_refuses_a_wrong_password_and_answers_as_told(town):
    assert _call(f"{town.gateway.base}/send/message", {"phone": "62", "message": "x"}, ("kec", "salah"))[0] == 401
    town.gateway.answer_next(429)
    status, body = _send_gowa(town, "62811@s.whatsapp.net", "gagal")
    assert (status, body["code"]) == (429, "WA_REACHOUT_TIMELOCK")
    assert not [sent for sent in town.gateway.sent if sent.text == "gagal"]


def test_gateway_hangs_although_the_message_was_sent(town):
    town.gateway.hang_next()
    with pytest.raises(OSError):
        request = urllib.request.Request(
            f"{town.gateway.base}/v23.0/1/messages",
            json.dumps({"messaging_product": "whatsapp", "to": "62", "text": {"body": "entah"}}).encode())
        urllib.request.urlopen(request, timeout=0.3)
    assert town.gateway.wait_sent(lambda sent: sent.text == "entah")
    town.gateway.release()


class _Hook(stand_in.ThreadingHTTPServer):
    """A receiver of callbacks that answers the given statuses in turn."""

    def __init__(self, statuses):
        self.statuses, self.seen = list(statuses), []

        class Handler(stand_in.BaseHTTPRequestHandler):
            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                self.server.seen.append((self.headers["X-Hub-Signature-256"], raw))
                self.send_response(self.server.statuses.pop(0))
                self.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hook"


@pytest.mark.parametrize("deliver,answers,expected", [
    ("deliver_gowa", [503, 503, 202], [503, 503, 202]),
    ("deliver_gowa", [503] * 9, [503] * 5),
    ("deliver_meta", [202, 500, 200], [202, 500, 200]),
])
def test_gateway_repeats_callbacks_as_the_real_one(town, deliver, answers, expected):
    hook = _Hook(answers)
    try:
        payload = stand_in.gowa_text("6281234567890", "Jalan rusak")
        assert getattr(town.gateway, deliver)(hook.url, payload, "kunci") == expected
        assert {signature == stand_in.signature("kunci", raw) for signature, raw in hook.seen} == {True}
        assert len({raw for _, raw in hook.seen}) == 1
    finally:
        hook.shutdown()
        hook.server_close()


def test_nothing_is_left_of_a_town_that_was_closed():
    from servers import Town
    with Town(mqtt=False) as short:
        folder, pid = short.scratch.path, short.dovecot.process.pid
        assert folder.exists()
    assert not folder.exists()
    await_that(lambda: not Path(f"/proc/{pid}").exists(), 5, "Dovecot pergi")


def test_packages_script_installs_only_what_is_missing_and_removes_nothing(tmp_path):
    """With stand-ins for dpkg-query and apt-get: no package is touched."""
    script = Path(__file__).resolve().parents[1] / "support" / "packages.sh"
    calls = tmp_path / "calls"
    for name, body in {
        "dpkg-query": 'case $4 in mosquitto) exit 1;; *) echo "installed 2.1.12-stable-8+deb12u1";; esac',
        "apt-get": f'echo "apt-get $*" >>{calls}',
        "sudo": '"$@"', "install": "exit 0", "systemctl": f'echo "systemctl $*" >>{calls}',
    }.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(["/bin/sh", str(script), "demo"], text=True, capture_output=True,
                          env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Memasang paket Debian yang belum ada: mosquitto\n"
    lines = calls.read_text().splitlines()
    assert lines[0].startswith("apt-get update") and "--no-remove" in lines[1] and lines[1].endswith(" mosquitto")
    assert lines[2:] == ["systemctl disable mosquitto.service"]


def test_packages_script_refuses_an_unsafe_libevent(tmp_path):
    script = Path(__file__).resolve().parents[1] / "support" / "packages.sh"
    for name, body in {"dpkg-query": 'echo "installed 2.1.12-stable-8"', "apt-get": "exit 0", "sudo": '"$@"',
                       "install": "exit 0", "systemctl": "exit 0"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(["/bin/sh", str(script), "build"], text=True, capture_output=True,
                          env={"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert done.returncode == 69
    assert "libevent 2.1.12-stable-8 tidak aman, perlu 2.1.12-stable-8+deb12u1" in done.stderr
