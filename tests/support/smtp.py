"""An SMTP relay that keeps what it is given and misbehaves on demand, over implicit TLS, STARTTLS or in clear."""
import base64
import email
import email.policy
import re
import socket
import ssl
import threading
import time

from process import await_that


class Letter:
    """One mail as it came: envelope, the options of MAIL and RCPT, bytes, and when it was whole."""

    def __init__(self, sender, recipient, mail_options, rcpt_options, raw):
        self.sender, self.recipient = sender, recipient
        self.mail_options, self.rcpt_options = mail_options, rcpt_options
        self.raw, self.at = raw, time.monotonic()
        self.message = email.message_from_bytes(raw, policy=email.policy.default)


class Sink:
    """tls: "implicit" | "starttls" | None.

    refuse: {"RCPT": "550 5.1.1 tidak ada"} answers a command otherwise; drop_after_data: so many letters are taken and
    the connection is closed without a word; slow: seconds before the answer to the final dot; on_letter(letter) is
    called in the connection's thread after the 250."""

    def __init__(self, certificates, tls="implicit", extensions=("DSN", "SIZE 30000000"), login=True):
        self.tls, self.extensions, self.login = tls, extensions, login
        self.refuse, self.drop_after_data, self.slow = {}, 0, 0
        self.tokens = None  # accepted XOAUTH2 tokens; None = any password
        self.on_letter = None
        self.letters, self.commands, self.logins, self.connections = [], [], [], 0
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificates.certificate, certificates.key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def wait(self, wanted=lambda letter: True, seconds=20, what="surat"):
        return await_that(lambda: next((letter for letter in list(self.letters) if wanted(letter)), None), seconds, what)

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            if self.tls == "implicit":
                connection = self._context.wrap_socket(connection, server_side=True)
            _Conversation(self, connection, self.tls != "starttls").run()
        except (OSError, StopIteration, ValueError):
            pass
        finally:
            connection.close()


class _Conversation:
    def __init__(self, sink, connection, secure):
        self.sink, self.connection, self.secure = sink, connection, secure
        self.lines = connection.makefile("rb")
        self.sender = self.recipient = ""
        self.mail_options = self.rcpt_options = ""

    def say(self, line):
        self.connection.sendall(line.encode() + b"\r\n")

    def run(self):
        self.say(self.sink.refuse.get("GREETING", "220 uji ESMTP"))
        while True:
            line = next(self.lines).decode(errors="replace").rstrip("\r\n")
            self.sink.commands.append(line)
            verb = line.split()[0].upper() if line.split() else ""
            if verb in self.sink.refuse:
                self.say(self.sink.refuse[verb])
            elif not getattr(self, "_" + verb.lower(), self._other)(line):
                return

    def _other(self, _):
        self.say("250 2.0.0 baik")
        return True

    def _ehlo(self, _):
        offers = list(self.sink.extensions)
        if not self.secure:
            offers.append("STARTTLS")
        elif self.sink.login:
            offers.append("AUTH XOAUTH2" if self.sink.tokens is not None else "AUTH PLAIN LOGIN")
        self.say("\r\n".join(f"250-{offer}" for offer in offers) + "\r\n250 HELP" if offers else "250 HELP")
        return True

    def _starttls(self, _):
        self.say("220 silakan")
        self.connection = self.sink._context.wrap_socket(self.connection, server_side=True)
        self.lines, self.secure = self.connection.makefile("rb"), True
        return True

    def _auth(self, line):
        words = line.split()
        if words[1].upper() == "XOAUTH2":
            token = re.search(r"auth=Bearer ([^\x01]*)", base64.b64decode(words[2]).decode())[1]
            self.sink.logins.append(token)
            if token not in (self.sink.tokens or ()):
                self.say("334 eyJzdGF0dXMiOiI0MDAifQ==")
                next(self.lines)
                self.say("535 5.7.8 token ditolak")
                return True
        else:
            self.say("334 ")
            self.sink.logins.append(base64.b64decode(next(self.lines)))
        self.say("235 2.7.0 masuk")
        return True

    def _mail(self, line):
        found = re.match(r"MAIL FROM:<([^>]*)>(.*)", line)
        self.sender, self.mail_options = found[1], found[2].strip()
        self.say("250 2.1.0 baik")
        return True

    def _rcpt(self, line):
        found = re.match(r"RCPT TO:<([^>]*)>(.*)", line)
        self.recipient, self.rcpt_options = found[1], found[2].strip()
        self.say("250 2.1.5 baik")
        return True

    def _data(self, _):
        self.say("354 mulai")
        raw = b""
        for line in self.lines:
            if line == b".\r\n":
                break
            raw += line[1:] if line.startswith(b".") else line
        letter = Letter(self.sender, self.recipient, self.mail_options, self.rcpt_options, raw)
        self.sink.letters.append(letter)
        if self.sink.drop_after_data > 0:
            self.sink.drop_after_data -= 1
            return False
        if self.sink.slow:
            time.sleep(self.sink.slow)
        self.say(self.sink.refuse.get("DOT", f"250 2.0.0 Ok: queued as UJI{len(self.sink.letters)}"))
        if self.sink.on_letter:
            self.sink.on_letter(letter)
        return True

    def _quit(self, _):
        self.say("221 2.0.0 sampai jumpa")
        return False
